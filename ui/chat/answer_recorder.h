#pragma once

#include <QObject>
#include <QTimer>
#include <cstddef>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "storage/session_store.h"
#include "ui/chat/progress_text.h"
#include "ui/engine/engine_thread.h"
#include "ui/widgets/record_ids.h"

namespace vl {

/// What an answer has already that is continued, and the image its boxes are on.
struct AnswerBegun {
  std::string raw;
  std::optional<std::size_t> image;  // of the session
  ImageSize size;                    // of that image
};

/// An answer that is being written.
struct RunningAnswer {
  SessionId session{};
  MessageId message{};
  std::size_t firstImage = 0;  // of the session's images that the request begins with
  std::string raw;
  std::vector<GroundedBox> boxes;
  ProgressText progress;
  std::stop_source stop;
  bool started = false;  // the engine is at it
  std::optional<AnswerBegun> continued;
  bool unsaved = false;
};

/// Carries answers from the engine into the store while they are written, also those of sessions
/// that are not shown: text and boxes are saved twice a second, so that a crash loses no more.
/// GUI thread.
class AnswerRecorder final : public QObject {
  Q_OBJECT
 public:
  /// Both outlive the recorder.
  AnswerRecorder(SessionStore& store, EngineThread& engine, QObject* parent = nullptr);

  /// Submits the request; its answer is `message`, which the store has begun. `firstImage`: how
  /// many images of the session stand before those of the request.
  void begin(SessionId session, MessageId message, std::size_t firstImage, GenerateRequest request);
  /// The same for an answer that the store has resumed: the request ends with what there is of it.
  void resume(SessionId session, MessageId message, AnswerBegun begun, GenerateRequest request);
  /// Answers that still wait for the engine end at once.
  void stop(SessionId session);
  /// Stops the session's answers and says no more about them: the session is going.
  void forget(SessionId session);
  /// Saves what has been written as stopped answers, for the end of the program.
  void stopAndSaveAll();

  /// nullptr when the message is not being written.
  const RunningAnswer* find(MessageId message) const;
  bool isRunning(SessionId session) const;

 signals:
  void changed(vl::MessageId message);  // text or progress
  void boxArrived(vl::MessageId message, const vl::GroundedBox& box);
  /// The answer as it is from now on.
  void ended(vl::SessionId session, const vl::StoredMessage& answer);
  /// The history cannot be written; the answer goes on.
  void savingFailed(const vl::Error& error);

 private:
  RunningAnswer& submit(SessionId session, MessageId message, GenerateRequest request);
  void addText(RunningAnswer& answer, const QString& raw);
  void finished(quint64 turn, const Result<GenerateSummary>& outcome);
  void saveChanged();
  void saveEnd(const RunningAnswer& answer, const AnswerOutcome& outcome);

  SessionStore& store_;
  EngineThread& engine_;
  quint64 lastTurn_ = 0;
  std::map<quint64, RunningAnswer> answers_;  // by turn
  /// Ended, but the disk was full, say: tried again with the timer.
  std::vector<std::pair<RunningAnswer, AnswerOutcome>> unsavedEnds_;
  QTimer saveTimer_;
};

}  // namespace vl
