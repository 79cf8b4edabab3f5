#include "ui/chat/session_shelf.h"

#include <utility>

#include "ui/chat/answer_recorder.h"
#include "ui/history/session_list_model.h"
#include "ui/history/session_organizer.h"
#include "ui/widgets/succeeded.h"

namespace vl {

SessionShelf::SessionShelf(SessionStore& store, AnswerRecorder& recorder,
                           SessionListModel& sessions, SessionOrganizer& organizer, QObject* parent)
    : QObject(parent),
      store_(store),
      recorder_(recorder),
      sessions_(sessions),
      organizer_(organizer) {}

void SessionShelf::setModel(const std::filesystem::path& folder, const QString& name,
                            std::optional<SessionId> shown) {
  modelFolder_ = folder.string();
  modelName_ = name.toStdString();
  const auto row = shown ? sessions_.rowOf(*shown) : std::nullopt;
  if (!row || sessions_.at(*row).settings.modelFolder == modelFolder_) return;
  if (succeeded(*this, store_.setSessionModel(*shown, modelFolder_, modelName_))) {
    organizer_.reload();
  }
}

std::optional<SessionId> SessionShelf::create(const QString& title, const std::string& systemPrompt,
                                              const std::optional<AnswerSettings>& answers,
                                              const SessionContext& context) {
  SessionSettings settings;
  settings.title = title.toStdString();
  settings.modelFolder = modelFolder_;
  settings.modelName = modelName_;
  settings.systemPrompt = systemPrompt;
  const Result<SessionRecord> created = store_.createSession(settings);
  if (!succeeded(*this, created)) return std::nullopt;
  const SessionId session = created->id;
  const bool isUsual = context == SessionContext{};
  const bool isWhole =
      (!answers || succeeded(*this, store_.setAnswerSettings(session, *answers))) &&
      (isUsual || succeeded(*this, store_.setSessionContext(session, context)));
  if (isWhole) return session;
  remove(session);
  return std::nullopt;
}

std::optional<SessionId> SessionShelf::add(const QString& title, const QString& question,
                                           const QString& answer) {
  const std::optional<SessionId> session = create(title, {}, std::nullopt, {});
  if (!session) return std::nullopt;
  if (!fill(*session, question.toStdString(), answer.toStdString())) {
    remove(*session);
    return std::nullopt;
  }
  organizer_.reload();
  return session;
}

bool SessionShelf::fill(SessionId session, const std::string& question, const std::string& answer) {
  if (!succeeded(*this, store_.appendUserMessage(session, question, {}))) return false;
  const Result<MessageId> begun = store_.beginAnswer(session);
  return succeeded(*this, begun) && succeeded(*this, store_.finishAnswer(*begun, answer, {}, {}));
}

void SessionShelf::rename(SessionId session, const QString& title) {
  if (succeeded(*this, store_.renameSession(session, title.toStdString()))) organizer_.reload();
}

std::optional<QString> SessionShelf::trash(SessionId session) {
  recorder_.stop(session);  // what there is of an answer is kept
  const std::optional<int> row = sessions_.rowOf(session);
  if (!row || !succeeded(*this, store_.trashSession(session))) return std::nullopt;
  QString title = QString::fromStdString(sessions_.at(*row).settings.title);
  organizer_.reload();
  return title;
}

bool SessionShelf::restore(SessionId session) {
  if (!succeeded(*this, store_.restoreSession(session))) return false;
  organizer_.reload();
  return true;
}

bool SessionShelf::remove(SessionId session) {
  if (!succeeded(*this, store_.deleteSession(session))) return false;
  recorder_.forget(session);
  sessions_.setRunning(session, false);
  organizer_.reload();
  return true;
}

std::vector<SessionRecord> SessionShelf::trashed() {
  Result<std::vector<SessionRecord>> trash = store_.listTrash();
  return succeeded(*this, trash) ? std::move(*trash) : std::vector<SessionRecord>();
}

}  // namespace vl
