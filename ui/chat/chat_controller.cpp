#include "ui/chat/chat_controller.h"

#include <utility>

#include "inference/base/coordinates.h"
#include "ui/widgets/succeeded.h"

namespace vl {

ChatController::ChatController(SessionStore& store, EngineThread& engine, QObject* parent)
    : QObject(parent),
      store_(store),
      recorder_(store, engine),
      organizer_(store, sessions_),
      session_(store, recorder_),
      shelf_(store, recorder_, sessions_, organizer_),
      flow_({store, recorder_, session_, shelf_, sessions_, organizer_}) {
  connectParts();
  organizer_.reload();
}

void ChatController::connectParts() {
  connect(&sessions_, &SessionListModel::renameWanted, &shelf_, &SessionShelf::rename);
  connect(&organizer_, &SessionOrganizer::problem, this, &ChatController::problem);
  connect(&session_, &ShownSession::contextChanged, this, &ChatController::contextChanged);
  connect(&session_, &ShownSession::problem, this, &ChatController::problem);
  connect(&shelf_, &SessionShelf::problem, this, &ChatController::problem);
  connect(&flow_, &AnswerFlow::sessionStored, this, &ChatController::sessionShown);
  connect(&flow_, &AnswerFlow::imagesChanged, this, &ChatController::imagesChanged);
  connect(&flow_, &AnswerFlow::boxesChanged, this, &ChatController::boxesChanged);
  connect(&flow_, &AnswerFlow::answeringChanged, this, &ChatController::answeringChanged);
  connect(&flow_, &AnswerFlow::problem, this, &ChatController::problem);
}

void ChatController::newSession() {
  session_.showNew();
  emit sessionShown();
  emit answeringChanged();
}

void ChatController::openSession(SessionId session) {
  if (shownSession() == session) return;
  Result<StoredSession> loaded = store_.loadSession(session);
  if (!succeeded(*this, loaded)) return;
  const Result<AnswerSettings> answers = store_.answerSettings(session);
  session_.show(std::move(*loaded), succeeded(*this, answers) ? *answers : AnswerSettings{});
  emit sessionShown();
  emit answeringChanged();
}

bool ChatController::openMessage(SessionId session, MessageId message) {
  openSession(session);
  if (shownSession() != session) return false;
  if (!conversation().rowOf(message)) showBranch(message);
  return conversation().rowOf(message).has_value();
}

void ChatController::openLatest() {
  if (sessions_.rowCount() > 0) openSession(sessions_.at(0).id);
}

void ChatController::trashSession(SessionId session) {
  const std::optional<QString> title = shelf_.trash(session);
  if (!title) return;
  if (shownSession() == session) newSession();
  emit sessionTrashed(session, *title);
}

void ChatController::restoreSession(SessionId session) {
  if (shelf_.restore(session)) openSession(session);
}

void ChatController::deleteSession(SessionId session) {
  if (shelf_.remove(session) && shownSession() == session) newSession();
}

void ChatController::addSession(const QString& title, const QString& question,
                                const QString& answer) {
  const std::optional<SessionId> session = shelf_.add(title, question, answer);
  if (session) openSession(*session);
}

void ChatController::setModel(const std::filesystem::path& folder, const QString& name) {
  shelf_.setModel(folder, name, shownSession());
}

void ChatController::showBranch(MessageId message) {
  if (!shownSession() || !succeeded(*this, store_.showBranch(message))) return;
  Result<StoredSession> loaded = store_.loadSession(*shownSession());
  if (!succeeded(*this, loaded)) return;
  int same = 0;  // rows that both branches have
  while (same < conversation().rowCount() &&
         static_cast<std::size_t>(same) < loaded->messages.size() &&
         conversation().at(same).message.id ==
             loaded->messages[static_cast<std::size_t>(same)].id) {
    ++same;
  }
  session_.showFrom(same, std::move(loaded->messages));
  emit imagesChanged();
  emit boxesChanged(std::nullopt);
  emit answeringChanged();
}

std::optional<QuestionDraft> ChatController::takeBackQuestion() {
  const std::optional<MessageId> last = lastQuestion();
  if (!shownSession() || isAnswering() || !last) return std::nullopt;
  if (!succeeded(*this, store_.removeMessagesFrom(*last))) return std::nullopt;
  std::optional<QuestionDraft> taken = draftOf(*last);
  conversation().removeFrom(*conversation().rowOf(*last));
  session_.forgetLostStart();
  emit imagesChanged();
  emit boxesChanged(std::nullopt);
  return taken;
}

void ChatController::placeBoxes(MessageId answer, std::size_t image) {
  const std::optional<int> row = conversation().rowOf(answer);
  const std::vector<SessionImage> all = images();
  if (!row || conversation().at(*row).isRunning() || image >= all.size()) return;
  if (!succeeded(*this, store_.placeBoxes(answer, image))) return;
  conversation().change(*row, [&](ConversationItem& item) {
    for (GroundedBox& box : item.message.boxes) {
      box.image = image;
      box.pixels = toPixels(box.grid, all[image].attachment.image.size);
    }
  });
  emit boxesChanged(std::nullopt);
}

}  // namespace vl
