#include "ui/answer_widget.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <algorithm>

#include "ui/activity_bar.h"
#include "ui/elided_label.h"
#include "ui/message_text.h"
#include "ui/notice_bar.h"
#include "ui/progress_text.h"
#include "ui/theme.h"

namespace vl {
namespace {

constexpr int kGap = 8;

}  // namespace

AnswerWidget::AnswerWidget(LabelPalette& palette, QWidget* parent)
    : MessageWidget(parent),
      palette_(palette),
      text_(new MessageText(this)),
      activity_(new ActivityBar(this)),
      notice_(new NoticeBar(this)),
      footer_(new QWidget(this)),
      warning_(new QLabel(tr("Some boxes could not be read"), footer_)),
      facts_(new ElidedLabel(Qt::ElideRight, footer_)) {
  text_->setAccessibleName(tr("Answer"));
  connect(text_, &MessageText::phrasePointed, this, &MessageWidget::phrasePointed);
  connect(text_, &MessageText::phrasePicked, this, &MessageWidget::phrasePicked);

  auto* row = new QHBoxLayout(footer_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(2);
  for (QLabel* label : {static_cast<QLabel*>(facts_), warning_}) {
    label->setProperty("role", "muted");
    row->addWidget(label);
    row->addSpacing(4);
  }
  copy_ = addTool("copy", tr("Copy the answer"));
  retry_ = addTool("retry", tr("Answer again"));
  row->addStretch(1);
  connect(copy_, &QToolButton::clicked, this,
          [this] { QGuiApplication::clipboard()->setText(readable_); });
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

void AnswerWidget::setItem(const ConversationItem& item) {
  if (item.message.raw != raw_ || readable_.isNull()) {
    raw_ = item.message.raw;
    showText();
  }
  activity_->setVisible(item.isRunning());
  activity_->setActivity(item.activity, item.activityDone);
  showNotice(item);
  showFooter(item);
}

void AnswerWidget::showText() {
  const GroundedText answer = parseGrounding(raw_);
  writeAnswer(*text_->document(), answer, palette_);
  text_->setVisible(!text_->document()->isEmpty());
  readable_ = text_->toPlainText();
  warnings_.clear();
  for (const std::string& warning : answer.warnings) warnings_ << QString::fromStdString(warning);
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
  connect(edit, &QPushButton::clicked, this, &MessageWidget::editWanted);
}

void AnswerWidget::showFooter(const ConversationItem& item) {
  const bool ended = !item.isRunning();
  const bool hasText = !readable_.isEmpty();
  const bool failed = item.message.state == MessageState::Failed;
  const QString facts = answerFacts(item.message);
  copy_->setVisible(hasText);
  retry_->setVisible(item.isLast && !failed);
  warning_->setVisible(ended && !warnings_.isEmpty());
  warning_->setToolTip("<p>" + warnings_.join('\n').toHtmlEscaped().replace('\n', "<br>") + "</p>");
  facts_->setFullText(facts);
  facts_->setVisible(!facts.isEmpty());
  footer_->setVisible(ended && (hasText || !failed));
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
  place(footer_, footer_->sizeHint().height());
  return std::max(y - kGap, 0);
}

void AnswerWidget::changeEvent(QEvent* event) {
  // muted words have their colour in the text
  if (event->type() == QEvent::PaletteChange && !raw_.empty()) showText();
  MessageWidget::changeEvent(event);
}

}  // namespace vl
