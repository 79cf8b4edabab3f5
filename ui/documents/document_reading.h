#pragma once

#include <QObject>
#include <QString>
#include <QTemporaryDir>
#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "storage/reading_store.h"
#include "ui/documents/open_document.h"
#include "ui/engine/engine_thread.h"

namespace vl {

/// Reads a document page by page: text layers as they are, other pages through the engine that the
/// conversation uses. What was read is in the history as soon as a page is done. A question of a
/// conversation goes first: the page that is being read is given up for it and read again later.
/// GUI thread.
class DocumentReading final : public QObject {
  Q_OBJECT
 public:
  enum class State {
    Opening,
    Locked,  // unlock() is needed
    Reading,
    Waiting,  // for a question of a conversation to be answered
    Paused,
    Finished,
    Broken,  // the document cannot be opened
  };
  enum class Start { AtOnce, WhenAsked };
  /// Resolutions that pages are rendered for, or why no model can read them.
  using ReadyModel = std::function<Result<std::vector<Resolution>>()>;

  /// Store and engine outlive the reading. With Start::WhenAsked it is Paused where pages wait.
  DocumentReading(ReadingRecord record, std::vector<ReadingPage> pages, ReadingStore& store,
                  EngineThread& engine, ReadyModel model, Start start = Start::AtOnce,
                  const QString& password = {}, QObject* parent = nullptr);
  /// What is being read is given up; it waits for the next time.
  ~DocumentReading() override;

  const ReadingRecord& record() const { return record_; }
  const std::vector<ReadingPage>& pages() const { return pages_; }
  OpenDocument& document() { return *document_; }
  State state() const { return state_; }
  /// Why it is Locked, Broken, or Paused by itself; otherwise empty.
  const QString& problem() const { return problem_; }
  /// Index in pages() of the page that is being read, and what there is of it.
  std::optional<std::size_t> current() const { return current_; }
  const std::string& currentText() const { return currentText_; }
  std::size_t readCount() const;  // pages that wait no more

  void unlock(const QString& password);
  void pause();
  void resume();
  /// Not to be read, or to be read after all; one that was to be read again stays as it is.
  void skip(std::size_t index);
  /// Reads the page again, next of all; with `scan` by the model although it has a text layer. The
  /// text that there is stays until there is another.
  void readAgain(std::size_t index, bool scan);
  /// The person's own text.
  void edit(std::size_t index, const std::string& text);

 signals:
  /// State, problem or current page.
  void changed();
  void pageChanged(std::size_t index);

 private:
  void setState(State state, const QString& problem = {});
  /// Begins with the next page unless something keeps it from that.
  void goOn();
  std::optional<std::size_t> nextPage() const;
  void takeText(const Result<std::string>& text);
  void renderCurrent();
  void askModel();
  void finished(quint64 turn, const Result<GenerateSummary>& outcome);
  /// Gives up the current page; what arrives of it later is ignored.
  void dropCurrent();
  void endCurrent(ReadingPage page);
  /// Returns whether it was; otherwise it is Paused and the problem says why.
  bool save(std::size_t index, ReadingPage page);

  ReadingRecord record_;
  std::vector<ReadingPage> pages_;
  ReadingStore& store_;
  EngineThread& engine_;
  ReadyModel model_;
  OpenDocument* document_;
  QTemporaryDir pictures_;

  State state_ = State::Opening;
  QString problem_;
  std::optional<std::size_t> current_;
  std::string currentText_;
  quint64 step_ = 0;  // of the current page; answers to older ones are ignored
  std::optional<quint64> turn_;
  std::stop_source stop_;            // of turn_
  std::set<quint64> others_;         // turns of conversations that wait for the engine
  std::optional<std::size_t> next_;  // a page that is read before the others
  std::set<std::size_t> scans_;      // indices of pages whose text layer is not wanted
};

}  // namespace vl
