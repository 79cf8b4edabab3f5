#include "ui/window/notice_bar.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr int kIconSide = 18;

QIcon iconOf(NoticeBar::Kind kind) {
  switch (kind) {
    case NoticeBar::Kind::Info:
      return themeIcon("info");
    case NoticeBar::Kind::Warning:
      return themeIcon("warning");
    case NoticeBar::Kind::Error:
      break;
  }
  return themeIcon("error", Theme::colours().error);
}

}  // namespace

NoticeBar::NoticeBar(QWidget* parent)
    : QFrame(parent),
      icon_(new QLabel(this)),
      text_(new QLabel(this)),
      buttons_(new QHBoxLayout),
      close_(new QToolButton(this)) {
  setObjectName("notice");
  text_->setTextFormat(Qt::PlainText);
  text_->setAccessibleName(tr("Notice"));
  text_->setWordWrap(true);
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  icon_->setFixedSize(kIconSide, kIconSide + 2);
  icon_->setAlignment(Qt::AlignBottom);
  close_->setIcon(themeIcon("close"));
  close_->setIconSize(QSize(14, 14));
  close_->setAccessibleName(tr("Close this notice"));
  close_->setToolTip(tr("Close"));
  close_->hide();
  connect(close_, &QToolButton::clicked, this, &NoticeBar::hide);

  auto* column = new QVBoxLayout;
  column->setSpacing(8);
  column->addWidget(text_);
  column->addLayout(buttons_);
  buttons_->setSpacing(8);
  buttons_->addStretch(1);

  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 10, 8, 10);
  row->setSpacing(10);
  row->addWidget(icon_, 0, Qt::AlignTop);
  row->addLayout(column, 1);
  row->addWidget(close_, 0, Qt::AlignTop);
}

void NoticeBar::setNotice(Kind kind, const QString& text) {
  for (QPushButton* button : findChildren<QPushButton*>()) {
    button->hide();
    button->deleteLater();  // it may be the one that was just clicked
  }
  kind_ = kind;
  showIcon();
  text_->setText(text);
  text_->setAccessibleName(text);
  setProperty("kind", kind == Kind::Error ? "error" : "info");
  style()->unpolish(this);
  style()->polish(this);
  show();
}

void NoticeBar::showIcon() {
  icon_->setPixmap(iconOf(kind_).pixmap(QSize(kIconSide, kIconSide), devicePixelRatioF()));
}

void NoticeBar::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) showIcon();
  QFrame::changeEvent(event);
}

QString NoticeBar::text() const { return text_->text(); }

QPushButton* NoticeBar::addButton(const QString& text) {
  auto* button = new QPushButton(text, this);
  button->setAccessibleName(text);
  buttons_->insertWidget(buttons_->count() - 1, button);  // before the stretch
  return button;
}

void NoticeBar::setClosable(bool closable) { close_->setVisible(closable); }

int NoticeBar::heightFor(int width) const { return layout()->totalHeightForWidth(width); }

}  // namespace vl
