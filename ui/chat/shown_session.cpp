#include "ui/chat/shown_session.h"

#include <algorithm>
#include <utility>

#include "ui/chat/answer_recorder.h"
#include "ui/chat/prompt_turns.h"
#include "ui/widgets/succeeded.h"

namespace vl {

ShownSession::ShownSession(SessionStore& store, const AnswerRecorder& recorder, QObject* parent)
    : QObject(parent), store_(store), recorder_(recorder) {}

std::vector<SessionImage> ShownSession::images() const {
  std::vector<SessionImage> images;
  for (const ConversationItem& item : conversation_.items()) {
    for (std::size_t i = 0; i < item.message.attachments.size(); ++i) {
      images.push_back({item.message.attachments[i], item.imagePaths[i]});
    }
  }
  return images;
}

std::optional<QuestionDraft> ShownSession::draftOf(MessageId question) const {
  const std::optional<int> row = conversation_.rowOf(question);
  if (!row || !conversation_.at(*row).isQuestion()) return std::nullopt;
  const ConversationItem& item = conversation_.at(*row);
  QuestionDraft draft{QString::fromStdString(item.message.raw), {}};
  for (std::size_t i = 0; i < item.message.attachments.size(); ++i) {
    draft.images.push_back({item.message.attachments[i], item.imagePaths[i]});
  }
  return draft;
}

std::optional<MessageId> ShownSession::lastQuestion() const {
  const auto& items = conversation_.items();
  const auto last = std::find_if(items.rbegin(), items.rend(),
                                 [](const auto& item) { return item.isQuestion(); });
  return last == items.rend() ? std::nullopt : std::optional(last->message.id);
}

std::optional<std::uint64_t> ShownSession::lastSeed() const {
  const auto& items = conversation_.items();
  const auto last = std::find_if(items.rbegin(), items.rend(), [](const ConversationItem& item) {
    return item.message.summary.has_value();
  });
  return last == items.rend() ? std::nullopt : std::optional(last->message.summary->seed);
}

int ShownSession::contextRow() const {
  if (beginsWithNext_) return conversation_.rowCount();
  return context_.start ? conversation_.rowOf(*context_.start).value_or(0) : 0;
}

std::span<const ConversationItem> ShownSession::contextItems(std::optional<MessageId> end) const {
  const int rows = conversation_.rowCount();
  const int last = end ? conversation_.rowOf(*end).value_or(rows) : rows;
  int first = std::min(contextRow(), last);
  // a branch that leaves before the message the model begins with is read as a whole
  if (last < contextRow() && !beginsWithNext_) first = 0;
  return std::span(conversation_.items())
      .subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first));
}

std::vector<MeteredTurn> ShownSession::promptTurns(std::optional<MessageId> end) const {
  return meteredTurns(contextItems(end), systemPrompt_);
}

std::size_t ShownSession::promptImages(std::optional<MessageId> end) const {
  std::size_t images = 0;
  for (const ConversationItem& item : contextItems(end)) images += item.message.attachments.size();
  return images;
}

GenerateRequest ShownSession::request() const {
  GenerateRequest request;
  request.conversation = chatMessages(contextItems(), systemPrompt_);
  request.tiling = context_.tiling;
  request.sampling = answers_.sampling;
  request.maxTokens = answers_.maxTokens;
  request.contextTokens = answers_.contextTokens;
  return request;
}

std::optional<QString> ShownSession::missingImage() const {
  for (const ConversationItem& item : contextItems()) {
    for (std::size_t i = 0; i < item.imagePaths.size(); ++i) {
      if (!item.imagePaths[i].empty()) continue;
      return QString::fromStdString(item.message.attachments[i].fileName);
    }
  }
  return std::nullopt;
}

void ShownSession::leaveOutOldest(std::size_t turns) {
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

void ShownSession::readEverything() {
  beginsWithNext_ = false;
  setContext({std::nullopt, context_.tiling});
}

void ShownSession::setTiling(bool tiling) { setContext({context_.start, tiling}); }

void ShownSession::setContext(const SessionContext& context) {
  if (context == context_) return;
  if (id_ && !succeeded(*this, store_.setSessionContext(*id_, context))) return;
  context_ = context;
  conversation_.setContextStart(context_.start);
  emit contextChanged();
}

void ShownSession::beginContextWith(MessageId question, std::optional<MessageId> inPlaceOf) {
  if (!beginsWithNext_ && !(inPlaceOf && context_.start == inPlaceOf)) return;
  setContext({question, context_.tiling});
  beginsWithNext_ = false;
}

void ShownSession::forgetLostStart() {
  if (!context_.start || conversation_.rowOf(*context_.start)) return;
  context_.start.reset();
  emit contextChanged();
}

void ShownSession::setAnswerSettings(const AnswerSettings& settings,
                                     const std::string& systemPrompt) {
  if (id_ && !succeeded(*this, store_.setAnswerSettings(*id_, settings))) return;
  if (id_ && !succeeded(*this, store_.setSystemPrompt(*id_, systemPrompt))) return;
  answers_ = settings;
  ownAnswers_ = !id_;
  systemPrompt_ = systemPrompt;
  emit contextChanged();
}

void ShownSession::showNew() {
  id_.reset();
  systemPrompt_.clear();
  context_ = {};
  answers_ = {};
  ownAnswers_ = false;
  beginsWithNext_ = false;
  conversation_.setItems({});
}

void ShownSession::show(StoredSession stored, const AnswerSettings& answers) {
  std::vector<ConversationItem> items;
  std::size_t images = 0;
  for (StoredMessage& message : stored.messages) {
    items.push_back(itemOf(std::move(message), images));
    images += items.back().message.attachments.size();
  }
  id_ = stored.session.id;
  systemPrompt_ = stored.session.settings.systemPrompt;
  context_ = stored.session.context;
  answers_ = answers;
  ownAnswers_ = false;
  beginsWithNext_ = false;
  conversation_.setItems(std::move(items));
  conversation_.setContextStart(context_.start);
  for (const ConversationItem& item : conversation_.items()) {
    if (item.isRunning()) showProgress(item.message.id);
  }
}

void ShownSession::becomeStored(SessionId session) {
  id_ = session;
  ownAnswers_ = false;
}

void ShownSession::append(StoredMessage message) {
  const MessageId id = message.id;
  conversation_.append(itemOf(std::move(message), images().size()));
  showProgress(id);
}

void ShownSession::showFrom(int row, std::vector<StoredMessage> messages) {
  conversation_.removeFrom(row);
  for (auto i = static_cast<std::size_t>(row); i < messages.size(); ++i) {
    append(std::move(messages[i]));
  }
  conversation_.setContextStart(context_.start);
}

void ShownSession::showProgress(MessageId answer) {
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

ConversationItem ShownSession::itemOf(StoredMessage message, std::size_t firstImage) const {
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

}  // namespace vl
