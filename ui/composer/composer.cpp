#include "ui/composer/composer.h"

#include <QBoxLayout>
#include <QEvent>
#include <QFrame>
#include <QStyle>
#include <QToolButton>

#include "ui/composer/attachment_list.h"
#include "ui/composer/attachment_strip.h"
#include "ui/composer/composer_edit.h"
#include "ui/composer/prompt_highlighter.h"
#include "ui/composer/prompt_tasks.h"
#include "ui/composer/task_row.h"
#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr QSize kIconSize(18, 18);

bool isQuestion(const QString& text) { return !text.trimmed().isEmpty() && !lacksPhrase(text); }

}  // namespace

Composer::Composer(AttachmentList& attachments, ImageLoader& loader, QWidget* parent)
    : QWidget(parent),
      attachments_(attachments),
      card_(new QFrame(this)),
      edit_(new ComposerEdit(card_)),
      open_(addButton("attach", tr("Add images"))),
      tasks_(new TaskRow(card_)),
      action_(addButton("send", tr("Ask"))) {
  card_->setObjectName("composerCard");
  new PromptHighlighter(edit_->document());
  auto* strip = new AttachmentStrip(attachments_, loader, card_);
  open_->setToolTip(tr("Add images or PDF pages: open, drop or paste"));
  action_->setObjectName("askButton");
  action_->setProperty("role", "primary");

  auto* bottom = new QHBoxLayout;
  bottom->setSpacing(6);
  bottom->addWidget(open_);
  bottom->addWidget(tasks_, 1);
  bottom->addWidget(action_);
  auto* inside = new QVBoxLayout(card_);
  inside->setContentsMargins(12, 10, 10, 10);
  inside->setSpacing(6);
  inside->addWidget(strip);
  inside->addWidget(edit_);
  inside->addLayout(bottom);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(card_);

  connect(open_, &QToolButton::clicked, this, &Composer::openWanted);
  connect(action_, &QToolButton::clicked, this, [this] {
    if (answering_) {
      emit stopWanted();
    } else {
      ask();
    }
  });
  connect(tasks_, &TaskRow::picked, edit_, &ComposerEdit::insertForm);
  connect(strip, &AttachmentStrip::picked, this, &Composer::attachmentPicked);
  connect(edit_, &ComposerEdit::askWanted, this, &Composer::ask);
  connect(edit_, &ComposerEdit::mediaReceived, this,
          [this](const QMimeData& media) { attachments_.addMime(media); });
  connect(edit_, &ComposerEdit::textChanged, this, [this] {
    askWhenReady_ = false;
    refresh();
  });
  connect(&attachments_, &AttachmentList::changed, this, [this] {
    refresh();
    if (askWhenReady_ && attachments_.isReady()) ask();
  });
  edit_->installEventFilter(this);
  refresh();
}

QToolButton* Composer::addButton(const QString& icon, const QString& name) {
  auto* button = new QToolButton(card_);
  button->setIcon(themeIcon(icon));
  button->setIconSize(kIconSize);
  button->setAccessibleName(name);
  button->setToolTip(name);
  return button;
}

QString Composer::text() const { return edit_->toPlainText(); }

void Composer::setText(const QString& text) {
  edit_->setPlainText(text);
  edit_->moveCursor(QTextCursor::End);
  edit_->setFocus();
}

void Composer::clear() {
  edit_->clear();
  attachments_.clear();
}

void Composer::focusText() { edit_->setFocus(); }

void Composer::setAnswering(bool answering) {
  answering_ = answering;
  refresh();
}

void Composer::ask() {
  if (answering_ || !isQuestion(text())) return;
  askWhenReady_ = !attachments_.isReady();
  if (!askWhenReady_) emit asked();
}

void Composer::refresh() {
  const QColor onAccent = Theme::colours().accentText;
  action_->setEnabled(answering_ || isQuestion(text()));
  action_->setIcon(themeIcon(answering_ ? "stop" : "send",
                             action_->isEnabled() ? onAccent : Theme::colours().muted));
  action_->setAccessibleName(answering_ ? tr("Stop") : tr("Ask"));
  action_->setToolTip(answering_ ? tr("Stop the answer (Esc)") : tr("Ask (Enter)"));
}

void Composer::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) refresh();
  QWidget::changeEvent(event);
}

bool Composer::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) {
    card_->setProperty("focused", edit_->hasFocus());
    style()->unpolish(card_);
    style()->polish(card_);
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace vl
