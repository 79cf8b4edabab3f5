#include "ui/chat_pane.h"

#include <QBoxLayout>
#include <QPushButton>
#include <QStackedWidget>
#include <utility>

#include "ui/attachment_list.h"
#include "ui/chat_controller.h"
#include "ui/composer.h"
#include "ui/conversation_view.h"
#include "ui/model_loader.h"
#include "ui/notice_bar.h"
#include "ui/welcome_page.h"

namespace vl {
namespace {

constexpr int kWidestColumn = 800;  // the conversation's column and a little more

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
      composer_(new Composer(attachments, loader, this)) {
  setObjectName("conversationPane");
  setAttribute(Qt::WA_StyledBackground);
  setMinimumWidth(340);
  stack_->addWidget(welcome_);
  stack_->addWidget(conversation_);
  problem_->setClosable(true);
  problem_->hide();

  auto* column = new QVBoxLayout;
  column->setContentsMargins(16, 8, 16, 16);
  column->setSpacing(8);
  column->addWidget(modelNotice_);
  column->addWidget(problem_);
  column->addWidget(composer_);
  auto* held = new QWidget(this);
  held->setLayout(column);
  held->setMaximumWidth(kWidestColumn);
  auto* row = new QHBoxLayout;
  row->addStretch(1);
  row->addWidget(held, 1000);
  row->addStretch(1);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->setSpacing(0);
  outer->addWidget(stack_, 1);
  outer->addLayout(row);

  connect(welcome_, &WelcomePage::openWanted, this, &ChatPane::openWanted);
  connect(welcome_, &WelcomePage::samplePicked, &attachments_, &AttachmentList::addFile);
  connect(composer_, &Composer::openWanted, this, &ChatPane::openWanted);
  connect(composer_, &Composer::asked, this, &ChatPane::ask);
  connect(composer_, &Composer::stopWanted, &controller_, &ChatController::stop);
  connect(conversation_, &ConversationView::retryWanted, &controller_,
          &ChatController::answerAgain);
  connect(conversation_, &ConversationView::editWanted, this, &ChatPane::editLastQuestion);
  connect(&controller_, &ChatController::problem, this, &ChatPane::showProblem);
  connect(&attachments_, &AttachmentList::refused, this, &ChatPane::showProblem);
  connect(&attachments_, &AttachmentList::ready, composer_, &Composer::focusText);
  connect(&controller_, &ChatController::sessionShown, this, &ChatPane::refresh);
  connect(&controller_, &ChatController::sessionShown, problem_, &NoticeBar::hide);
  connect(&controller_, &ChatController::imagesChanged, this, &ChatPane::refresh);
  connect(&controller_, &ChatController::answeringChanged, this, &ChatPane::refresh);
  connect(&model_, &ModelLoader::stateChanged, this, &ChatPane::showModelState);
  showModelState();
  refresh();
}

void ChatPane::refresh() {
  const bool empty = controller_.conversation().rowCount() == 0;
  stack_->setCurrentWidget(empty ? static_cast<QWidget*>(welcome_) : conversation_);
  composer_->setAnswering(controller_.isAnswering());
  composer_->setImagesBefore(controller_.images().size());
}

void ChatPane::ask() {
  std::vector<Attachment> attachments;
  for (const AttachmentList::Entry& entry : attachments_.entries()) {
    attachments.push_back(entry.image->attachment);
  }
  if (!controller_.ask(composer_->text(), attachments)) return;
  composer_->clear();
  conversation_->scrollToEnd();
}

void ChatPane::editLastQuestion() {
  const std::optional<TakenBackQuestion> question = controller_.takeBackQuestion();
  if (!question) return;
  if (attachments_.isEmpty()) {
    for (const SessionImage& image : question->images) {
      attachments_.addStored({image.attachment, image.path});
    }
  }
  const QString draft = composer_->text();
  composer_->setText(draft.trimmed().isEmpty() ? question->text : question->text + '\n' + draft);
}

void ChatPane::showProblem(const QString& text) {
  problem_->setNotice(NoticeBar::Kind::Warning, text);
}

void ChatPane::showModelState() {
  switch (model_.state()) {
    case ModelLoader::State::Loading:
    case ModelLoader::State::Ready:
      modelNotice_->hide();
      return;
    case ModelLoader::State::NoModel:
      modelNotice_->setNotice(NoticeBar::Kind::Info,
                              tr("No model was found. Choose the folder of a DeepSeek-VL2 model: "
                                 "it holds config.json and *.safetensors."));
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
  connect(modelNotice_->addButton(tr("Choose a model folder…")), &QPushButton::clicked, this,
          &ChatPane::modelWanted);
}

}  // namespace vl
