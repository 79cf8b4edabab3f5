#include "ui/window/toast.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <algorithm>
#include <utility>

namespace vl {
namespace {

constexpr int kShownMs = 8000;
constexpr int kMargin = 16;

}  // namespace

Toast::Toast(QWidget* base, QWidget* parent)
    : QFrame(parent), base_(base), text_(new QLabel(this)), action_(new QPushButton(this)) {
  setObjectName("toast");
  text_->setTextFormat(Qt::PlainText);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(16, 8, 8, 8);
  row->setSpacing(12);
  row->addWidget(text_, 1);
  row->addWidget(action_);
  action_->setAccessibleName(tr("Undo"));
  timer_.setInterval(kShownMs);
  connect(&timer_, &QTimer::timeout, this, &Toast::leave);
  connect(action_, &QPushButton::clicked, this, [this] {
    hide();
    if (const auto run = std::exchange(run_, nullptr)) run();
  });
  parent->installEventFilter(this);
  base->installEventFilter(this);
  hide();
}

void Toast::show(const QString& text, const QString& action, std::function<void()> run) {
  action_->setText(action);
  action_->setAccessibleName(action);
  const QMargins margins = layout()->contentsMargins();
  const int taken = margins.left() + margins.right() + layout()->spacing() +
                    action_->sizeHint().width() + 2 * kMargin;
  text_->setText(text_->fontMetrics().elidedText(text, Qt::ElideMiddle, base_->width() - taken));
  run_ = std::move(run);
  QFrame::show();
  place();
  raise();
  timer_.start();
}

void Toast::leave() {
  if (underMouse() || action_->hasFocus()) return;  // the timer goes on
  timer_.stop();
  hide();
}

void Toast::place() {
  adjustSize();
  const QPoint middle = base_->mapTo(parentWidget(), QPoint(base_->width() / 2, 0));
  const int rightmost = parentWidget()->width() - width() - kMargin;
  move(std::clamp(middle.x() - width() / 2, std::min(kMargin, rightmost), rightmost),
       middle.y() - height() - kMargin);
}

bool Toast::eventFilter(QObject* watched, QEvent* event) {
  const bool moves = event->type() == QEvent::Resize || event->type() == QEvent::Move;
  if (moves && isVisible()) place();
  return QFrame::eventFilter(watched, event);
}

}  // namespace vl
