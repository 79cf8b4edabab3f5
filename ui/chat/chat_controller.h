#pragma once

#include <QObject>
#include <QString>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "storage/session_store.h"
#include "ui/chat/answer_recorder.h"
#include "ui/chat/conversation_model.h"
#include "ui/composer/image_importer.h"
#include "ui/composer/prompt_meter.h"
#include "ui/history/session_list_model.h"
#include "ui/history/session_organizer.h"
#include "ui/widgets/record_ids.h"

namespace vl {

/// An image of the session that is shown.
struct SessionImage {
  Attachment attachment;
  std::filesystem::path path;  // empty: the file is missing
};

/// A question that is to be changed.
struct QuestionDraft {
  QString text;
  std::vector<SessionImage> images;
};

/// What the window can do with sessions and questions; the logic between history, engine and
/// widgets. Knows no widget. GUI thread.
class ChatController final : public QObject {
  Q_OBJECT
 public:
  /// Both outlive the controller.
  ChatController(SessionStore& store, EngineThread& engine, QObject* parent = nullptr);

  SessionListModel& sessions() { return sessions_; }
  SessionOrganizer& organizer() { return organizer_; }
  SessionStore& store() { return store_; }
  ConversationModel& conversation() { return conversation_; }
  std::optional<SessionId> shownSession() const { return shown_; }
  /// All images of the session that is shown, in the order the model counts them.
  std::vector<SessionImage> images() const;
  bool isAnswering() const;

  /// What of the session the model is given.
  const SessionContext& context() const { return context_; }
  /// What the model is given before the next question, or before one that is being edited.
  std::vector<MeteredTurn> promptTurns(std::optional<MessageId> end = std::nullopt) const;
  /// How many images that has.
  std::size_t promptImages(std::optional<MessageId> end = std::nullopt) const;
  /// The model no longer reads the oldest `turns` questions, of those it does, and their answers.
  void leaveOutOldest(std::size_t turns);
  void readEverything();
  void setTiling(bool tiling);

  /// How the answers of the session are made from now on.
  const AnswerSettings& answerSettings() const { return answers_; }
  const std::string& systemPrompt() const { return systemPrompt_; }
  void setAnswerSettings(const AnswerSettings& settings, const std::string& systemPrompt);
  /// Of the last answer that has one: with it and the same settings it comes out the same.
  std::optional<std::uint64_t> lastSeed() const;

  /// Shows an empty session; the history gets it with its first question.
  void newSession();
  void openSession(SessionId session);
  /// Shows the session in the branch that has the message. true: it is shown.
  bool openMessage(SessionId session, MessageId message);
  /// The one used last, if there is any.
  void openLatest();
  void renameSession(SessionId session, const QString& title);
  /// Into the trash, from where it can be restored.
  void trashSession(SessionId session);
  void restoreSession(SessionId session);
  /// For good.
  void deleteSession(SessionId session);
  std::vector<SessionRecord> trash();
  /// The model that answers from now on; noted in the session that is shown and in new ones.
  void setModel(const std::filesystem::path& folder, const QString& name);

  /// Stores the question and begins its answer. false: nothing happened, `problem` says why.
  /// `edited`: it takes the place of this question, in a branch of its own.
  bool ask(const QString& text, const std::vector<Attachment>& attachments,
           std::optional<MessageId> edited = std::nullopt);
  /// Puts a question with its answer into the history as a session, and shows it.
  void addSession(const QString& title, const QString& question, const QString& answer);
  void stop();
  /// Gives the answer once more, in a branch of its own unless there was nothing of it.
  void answerAgain(MessageId answer);
  /// Goes on with the last answer, which was cut off.
  void continueAnswer();
  /// The boxes of an answer are on this image of the session: a person knows better.
  void placeBoxes(MessageId answer, std::size_t image);
  /// Shows another branch: the one of this message.
  void showBranch(MessageId message);
  /// A question of the session for changing; the session stays as it is.
  std::optional<QuestionDraft> draftOf(MessageId question) const;
  std::optional<MessageId> lastQuestion() const;
  /// Takes the last question with its answer out of the session.
  std::optional<QuestionDraft> takeBackQuestion();
  /// Saves what is being written; for the end of the program.
  void finish();

 signals:
  /// Another session, or none, is shown now.
  void sessionShown();
  void imagesChanged();
  /// Boxes of an answer of the session that is shown; image is set when one has just arrived.
  void boxesChanged(std::optional<std::size_t> image);
  void answeringChanged();
  void contextChanged();
  void sessionTrashed(vl::SessionId session, const QString& title);
  /// A sentence for the person.
  void problem(const QString& text);

 private:
  void reloadSessions();
  void setContext(const SessionContext& context);
  /// Row of the first message that the model reads.
  int contextRow() const;
  /// What the model reads, up to `end` where that is shown.
  std::span<const ConversationItem> contextItems(std::optional<MessageId> end = std::nullopt) const;
  ConversationItem itemOf(StoredMessage message, std::size_t firstImage);
  void answerChanged(MessageId answer);
  void boxArrived(MessageId answer, const GroundedBox& box);
  void answerEnded(SessionId session, const StoredMessage& answer);
  bool createSession(const QString& text, const std::vector<Attachment>& attachments);
  /// Says which image is missing, if one is.
  bool imagesAreThere();
  bool beginAnswer(std::optional<MessageId> sibling = std::nullopt);
  GenerateRequest requestOfContext() const;
  void showFrom(int row, std::vector<StoredMessage> messages);
  QuestionDraft draftOf(const ConversationItem& question) const;
  /// Reports a failure; true when there was none.
  template <typename T>
  bool check(const Result<T>& result);

  SessionStore& store_;
  AnswerRecorder recorder_;
  SessionListModel sessions_;
  SessionOrganizer organizer_;
  ConversationModel conversation_;
  std::optional<SessionId> shown_;
  std::string systemPrompt_;     // of the session that is shown
  SessionContext context_;       // of it, too
  AnswerSettings answers_;       // of it, too
  bool ownAnswers_ = false;      // a session that is not stored yet has other settings than most
  bool beginsWithNext_ = false;  // the model reads nothing before the next question
  std::string modelFolder_;
  std::string modelName_;
};

}  // namespace vl
