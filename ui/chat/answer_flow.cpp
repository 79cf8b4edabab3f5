#include "ui/chat/answer_flow.h"

#include <utility>

#include "ui/answer/grounded_document.h"
#include "ui/chat/answer_recorder.h"
#include "ui/chat/session_shelf.h"
#include "ui/chat/shown_session.h"
#include "ui/history/session_list_model.h"
#include "ui/history/session_organizer.h"
#include "ui/widgets/succeeded.h"

namespace vl {
namespace {

constexpr qsizetype kTitleLetters = 80;

QString titleOf(const QString& question, const std::vector<Attachment>& attachments) {
  QString title = questionTitle(question.toStdString());
  if (title.isEmpty() && !attachments.empty()) {
    title = QString::fromStdString(attachments.front().fileName);
  }
  if (title.size() > kTitleLetters) title = title.left(kTitleLetters - 1) + QChar(0x2026);
  return title;
}

/// Where the model was to begin with the next question, it begins with the one that is answered.
void readQuestionBefore(ShownSession& session, int row) {
  while (row > 0 && !session.conversation().at(row).isQuestion()) --row;
  session.beginContextWith(session.conversation().at(row).message.id, std::nullopt);
}

}  // namespace

AnswerFlow::AnswerFlow(const Parts& parts, QObject* parent)
    : QObject(parent),
      store_(parts.store),
      recorder_(parts.recorder),
      session_(parts.session),
      shelf_(parts.shelf),
      sessions_(parts.sessions),
      organizer_(parts.organizer) {
  connect(&recorder_, &AnswerRecorder::changed, &session_, &ShownSession::showProgress);
  connect(&recorder_, &AnswerRecorder::boxArrived, this, &AnswerFlow::boxArrived);
  connect(&recorder_, &AnswerRecorder::ended, this, &AnswerFlow::answerEnded);
  connect(&recorder_, &AnswerRecorder::savingFailed, this,
          [this](const Error& error) { emit problem(QString::fromStdString(error.what)); });
}

bool AnswerFlow::isAnswering() const {
  return session_.id() && recorder_.isRunning(*session_.id());
}

std::optional<SessionId> AnswerFlow::storeSession(const QString& text,
                                                  const std::vector<Attachment>& attachments) {
  const auto answers =
      session_.hasOwnAnswers() ? std::optional(session_.answerSettings()) : std::nullopt;
  return shelf_.create(titleOf(text, attachments), session_.systemPrompt(), answers,
                       session_.context());
}

bool AnswerFlow::ask(const QString& text, const std::vector<Attachment>& attachments,
                     std::optional<MessageId> edited) {
  if (isAnswering() || !imagesAreThere()) return false;
  ConversationModel& conversation = session_.conversation();
  const std::optional<int> place = edited ? conversation.rowOf(*edited) : std::nullopt;
  const bool isNew = !session_.id();
  const std::optional<SessionId> session = isNew ? storeSession(text, attachments) : session_.id();
  if (!session) return false;
  const std::string raw = text.trimmed().toStdString();
  const auto sibling = place ? edited : std::nullopt;
  const Result<MessageId> stored = store_.appendUserMessage(*session, raw, attachments, sibling);
  if (!succeeded(*this, stored)) {
    if (isNew) shelf_.remove(*session);
    return false;
  }
  if (isNew) session_.becomeStored(*session);

  StoredMessage question;
  question.id = *stored;
  question.raw = raw;
  question.attachments = attachments;
  if (place) {
    question.siblings = conversation.at(*place).message.siblings;
    conversation.removeFrom(*place);
  }
  question.siblings.push_back(*stored);
  session_.append(std::move(question));
  session_.beginContextWith(*stored, sibling);
  if (isNew) emit sessionStored();
  emit imagesChanged();
  beginAnswer();
  return true;
}

bool AnswerFlow::imagesAreThere() {
  const std::optional<QString> missing = session_.missingImage();
  if (!missing) return true;
  emit problem(tr("The image %1 of this session is missing from the history, so the model cannot "
                  "look at it. Begin a new session.")
                   .arg(*missing));
  return false;
}

bool AnswerFlow::beginAnswer(std::optional<MessageId> sibling) {
  const SessionId session = *session_.id();
  const Result<MessageId> begun = store_.beginAnswer(session, sibling);
  if (!succeeded(*this, begun)) return false;
  StoredMessage answer;
  ConversationModel& conversation = session_.conversation();
  const std::size_t imagesBefore = session_.images().size();
  if (const auto row = sibling ? conversation.rowOf(*sibling) : std::nullopt) {
    answer.siblings = conversation.at(*row).message.siblings;
    conversation.removeFrom(*row);
  }
  answer.siblings.push_back(*begun);
  answer.id = *begun;
  answer.role = MessageRole::Assistant;
  answer.state = MessageState::Streaming;
  const std::size_t firstImage = session_.images().size() - session_.promptImages();
  recorder_.begin(session, *begun, firstImage, session_.request());
  session_.append(std::move(answer));
  organizer_.reload();
  sessions_.setRunning(session, true);
  if (session_.images().size() != imagesBefore) emit imagesChanged();  // what followed is gone
  emit boxesChanged(std::nullopt);
  emit answeringChanged();
  return true;
}

void AnswerFlow::stop() {
  if (session_.id()) recorder_.stop(*session_.id());
}

void AnswerFlow::answerAgain(MessageId answer) {
  ConversationModel& conversation = session_.conversation();
  const std::optional<int> row = conversation.rowOf(answer);
  if (!session_.id() || !row || isAnswering() || !imagesAreThere()) return;
  readQuestionBefore(session_, *row);
  if (conversation.at(*row).isQuestion()) {  // its answer could not even be begun
    beginAnswer();
  } else if (!conversation.at(*row).message.raw.empty()) {
    beginAnswer(answer);
  } else if (succeeded(*this, store_.removeMessagesFrom(answer))) {
    conversation.removeFrom(*row);
    beginAnswer();
  }
}

void AnswerFlow::continueAnswer() {
  ConversationModel& conversation = session_.conversation();
  if (!session_.id() || isAnswering() || conversation.items().empty() || !imagesAreThere()) return;
  const int row = conversation.rowCount() - 1;
  const ConversationItem item = conversation.at(row);
  const MessageId id = item.message.id;
  if (!item.canContinue()) return;
  readQuestionBefore(session_, row);
  if (!succeeded(*this, store_.resumeAnswer(id))) return;
  AnswerBegun begun{item.message.raw, std::nullopt, {}};
  const std::vector<SessionImage> all = session_.images();
  if (session_.promptImages() > 0) {  // as the engine: boxes belong to the last image
    const std::vector<GroundedBox>& boxes = item.message.boxes;
    const bool isPlaced = !boxes.empty() && boxes[0].image < all.size();
    begun.image = isPlaced ? boxes[0].image : all.size() - 1;
    begun.size = all[*begun.image].attachment.image.size;
  }
  recorder_.resume(*session_.id(), id, std::move(begun), session_.request());
  conversation.change(row, [](ConversationItem& running) {
    running.message.state = MessageState::Streaming;
    running.message.summary.reset();
  });
  session_.showProgress(id);
  sessions_.setRunning(*session_.id(), true);
  emit answeringChanged();
}

void AnswerFlow::boxArrived(MessageId answer, const GroundedBox& box) {
  ConversationModel& conversation = session_.conversation();
  const std::optional<int> row = conversation.rowOf(answer);
  if (!row) return;
  conversation.change(*row, [&](ConversationItem& item) { item.message.boxes.push_back(box); });
  emit boxesChanged(box.image);
}

void AnswerFlow::answerEnded(SessionId session, const StoredMessage& answer) {
  sessions_.setRunning(session, recorder_.isRunning(session));
  organizer_.reload();
  ConversationModel& conversation = session_.conversation();
  if (const std::optional<int> row = conversation.rowOf(answer.id)) {
    conversation.change(*row, [&](ConversationItem& item) {
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
