#include "ui/chat/chat_pane.h"

#include <QBoxLayout>
#include <QPushButton>
#include <QStackedWidget>
#include <utility>

#include "ui/chat/chat_controller.h"
#include "ui/chat/conversation_view.h"
#include "ui/composer/attachment_list.h"
#include "ui/composer/budget_bar.h"
#include "ui/composer/budget_notices.h"
#include "ui/composer/budget_watch.h"
#include "ui/composer/composer.h"
#include "ui/composer/composer_edit.h"
#include "ui/engine/model_loader.h"
#include "ui/window/notice_bar.h"
#include "ui/window/welcome_page.h"

namespace vl {
namespace {

constexpr int kWidestColumn = 800;  // the conversation's column and a little more
constexpr int kMostRefusals = 4;    // that are shown as lines of one notice

QString refusalText(const QStringList& refusals) {
  QStringList lines = refusals.mid(0, kMostRefusals);
  const auto more = static_cast<int>(refusals.size() - lines.size());
  if (more > 0) lines << ChatPane::tr("… and %n more", nullptr, more);
  return lines.join('\n');
}

}  // namespace

ChatPane::ChatPane(ChatController& controller, ModelLoader& model, AttachmentList& attachments,
                   ImageLoader& loader, LabelPalette& palette, const std::vector<QString>& samples,
                   QWidget* parent)
    : QWidget(parent),
      controller_(controller),
      model_(model),
      attachments_(attachments),
      stack_(new QStackedWidget(this)),
      welcome_(new WelcomePage(loader, samples, this)),
      conversation_(new ConversationView(controller.conversation(), loader, palette, this)),
      modelNotice_(new NoticeBar(this)),
      problem_(new NoticeBar(this)),
      budgetNotices_(new BudgetNotices(this)),
      composer_(new Composer(attachments, loader, this)),
      budgetBar_(new BudgetBar(this)),
      budget_(new BudgetWatch(this)),
      editing_(new NoticeBar(this)),
      lower_(new QWidget(this)) {
  setObjectName("conversationPane");
  setAttribute(Qt::WA_StyledBackground);
  setMinimumWidth(340);
  stack_->addWidget(welcome_);
  stack_->addWidget(conversation_);
  problem_->setClosable(true);
  problem_->hide();
  editing_->hide();

  auto* column = new QVBoxLayout(lower_);
  column->setContentsMargins(16, 8, 16, 8);
  column->setSpacing(8);
  column->addWidget(modelNotice_);
  column->addWidget(problem_);
  column->addWidget(budgetNotices_);
  column->addWidget(editing_);
  column->addWidget(composer_);
  column->addWidget(budgetBar_);
  lower_->setMaximumWidth(kWidestColumn);
  auto* row = new QHBoxLayout;
  row->addStretch(1);
  row->addWidget(lower_, 1000);
  row->addStretch(1);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->setSpacing(0);
  outer->addWidget(stack_, 1);
  outer->addLayout(row);

  connect(welcome_, &WelcomePage::openWanted, this, &ChatPane::openWanted);
  connect(welcome_, &WelcomePage::modelsWanted, this, &ChatPane::modelWanted);
  connect(welcome_, &WelcomePage::samplePicked, &attachments_, &AttachmentList::addFile);
  connect(composer_, &Composer::openWanted, this, &ChatPane::openWanted);
  connect(composer_, &Composer::asked, this, &ChatPane::ask);
  connect(composer_, &Composer::stopWanted, &controller_, &ChatController::stop);
  connect(conversation_, &ConversationView::retryWanted, this, [this](MessageId answer) {
    whenItFits(answer, [this, answer] { controller_.answerAgain(answer); });
  });
  connect(conversation_, &ConversationView::continueWanted, this,
          [this] { whenItFits(std::nullopt, [this] { controller_.continueAnswer(); }); });
  connect(conversation_, &ConversationView::branchWanted, &controller_,
          &ChatController::showBranch);
  connect(conversation_, &ConversationView::editWanted, this, &ChatPane::edit);
  connect(conversation_, &ConversationView::takeBackWanted, this, &ChatPane::takeBackQuestion);
  connect(&composer_->edit(), &ComposerEdit::editLastWanted, this, [this] {
    if (const auto question = controller_.lastQuestion()) edit(*question);
  });
  connect(&controller_, &ChatController::sessionShown, this, [this] {
    askWhenMeasured_ = false;  // that was another question
    stopEditing();
  });
  connect(&controller_, &ChatController::problem, this, &ChatPane::showProblem);
  connect(&attachments_, &AttachmentList::refused, this, &ChatPane::showRefusal);
  connect(&attachments_, &AttachmentList::ready, composer_, &Composer::focusText);
  connect(&controller_, &ChatController::sessionShown, this, &ChatPane::refresh);
  connect(&controller_, &ChatController::sessionShown, problem_, &NoticeBar::hide);
  connect(&controller_, &ChatController::imagesChanged, this, &ChatPane::refresh);
  connect(&controller_, &ChatController::answeringChanged, this, &ChatPane::refresh);
  connect(&model_, &ModelLoader::stateChanged, this, &ChatPane::showModelState);
  connectBudget();
  showModelState();
  refresh();
}

bool ChatPane::focusNextPrevChild(bool next) {
  // what has gone with its click leaves the focus here, not in the list of sessions
  const QWidget* focused = focusWidget();
  if (focused == nullptr || (focused->isVisible() && focused->isEnabled())) {
    return QWidget::focusNextPrevChild(next);
  }
  composer_->focusText();
  return true;
}

void ChatPane::connectBudget() {
  connect(&composer_->edit(), &QPlainTextEdit::textChanged, this, &ChatPane::updatePrompt);
  connect(&composer_->edit(), &QPlainTextEdit::textChanged, this, &ChatPane::draftChanged);
  connect(&attachments_, &AttachmentList::changed, this, &ChatPane::updatePrompt);
  connect(&attachments_, &AttachmentList::changed, this, &ChatPane::draftChanged);
  connect(&controller_, &ChatController::contextChanged, this, &ChatPane::updatePrompt);
  connect(budget_, &BudgetWatch::measured, this, &ChatPane::showBudget);
  connect(conversation_, &ConversationView::wholeContextWanted, &controller_,
          &ChatController::readEverything);
  connect(budgetNotices_, &BudgetNotices::leaveOutWanted, &controller_,
          &ChatController::leaveOutOldest);
  connect(budgetNotices_, &BudgetNotices::untileWanted, this,
          [this] { controller_.setTiling(false); });
  connect(budgetNotices_, &BudgetNotices::newSessionWanted, this, [this] {
    keepEdited();
    QuestionDraft question = composed();
    setDraft({});
    controller_.newSession();
    const QuestionDraft other = composed();  // a new session that was begun before
    if (!other.text.isEmpty()) question.text += '\n' + other.text;
    question.images.insert(question.images.end(), other.images.begin(), other.images.end());
    setDraft(question);
  });
  connect(budgetNotices_, &BudgetNotices::dropImageWanted, this,
          [this] { attachments_.remove(attachments_.entries().back().ticket); });
}

void ChatPane::updatePrompt() {
  std::vector<MeteredTurn> turns = controller_.promptTurns(edited_);
  MeteredTurn question{ChatRole::User, composer_->text().trimmed().toStdString(), {}};
  for (const AttachmentList::Entry& entry : attachments_.entries()) {
    if (entry.image) question.images.push_back(entry.image->attachment.image.size);
  }
  turns.push_back(std::move(question));
  const bool tiling = controller_.context().tiling;
  budgetNotices_->setImages(controller_.promptImages(edited_), attachments_.entries().size(),
                            tiling);
  budget_->setPrompt(std::move(turns), tiling, controller_.answerSettings().contextTokens);
}

void ChatPane::showBudget() {
  const std::optional<PromptBudget>& budget = budget_->budget();
  budgetBar_->setSize(budget ? std::optional(budget->size) : std::nullopt);
  budgetNotices_->setBudget(budget);
  if (std::exchange(askWhenMeasured_, false)) ask();
}

void ChatPane::refresh() {
  if (edited_ && !controller_.conversation().rowOf(*edited_)) stopEditing();  // another branch
  const bool empty = controller_.conversation().rowCount() == 0;
  stack_->setCurrentWidget(empty ? static_cast<QWidget*>(welcome_) : conversation_);
  composer_->setAnswering(controller_.isAnswering());
  updatePrompt();
}

void ChatPane::ask() {
  askWhenMeasured_ = budget_->isMeasuring();
  if (askWhenMeasured_) {
    budget_->measureNow();
    return;
  }
  const std::optional<PromptBudget>& budget = budget_->budget();
  if (!budget || budget->size.fits()) submit();  // otherwise a notice says what can be done
}

void ChatPane::whenItFits(std::optional<MessageId> end, const std::function<void()>& begin) {
  budget_->measureOther(
      controller_.promptTurns(end), controller_.context().tiling,
      controller_.answerSettings().contextTokens,
      [this, begin,
       session = controller_.shownSession()](const std::optional<PromptBudget>& budget) {
        if (session != controller_.shownSession()) return;
        if (!budget || budget->size.fits()) {
          begin();
          return;
        }
        budgetNotices_->setBudget(budget);
        showProblem(
            tr("The answer was not begun: what the model would have to read before it is "
               "too long."));
      });
}

void ChatPane::submit() {
  const QuestionDraft question = composed();
  std::vector<Attachment> attachments;
  for (const SessionImage& image : question.images) attachments.push_back(image.attachment);
  const bool editing = edited_.has_value();
  if (!editing) composer_->clear();  // asking may show a new session, with a draft of its own
  if (controller_.ask(question.text, attachments, edited_)) {
    stopEditing();
    conversation_->scrollToEnd();
  } else if (!editing) {
    compose(question);
  }
}

void ChatPane::edit(MessageId question) {
  const std::optional<QuestionDraft> draft = controller_.draftOf(question);
  if (!draft || controller_.isAnswering() || !attachments_.isReady()) return;
  if (!edited_) held_ = composed();
  composer_->clear();
  compose(*draft);
  edited_ = question;
  editing_->setNotice(NoticeBar::Kind::Info,
                      tr("You are editing a question. The old one and what followed it stay, as "
                         "another version."));
  connect(editing_->addButton(tr("Cancel")), &QPushButton::clicked, this, &ChatPane::stopEditing);
  updatePrompt();
}

void ChatPane::stopEditing() {
  if (!std::exchange(edited_, std::nullopt)) return;
  editing_->hide();
  composer_->clear();
  compose(std::exchange(held_, {}));
  updatePrompt();
}

/// What is edited becomes a new question.
void ChatPane::keepEdited() {
  if (!std::exchange(edited_, std::nullopt)) return;
  editing_->hide();
  compose(std::exchange(held_, {}));
}

QuestionDraft ChatPane::composed() const {
  QuestionDraft draft{composer_->text(), {}};
  for (const AttachmentList::Entry& entry : attachments_.entries()) {
    if (entry.image) draft.images.push_back({entry.image->attachment, entry.image->path});
  }
  return draft;
}

QuestionDraft ChatPane::draft() const { return edited_ ? held_ : composed(); }

void ChatPane::setDraft(const QuestionDraft& draft) {
  composer_->edit().clear();
  const std::vector<AttachmentList::Entry> entries = attachments_.entries();
  for (const AttachmentList::Entry& entry : entries) {
    if (entry.image) attachments_.remove(entry.ticket);
  }
  for (const SessionImage& image : draft.images) {
    attachments_.addStored({image.attachment, image.path});
  }
  if (!draft.text.isEmpty()) composer_->setText(draft.text);
}

void ChatPane::takeBackQuestion() {
  const std::optional<QuestionDraft> question = controller_.takeBackQuestion();
  if (question) compose(*question);
}

/// Before what is being written already.
void ChatPane::compose(const QuestionDraft& draft) {
  QuestionDraft whole = composed();
  whole.images.insert(whole.images.begin(), draft.images.begin(), draft.images.end());
  if (whole.text.trimmed().isEmpty()) {
    whole.text = draft.text;
  } else if (!draft.text.isEmpty()) {
    whole.text.prepend(draft.text + '\n');
  }
  setDraft(whole);
  composer_->focusText();
}

void ChatPane::showProblem(const QString& text) {
  problem_->setNotice(NoticeBar::Kind::Warning, text);
}

/// Below those that stand there: several files may have been added at once.
void ChatPane::showRefusal(const QString& text) {
  const bool follows = !problem_->isHidden() && problem_->text() == refusalText(refusals_);
  if (!follows) refusals_.clear();
  if (!refusals_.contains(text)) refusals_ << text;
  showProblem(refusalText(refusals_));
}

void ChatPane::showModelState() {
  if (model_.state() == ModelLoader::State::Ready) budget_->setModel(model_.folder());
  switch (model_.state()) {
    case ModelLoader::State::Loading:
    case ModelLoader::State::Ready:
      modelNotice_->hide();
      return;
    case ModelLoader::State::NoModel:
      budget_->setModel({});
      modelNotice_->setNotice(NoticeBar::Kind::Info,
                              tr("No model is loaded, so nothing can be answered yet."));
      break;
    case ModelLoader::State::Failed:
      modelNotice_->setNotice(NoticeBar::Kind::Error, QString::fromStdString(model_.error().what));
      if (model_.error().code == ErrorCode::OutOfMemory) {
        connect(modelNotice_->addButton(tr("Load anyway")), &QPushButton::clicked, this,
                [this] { model_.loadAgain(true); });
      } else {
        connect(modelNotice_->addButton(tr("Try again")), &QPushButton::clicked, this,
                [this] { model_.loadAgain(false); });
      }
      break;
  }
  connect(modelNotice_->addButton(tr("Models…")), &QPushButton::clicked, this,
          &ChatPane::modelWanted);
}

}  // namespace vl
