#include "ui/chat/answer_widget.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <algorithm>
#include <functional>

#include "ui/answer/answer_json.h"
#include "ui/chat/box_warnings.h"
#include "ui/chat/branch_switch.h"
#include "ui/chat/message_text.h"
#include "ui/chat/progress_text.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/theme.h"
#include "ui/window/activity_bar.h"
#include "ui/window/notice_bar.h"

namespace vl {
namespace {

constexpr int kGap = 8;

}  // namespace

AnswerWidget::AnswerWidget(LabelPalette& palette, QWidget* parent)
    : MessageWidget(parent),
      text_(new MessageText(this)),
      document_(*text_->document(), palette),
      activity_(new ActivityBar(this)),
      notice_(new NoticeBar(this)),
      warnings_(new BoxWarnings(this)),
      footer_(new QWidget(this)),
      branches_(new BranchSwitch(footer_)),
      continue_(new QPushButton(tr("Continue"), footer_)),
      details_(new QLabel(this)),
      facts_(new ElidedLabel(Qt::ElideRight, footer_)) {
  text_->setAccessibleName(tr("Answer"));
  text_->hide();
  connect(text_, &MessageText::phrasePointed, this, &MessageWidget::phrasePointed);
  connect(text_, &MessageText::phrasePicked, this, &MessageWidget::phrasePicked);

  auto* row = new QHBoxLayout(footer_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(2);
  facts_->setProperty("role", "muted");
  row->addWidget(facts_);
  row->addSpacing(4);
  row->addWidget(branches_);
  copy_ = addTool("copy", tr("Copy the answer"));
  retry_ = addTool("retry", tr("Answer again"));
  info_ = addTool("info", tr("How it went"));
  more_ = addTool("more", tr("More"));
  row->addSpacing(4);
  row->addWidget(continue_);
  row->addStretch(1);
  continue_->setAccessibleName(tr("Continue the answer"));
  connect(continue_, &QPushButton::clicked, this, &MessageWidget::continueWanted);
  connect(branches_, &BranchSwitch::branchWanted, this, &MessageWidget::branchWanted);
  addCopyMenu();
  addDetails();
  connect(retry_, &QToolButton::clicked, this, &MessageWidget::retryWanted);
}

QToolButton* AnswerWidget::addTool(const QString& icon, const QString& text) {
  auto* button = new QToolButton(footer_);
  button->setIcon(themeIcon(icon));
  button->setIconSize(QSize(16, 16));
  button->setToolTip(text);
  button->setAccessibleName(text);
  footer_->layout()->addWidget(button);
  return button;
}

void AnswerWidget::addCopyMenu() {
  auto* menu = new QMenu(more_);
  const auto add = [&](const QString& name, const std::function<QString()>& content) {
    QAction* action = menu->addAction(name);
    connect(action, &QAction::triggered, this,
            [content] { QGuiApplication::clipboard()->setText(content()); });
    return action;
  };
  const auto text = [this] { return plainText(*text_->document()); };
  QAction* copyText = add(tr("Copy as text"), text);
  add(tr("Copy as Markdown"), [this] { return answerMarkdown(answer_); });
  add(tr("Copy with boxes as JSON"), [this, text] { return answerJson(text(), boxes_); });
  more_->setMenu(menu);
  more_->setPopupMode(QToolButton::InstantPopup);
  connect(copy_, &QToolButton::clicked, copyText, &QAction::trigger);
}

void AnswerWidget::addDetails() {
  details_->setProperty("role", "muted");
  details_->setTextFormat(Qt::PlainText);
  details_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  details_->setAccessibleName(tr("How the answer went"));
  details_->setWordWrap(true);
  details_->hide();
  info_->setCheckable(true);
  connect(info_, &QToolButton::toggled, this, [this](bool open) {
    details_->setVisible(open);
    emit heightChanged();
  });
}

void AnswerWidget::setItem(const ConversationItem& item) {
  showText(item);
  boxes_ = item.message.boxes;
  activity_->setVisible(item.isRunning());
  activity_->setActivity(item.activity, item.activityDone);
  showNotice(item);
  showFooter(item);
}

void AnswerWidget::showText(const ConversationItem& item) {
  const std::string& raw = item.message.raw;
  if (raw == raw_ && ended_ == !item.isRunning()) return;
  if (!item.isRunning()) {
    answer_ = parseGrounding(raw);
  } else {
    const bool grew = !ended_ && raw.starts_with(raw_);
    if (!grew) parser_ = GroundingParser();
    parser_.feed(std::string_view(raw).substr(grew ? raw_.size() : 0));
    answer_ = parser_.result();
  }
  raw_ = raw;
  ended_ = !item.isRunning();
  document_.show(answer_);
  text_->setVisible(!text_->document()->isEmpty());
}

void AnswerWidget::showNotice(const ConversationItem& item) {
  const bool failed = item.message.state == MessageState::Failed;
  if (!failed) {
    notice_->hide();
    return;
  }
  notice_->setNotice(NoticeBar::Kind::Error, QString::fromStdString(item.message.error));
  if (!item.isLast) return;
  QPushButton* again = notice_->addButton(tr("Try again"));
  connect(again, &QPushButton::clicked, this, &MessageWidget::retryWanted);
  QPushButton* edit = notice_->addButton(tr("Edit the question"));
  connect(edit, &QPushButton::clicked, this, &MessageWidget::takeBackWanted);
}

void AnswerWidget::showFooter(const ConversationItem& item) {
  const bool ended = !item.isRunning();
  const bool hasText = !text_->document()->isEmpty();
  const bool failed = item.message.state == MessageState::Failed;
  const QString facts = answerFacts(item.message);
  copy_->setVisible(hasText);
  more_->setVisible(hasText);
  retry_->setVisible(!failed);
  continue_->setVisible(item.canContinue());
  branches_->setBranches(item.message.siblings, item.message.id);
  warnings_->setWarnings(ended ? answer_.warnings : std::vector<std::string>(), raw_);
  facts_->setFullText(facts);
  facts_->setVisible(!facts.isEmpty());
  details_->setText(answerDetails(item.message));
  info_->setVisible(!details_->text().isEmpty());
  details_->setVisible(!info_->isHidden() && info_->isChecked());
  footer_->setVisible(ended && (hasText || !failed || !branches_->isHidden()));
}

int AnswerWidget::arrange(int width) {
  int y = 0;
  const auto place = [&](QWidget* widget, int height) {
    if (widget->isHidden()) return;
    widget->setGeometry(0, y, width, height);
    y += height + kGap;
  };
  if (!text_->isHidden()) place(text_, text_->heightFor(width));
  place(activity_, activity_->sizeHint().height());
  if (!notice_->isHidden()) place(notice_, notice_->heightFor(width));
  if (!warnings_->isHidden()) place(warnings_, warnings_->heightFor(width));
  place(footer_, footer_->sizeHint().height());
  if (!details_->isHidden()) place(details_, details_->heightForWidth(width));
  return std::max(y - kGap, 0);
}

void AnswerWidget::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) document_.redraw();
  MessageWidget::changeEvent(event);
}

}  // namespace vl
