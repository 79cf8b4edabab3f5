#pragma once

#include <QObject>
#include <QPointer>
#include <QString>
#include <QStringList>
#include <QThreadPool>
#include <cstddef>
#include <filesystem>
#include <list>
#include <optional>
#include <stop_token>
#include <vector>

#include "inference/weights/model_config.h"
#include "storage/reading_store.h"
#include "ui/documents/document_reading.h"
#include "ui/documents/page_picker.h"

class QWidget;

namespace vl {

class AttachmentList;
class ChatController;
class EngineThread;
class ModelLoader;
class ReadingView;

/// What happens to PDF documents that are opened or dropped: their pages are chosen, one document
/// after the other, and become images of the question or are read as text. GUI thread.
class DocumentDesk final : public QObject {
  Q_OBJECT
 public:
  /// What it works with; all outlive it.
  struct Parts {
    AttachmentList& attachments;
    ModelLoader& model;
    EngineThread& engine;
    ChatController& controller;
  };

  /// Dialogs and views appear over `window`, which outlives this object.
  DocumentDesk(std::filesystem::path dataFolder, Parts parts, QWidget& window);
  /// Pages that are being rendered or read are given up.
  ~DocumentDesk() override;

  void open(const QString& path);
  /// Those that were begun, also in earlier runs of the program.
  void showReadings();
  /// A page of one of them (none: the first), counted from 0, where the words stand. Does not go on
  /// with reading.
  void showPage(ReadingId reading, std::optional<std::size_t> page, const QStringList& words);

 private:
  void openNext();
  void attach(const OpenDocument& document, const std::vector<std::size_t>& pages);
  /// Copies the document into the history and begins to read it.
  void read(const OpenDocument& document, const std::vector<std::size_t>& pages);
  /// The view of it, in front of the others; null when it cannot be shown, which the person has
  /// been told.
  ReadingView* show(const ReadingRecord& record, DocumentReading::Start start,
                    const QString& password = {});
  bool remove(const ReadingRecord& record);
  void keepAsSession(const QString& title, const QString& markdown);
  ReadingView* viewOf(ReadingId reading) const;
  /// Null when it cannot be opened, which the person has been told.
  ReadingStore* store();
  Result<std::vector<Resolution>> resolutions() const;
  void report(const Error& error);

  const std::filesystem::path dataFolder_;
  const Parts parts_;
  QWidget& window_;
  QStringList waiting_;          // documents whose pages are to be chosen
  QPointer<PagePicker> picker_;  // of the one that is shown
  std::list<QPointer<ReadingView>> views_;
  std::optional<ReadingStore> store_;
  std::stop_source stop_;
  QThreadPool copying_;  // last member: waits for its tasks
};

}  // namespace vl
