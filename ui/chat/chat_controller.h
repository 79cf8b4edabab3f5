#pragma once

#include <QObject>
#include <QString>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "storage/session_store.h"
#include "ui/chat/answer_flow.h"
#include "ui/chat/answer_recorder.h"
#include "ui/chat/session_shelf.h"
#include "ui/chat/shown_session.h"
#include "ui/history/session_list_model.h"
#include "ui/history/session_organizer.h"

namespace vl {

/// What the window can do with sessions and questions; the logic between history, engine and
/// widgets. Knows no widget. Chooses what is shown: a session, and which of its branches. What of
/// it the model reads, how answers come and how sessions go is the work of its parts. GUI thread.
class ChatController final : public QObject {
  Q_OBJECT
 public:
  /// Both outlive the controller.
  ChatController(SessionStore& store, EngineThread& engine, QObject* parent = nullptr);

  SessionListModel& sessions() { return sessions_; }
  SessionOrganizer& organizer() { return organizer_; }
  SessionStore& store() { return store_; }

  // The session that is shown, see ShownSession.

  ConversationModel& conversation() { return session_.conversation(); }
  std::optional<SessionId> shownSession() const { return session_.id(); }
  std::vector<SessionImage> images() const { return session_.images(); }
  const SessionContext& context() const { return session_.context(); }
  std::vector<MeteredTurn> promptTurns(std::optional<MessageId> end = std::nullopt) const {
    return session_.promptTurns(end);
  }
  std::size_t promptImages(std::optional<MessageId> end = std::nullopt) const {
    return session_.promptImages(end);
  }
  void leaveOutOldest(std::size_t turns) { session_.leaveOutOldest(turns); }
  void readEverything() { session_.readEverything(); }
  void setTiling(bool tiling) { session_.setTiling(tiling); }
  const AnswerSettings& answerSettings() const { return session_.answerSettings(); }
  const std::string& systemPrompt() const { return session_.systemPrompt(); }
  void setAnswerSettings(const AnswerSettings& settings, const std::string& systemPrompt) {
    session_.setAnswerSettings(settings, systemPrompt);
  }
  std::optional<std::uint64_t> lastSeed() const { return session_.lastSeed(); }
  /// A question of the session for changing; the session stays as it is.
  std::optional<QuestionDraft> draftOf(MessageId question) const {
    return session_.draftOf(question);
  }
  std::optional<MessageId> lastQuestion() const { return session_.lastQuestion(); }

  // Sessions, see SessionShelf.

  /// Shows an empty session; the history gets it with its first question.
  void newSession();
  void openSession(SessionId session);
  /// Shows the session in the branch that has the message. true: it is shown.
  bool openMessage(SessionId session, MessageId message);
  /// The one used last, if there is any.
  void openLatest();
  void renameSession(SessionId session, const QString& title) { shelf_.rename(session, title); }
  /// Into the trash, from where it can be restored.
  void trashSession(SessionId session);
  void restoreSession(SessionId session);
  /// For good.
  void deleteSession(SessionId session);
  std::vector<SessionRecord> trash() { return shelf_.trashed(); }
  /// Puts a question with its answer into the history as a session, and shows it.
  void addSession(const QString& title, const QString& question, const QString& answer);
  /// The model that answers from now on; noted in the session that is shown and in new ones.
  void setModel(const std::filesystem::path& folder, const QString& name);

  // Questions and answers, see AnswerFlow.

  bool isAnswering() const { return flow_.isAnswering(); }
  /// Stores the question and begins its answer. false: nothing happened, `problem` says why.
  /// `edited`: it takes the place of this question, in a branch of its own.
  bool ask(const QString& text, const std::vector<Attachment>& attachments,
           std::optional<MessageId> edited = std::nullopt) {
    return flow_.ask(text, attachments, edited);
  }
  void stop() { flow_.stop(); }
  /// Gives the answer once more, in a branch of its own unless there was nothing of it.
  void answerAgain(MessageId answer) { flow_.answerAgain(answer); }
  /// Goes on with the last answer, which was cut off.
  void continueAnswer() { flow_.continueAnswer(); }
  /// Saves what is being written; for the end of the program.
  void finish() { recorder_.stopAndSaveAll(); }

  // Changes of what has been said.

  /// Shows another branch: the one of this message.
  void showBranch(MessageId message);
  /// Takes the last question with its answer out of the session.
  std::optional<QuestionDraft> takeBackQuestion();
  /// The boxes of an answer are on this image of the session: a person knows better.
  void placeBoxes(MessageId answer, std::size_t image);

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
  void connectParts();

  SessionStore& store_;
  AnswerRecorder recorder_;
  SessionListModel sessions_;
  SessionOrganizer organizer_;
  ShownSession session_;
  SessionShelf shelf_;
  AnswerFlow flow_;
};

}  // namespace vl
