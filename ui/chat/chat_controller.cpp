#include "ui/chat/chat_controller.h"

#include <algorithm>
#include <utility>

#include "inference/base/coordinates.h"
#include "ui/answer/grounded_document.h"
#include "ui/chat/prompt_turns.h"

namespace vl {
namespace {

constexpr qsizetype kTitleLetters = 80;

}  // namespace

ChatController::ChatController(SessionStore& store, EngineThread& engine, QObject* parent)
    : QObject(parent), store_(store), recorder_(store, engine), organizer_(store, sessions_) {
  connect(&recorder_, &AnswerRecorder::changed, this, &ChatController::answerChanged);
  connect(&recorder_, &AnswerRecorder::boxArrived, this, &ChatController::boxArrived);
  connect(&recorder_, &AnswerRecorder::ended, this, &ChatController::answerEnded);
  connect(&recorder_, &AnswerRecorder::savingFailed, this,
          [this](const Error& error) { emit problem(QString::fromStdString(error.what)); });
  connect(&sessions_, &SessionListModel::renameWanted, this, &ChatController::renameSession);
  connect(&organizer_, &SessionOrganizer::problem, this, &ChatController::problem);
  reloadSessions();
}

template <typename T>
bool ChatController::check(const Result<T>& result) {
  if (!result) emit problem(QString::fromStdString(result.error().what));
  return result.has_value();
}

void ChatController::reloadSessions() { organizer_.reload(); }

std::vector<SessionImage> ChatController::images() const {
  std::vector<SessionImage> images;
  for (const ConversationItem& item : conversation_.items()) {
    for (std::size_t i = 0; i < item.message.attachments.size(); ++i) {
      images.push_back({item.message.attachments[i], item.imagePaths[i]});
    }
  }
  return images;
}

bool ChatController::isAnswering() const { return shown_ && recorder_.isRunning(*shown_); }

int ChatController::contextRow() const {
  if (beginsWithNext_) return conversation_.rowCount();
  return context_.start ? conversation_.rowOf(*context_.start).value_or(0) : 0;
}

std::span<const ConversationItem> ChatController::contextItems(std::optional<MessageId> end) const {
  const std::optional<int> last = end ? conversation_.rowOf(*end) : std::nullopt;
  const int first = contextRow();
  const int count = std::max(last.value_or(conversation_.rowCount()) - first, 0);
  return std::span(conversation_.items())
      .subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
}

std::vector<MeteredTurn> ChatController::promptTurns(std::optional<MessageId> end) const {
  return meteredTurns(contextItems(end), systemPrompt_);
}

std::size_t ChatController::promptImages(std::optional<MessageId> end) const {
  std::size_t images = 0;
  for (const ConversationItem& item : contextItems(end)) images += item.message.attachments.size();
  return images;
}

void ChatController::leaveOutOldest(std::size_t turns) {
  int row = contextRow();
  while (turns > 0 && ++row < conversation_.rowCount()) {
    if (conversation_.at(row).isQuestion()) --turns;
  }
  if (row < conversation_.rowCount()) {
    setContext({conversation_.at(row).message.id, context_.tiling});
  } else {  // there is no message yet to begin with
    beginsWithNext_ = true;
    emit contextChanged();
  }
}

void ChatController::readEverything() {
  beginsWithNext_ = false;
  setContext({std::nullopt, context_.tiling});
}

void ChatController::setTiling(bool tiling) { setContext({context_.start, tiling}); }

void ChatController::setAnswerSettings(const AnswerSettings& settings,
                                       const std::string& systemPrompt) {
  if (shown_ && !check(store_.setAnswerSettings(*shown_, settings))) return;
  if (shown_ && !check(store_.setSystemPrompt(*shown_, systemPrompt))) return;
  answers_ = settings;
  ownAnswers_ = !shown_;
  systemPrompt_ = systemPrompt;
  emit contextChanged();
}

std::optional<std::uint64_t> ChatController::lastSeed() const {
  const auto& items = conversation_.items();
  const auto last = std::find_if(items.rbegin(), items.rend(), [](const ConversationItem& item) {
    return item.message.summary.has_value();
  });
  return last == items.rend() ? std::nullopt : std::optional(last->message.summary->seed);
}

void ChatController::setContext(const SessionContext& context) {
  if (context == context_) return;
  if (shown_ && !check(store_.setSessionContext(*shown_, context))) return;
  context_ = context;
  conversation_.setContextStart(context_.start);
  emit contextChanged();
}

void ChatController::newSession() {
  shown_.reset();
  systemPrompt_.clear();
  context_ = {};
  answers_ = {};
  ownAnswers_ = false;
  beginsWithNext_ = false;
  conversation_.setItems({});
  emit sessionShown();
  emit answeringChanged();
}

void ChatController::openSession(SessionId session) {
  if (shown_ == session) return;
  Result<StoredSession> loaded = store_.loadSession(session);
  if (!check(loaded)) return;
  std::vector<ConversationItem> items;
  std::size_t images = 0;
  for (StoredMessage& message : loaded->messages) {
    items.push_back(itemOf(std::move(message), images));
    images += items.back().message.attachments.size();
  }
  shown_ = session;
  systemPrompt_ = loaded->session.settings.systemPrompt;
  context_ = loaded->session.context;
  const Result<AnswerSettings> answers = store_.answerSettings(session);
  answers_ = check(answers) ? *answers : AnswerSettings{};
  ownAnswers_ = false;
  beginsWithNext_ = false;
  conversation_.setItems(std::move(items));
  conversation_.setContextStart(context_.start);
  for (const ConversationItem& item : conversation_.items()) {
    if (item.isRunning()) answerChanged(item.message.id);
  }
  emit sessionShown();
  emit answeringChanged();
}

bool ChatController::openMessage(SessionId session, MessageId message) {
  openSession(session);
  if (shown_ != session) return false;
  if (!conversation_.rowOf(message)) showBranch(message);
  return conversation_.rowOf(message).has_value();
}

void ChatController::openLatest() {
  if (sessions_.rowCount() > 0) openSession(sessions_.at(0).id);
}

ConversationItem ChatController::itemOf(StoredMessage message, std::size_t firstImage) {
  ConversationItem item;
  item.firstImage = firstImage;
  for (const Attachment& attachment : message.attachments) {
    const Result<std::filesystem::path> path = store_.imagePath(attachment.image);
    item.imagePaths.push_back(path ? *path : std::filesystem::path());
  }
  item.message = std::move(message);
  if (const RunningAnswer* running = recorder_.find(item.message.id)) {
    item.message.boxes = running->boxes;
  } else if (item.isRunning()) {
    item.activity = tr("Being written in another window");
  }
  return item;
}

void ChatController::renameSession(SessionId session, const QString& title) {
  if (check(store_.renameSession(session, title.toStdString()))) reloadSessions();
}

void ChatController::trashSession(SessionId session) {
  recorder_.stop(session);  // what there is of an answer is kept
  const std::optional<int> row = sessions_.rowOf(session);
  if (!row || !check(store_.trashSession(session))) return;
  const QString title = QString::fromStdString(sessions_.at(*row).settings.title);
  reloadSessions();
  if (shown_ == session) newSession();
  emit sessionTrashed(session, title);
}

void ChatController::restoreSession(SessionId session) {
  if (!check(store_.restoreSession(session))) return;
  reloadSessions();
  openSession(session);
}

void ChatController::deleteSession(SessionId session) {
  recorder_.forget(session);
  if (!check(store_.deleteSession(session))) return;
  sessions_.setRunning(session, false);
  reloadSessions();
  if (shown_ == session) newSession();
}

std::vector<SessionRecord> ChatController::trash() {
  Result<std::vector<SessionRecord>> trash = store_.listTrash();
  return check(trash) ? std::move(*trash) : std::vector<SessionRecord>();
}

void ChatController::setModel(const std::filesystem::path& folder, const QString& name) {
  modelFolder_ = folder.string();
  modelName_ = name.toStdString();
  const auto row = shown_ ? sessions_.rowOf(*shown_) : std::nullopt;
  if (!row || sessions_.at(*row).settings.modelFolder == modelFolder_) return;
  if (check(store_.setSessionModel(*shown_, modelFolder_, modelName_))) reloadSessions();
}

bool ChatController::createSession(const QString& text,
                                   const std::vector<Attachment>& attachments) {
  QString title = questionTitle(text.toStdString());
  if (title.isEmpty() && !attachments.empty()) {
    title = QString::fromStdString(attachments.front().fileName);
  }
  if (title.size() > kTitleLetters) title = title.left(kTitleLetters - 1) + QChar(0x2026);
  SessionSettings settings;
  settings.title = title.toStdString();
  settings.modelFolder = modelFolder_;
  settings.modelName = modelName_;
  settings.systemPrompt = systemPrompt_;
  const Result<SessionRecord> created = store_.createSession(settings);
  if (!check(created)) return false;
  shown_ = created->id;
  if (std::exchange(ownAnswers_, false) && !check(store_.setAnswerSettings(*shown_, answers_))) {
    return false;
  }
  // chosen before there was a session; at worst its images are tiled
  return context_ == SessionContext{} || check(store_.setSessionContext(*shown_, context_));
}

bool ChatController::ask(const QString& text, const std::vector<Attachment>& attachments,
                         std::optional<MessageId> edited) {
  if (isAnswering() || !imagesAreThere()) return false;
  const std::optional<int> place = edited ? conversation_.rowOf(*edited) : std::nullopt;
  const bool isNew = !shown_;
  if (isNew && !createSession(text, attachments)) return false;
  const std::string raw = text.trimmed().toStdString();
  const auto sibling = place ? edited : std::nullopt;
  const Result<MessageId> stored = store_.appendUserMessage(*shown_, raw, attachments, sibling);
  if (!check(stored)) return false;

  StoredMessage question;
  question.id = *stored;
  question.raw = raw;
  question.attachments = attachments;
  if (place) {
    question.siblings = conversation_.at(*place).message.siblings;
    conversation_.removeFrom(*place);
  }
  question.siblings.push_back(*stored);
  conversation_.append(itemOf(std::move(question), images().size()));
  if (beginsWithNext_ || (place && context_.start == edited)) {
    setContext({*stored, context_.tiling});
    beginsWithNext_ = false;
  }
  if (isNew) emit sessionShown();
  emit imagesChanged();
  beginAnswer();
  return true;
}

void ChatController::addSession(const QString& title, const QString& question,
                                const QString& answer) {
  SessionSettings settings;
  settings.title = title.toStdString();
  settings.modelFolder = modelFolder_;
  settings.modelName = modelName_;
  const Result<SessionRecord> created = store_.createSession(settings);
  if (!check(created)) return;
  const auto asked = store_.appendUserMessage(created->id, question.toStdString(), {});
  if (!check(asked)) return;
  const Result<MessageId> begun = store_.beginAnswer(created->id);
  if (!check(begun) || !check(store_.finishAnswer(*begun, answer.toStdString(), {}, {}))) return;
  reloadSessions();
  openSession(created->id);
}

bool ChatController::imagesAreThere() {
  const std::vector<SessionImage> all = images();
  for (std::size_t i = all.size() - promptImages(); i < all.size(); ++i) {
    const SessionImage& image = all[i];
    if (!image.path.empty()) continue;
    emit problem(tr("The image %1 of this session is missing from the history, so the model cannot "
                    "look at it. Begin a new session.")
                     .arg(QString::fromStdString(image.attachment.fileName)));
    return false;
  }
  return true;
}

GenerateRequest ChatController::requestOfContext() const {
  GenerateRequest request;
  request.conversation = chatMessages(contextItems(), systemPrompt_);
  request.tiling = context_.tiling;
  request.sampling = answers_.sampling;
  request.maxTokens = answers_.maxTokens;
  request.contextTokens = answers_.contextTokens;
  return request;
}

bool ChatController::beginAnswer(std::optional<MessageId> sibling) {
  const Result<MessageId> begun = store_.beginAnswer(*shown_, sibling);
  if (!check(begun)) return false;
  std::vector<MessageId> siblings;
  if (const auto row = sibling ? conversation_.rowOf(*sibling) : std::nullopt) {
    siblings = conversation_.at(*row).message.siblings;
    conversation_.removeFrom(*row);
  }
  GenerateRequest request = requestOfContext();
  const std::size_t firstImage = images().size() - promptImages();
  StoredMessage answer;
  answer.siblings = std::move(siblings);
  answer.siblings.push_back(*begun);
  answer.id = *begun;
  answer.role = MessageRole::Assistant;
  answer.state = MessageState::Streaming;
  recorder_.begin(*shown_, *begun, firstImage, std::move(request));
  conversation_.append(itemOf(std::move(answer), images().size()));
  answerChanged(*begun);
  reloadSessions();
  sessions_.setRunning(*shown_, true);
  emit boxesChanged(std::nullopt);
  emit answeringChanged();
  return true;
}

void ChatController::stop() {
  if (shown_) recorder_.stop(*shown_);
}

void ChatController::answerAgain(MessageId answer) {
  const std::optional<int> row = conversation_.rowOf(answer);
  if (!shown_ || !row || isAnswering() || !imagesAreThere()) return;
  if (conversation_.at(*row).isQuestion()) {  // its answer could not even be begun
    beginAnswer();
  } else if (!conversation_.at(*row).message.raw.empty()) {
    beginAnswer(answer);
  } else if (check(store_.removeMessagesFrom(answer))) {
    conversation_.removeFrom(*row);
    beginAnswer();
  }
}

void ChatController::continueAnswer() {
  if (!shown_ || isAnswering() || conversation_.items().empty() || !imagesAreThere()) return;
  const int row = conversation_.rowCount() - 1;
  const ConversationItem item = conversation_.at(row);
  if (!item.canContinue() || !check(store_.resumeAnswer(item.message.id))) return;
  AnswerBegun begun{item.message.raw, std::nullopt, {}};
  const std::vector<SessionImage> all = images();
  if (promptImages() > 0) {  // as the engine: boxes belong to the last image
    begun.image = item.message.boxes.empty() ? all.size() - 1 : item.message.boxes[0].image;
    begun.size = all[*begun.image].attachment.image.size;
  }
  recorder_.resume(*shown_, item.message.id, std::move(begun), requestOfContext());
  conversation_.change(row, [](ConversationItem& running) {
    running.message.state = MessageState::Streaming;
    running.message.summary.reset();
  });
  answerChanged(item.message.id);
  sessions_.setRunning(*shown_, true);
  emit answeringChanged();
}

void ChatController::placeBoxes(MessageId answer, std::size_t image) {
  const std::optional<int> row = conversation_.rowOf(answer);
  const std::vector<SessionImage> all = images();
  if (!row || conversation_.at(*row).isRunning() || image >= all.size()) return;
  if (!check(store_.placeBoxes(answer, image))) return;
  conversation_.change(*row, [&](ConversationItem& item) {
    for (GroundedBox& box : item.message.boxes) {
      box.image = image;
      box.pixels = toPixels(box.grid, all[image].attachment.image.size);
    }
  });
  emit boxesChanged(std::nullopt);
}

void ChatController::showBranch(MessageId message) {
  if (!shown_ || !check(store_.showBranch(message))) return;
  Result<StoredSession> loaded = store_.loadSession(*shown_);
  if (!check(loaded)) return;
  int same = 0;  // rows that both branches have
  while (same < conversation_.rowCount() &&
         static_cast<std::size_t>(same) < loaded->messages.size() &&
         conversation_.at(same).message.id == loaded->messages[static_cast<std::size_t>(same)].id) {
    ++same;
  }
  showFrom(same, std::move(loaded->messages));
  emit imagesChanged();
  emit boxesChanged(std::nullopt);
  emit answeringChanged();
}

void ChatController::showFrom(int row, std::vector<StoredMessage> messages) {
  conversation_.removeFrom(row);
  for (auto i = static_cast<std::size_t>(row); i < messages.size(); ++i) {
    conversation_.append(itemOf(std::move(messages[i]), images().size()));
    const ConversationItem& item = conversation_.items().back();
    if (item.isRunning()) answerChanged(item.message.id);
  }
  conversation_.setContextStart(context_.start);
}

QuestionDraft ChatController::draftOf(const ConversationItem& question) const {
  QuestionDraft draft;
  draft.text = QString::fromStdString(question.message.raw);
  for (std::size_t i = 0; i < question.message.attachments.size(); ++i) {
    draft.images.push_back({question.message.attachments[i], question.imagePaths[i]});
  }
  return draft;
}

std::optional<QuestionDraft> ChatController::draftOf(MessageId question) const {
  const std::optional<int> row = conversation_.rowOf(question);
  if (!row || !conversation_.at(*row).isQuestion()) return std::nullopt;
  return draftOf(conversation_.at(*row));
}

std::optional<MessageId> ChatController::lastQuestion() const {
  const auto& items = conversation_.items();
  const auto last = std::find_if(items.rbegin(), items.rend(),
                                 [](const auto& item) { return item.isQuestion(); });
  return last == items.rend() ? std::nullopt : std::optional(last->message.id);
}

std::optional<QuestionDraft> ChatController::takeBackQuestion() {
  const std::optional<MessageId> last = lastQuestion();
  if (!shown_ || isAnswering() || !last) return std::nullopt;
  const int row = *conversation_.rowOf(*last);
  if (!check(store_.removeMessagesFrom(*last))) return std::nullopt;
  QuestionDraft taken = draftOf(conversation_.at(row));
  conversation_.removeFrom(row);
  if (context_.start && !conversation_.rowOf(*context_.start)) {
    context_.start.reset();  // as the history does
    emit contextChanged();
  }
  emit imagesChanged();
  emit boxesChanged(std::nullopt);
  return taken;
}

void ChatController::finish() { recorder_.stopAndSaveAll(); }

void ChatController::answerChanged(MessageId answer) {
  const RunningAnswer* running = recorder_.find(answer);
  const std::optional<int> row = conversation_.rowOf(answer);
  if (running == nullptr || !row) return;  // of a session that is not shown
  conversation_.change(*row, [&](ConversationItem& item) {
    item.message.raw = running->raw;
    item.activity =
        running->progress.line().isEmpty() ? tr("Waiting for the model") : running->progress.line();
    item.activityDone = running->progress.done();
  });
}

void ChatController::boxArrived(MessageId answer, const GroundedBox& box) {
  const std::optional<int> row = conversation_.rowOf(answer);
  if (!row) return;
  conversation_.change(*row, [&](ConversationItem& item) { item.message.boxes.push_back(box); });
  emit boxesChanged(box.image);
}

void ChatController::answerEnded(SessionId session, const StoredMessage& answer) {
  sessions_.setRunning(session, recorder_.isRunning(session));
  reloadSessions();
  if (const std::optional<int> row = conversation_.rowOf(answer.id)) {
    conversation_.change(*row, [&](ConversationItem& item) {
      item.message.state = answer.state;
      item.message.raw = answer.raw;
      item.message.error = answer.error;
      item.message.boxes = answer.boxes;
      item.message.summary = answer.summary;
    });
    emit boxesChanged(std::nullopt);
  }
  emit answeringChanged();
}

}  // namespace vl
