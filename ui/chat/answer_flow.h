#pragma once

#include <QObject>
#include <QString>
#include <cstddef>
#include <optional>
#include <vector>

#include "storage/session_store.h"
#include "ui/widgets/record_ids.h"

namespace vl {

class AnswerRecorder;
class SessionListModel;
class SessionOrganizer;
class SessionShelf;
class ShownSession;

/// Questions on their way to the model, and answers on their way into the session that is shown.
/// Those of other sessions go on as well: the recorder carries them. GUI thread.
class AnswerFlow final : public QObject {
  Q_OBJECT
 public:
  /// What it works on; all outlive it.
  struct Parts {
    SessionStore& store;
    AnswerRecorder& recorder;
    ShownSession& session;
    SessionShelf& shelf;
    SessionListModel& sessions;
    SessionOrganizer& organizer;
  };
  explicit AnswerFlow(const Parts& parts, QObject* parent = nullptr);

  /// In the session that is shown.
  bool isAnswering() const;
  /// See ChatController.
  bool ask(const QString& text, const std::vector<Attachment>& attachments,
           std::optional<MessageId> edited);
  void stop();
  void answerAgain(MessageId answer);
  void continueAnswer();

 signals:
  /// The session that is shown was new, and is in the history now.
  void sessionStored();
  void imagesChanged();
  void boxesChanged(std::optional<std::size_t> image);
  void answeringChanged();
  /// A sentence for the person.
  void problem(const QString& text);

 private:
  std::optional<SessionId> storeSession(const QString& text,
                                        const std::vector<Attachment>& attachments);
  /// Says which image is missing, if one is.
  bool imagesAreThere();
  bool beginAnswer(std::optional<MessageId> sibling = std::nullopt);
  void boxArrived(MessageId answer, const GroundedBox& box);
  void answerEnded(SessionId session, const StoredMessage& answer);

  SessionStore& store_;
  AnswerRecorder& recorder_;
  ShownSession& session_;
  SessionShelf& shelf_;
  SessionListModel& sessions_;
  SessionOrganizer& organizer_;
};

}  // namespace vl
