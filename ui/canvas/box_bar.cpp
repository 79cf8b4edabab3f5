#include "ui/canvas/box_bar.h"

#include <QAction>
#include <QBoxLayout>
#include <QToolButton>
#include <algorithm>

#include "ui/canvas/picture_drag.h"

namespace vl {
namespace {

constexpr int kGap = 10;
constexpr int kLabelGap = 30;  // above a box stands its label
constexpr int kEdge = 4;

}  // namespace

BoxBar::BoxBar(const std::vector<QAction*>& actions, QWidget* parent)
    : QFrame(parent), handle_(new DragHandle(this)) {
  setObjectName("boxBar");
  setCursor(Qt::ArrowCursor);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(4, 3, 4, 3);
  row->setSpacing(1);
  row->addWidget(handle_);
  row->addSpacing(3);
  for (QAction* action : actions) {
    auto* button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setIconSize(QSize(18, 18));
    button->setAccessibleName(action->text());
    row->addWidget(button);
  }
  hide();
}

void BoxBar::showBeside(const QRectF& part, QWidget* canvas) {
  if (parentWidget() != canvas) setParent(canvas);
  adjustSize();
  QPoint corner(static_cast<int>(part.left()), static_cast<int>(part.bottom()) + kGap);
  if (corner.y() + height() > canvas->height() - kEdge) {
    corner.setY(static_cast<int>(part.top()) - height() - kLabelGap);
  }
  if (corner.y() < kEdge) {  // the part fills the view
    corner.setY(std::min(static_cast<int>(part.bottom()), canvas->height()) - height() - kGap);
  }
  corner.setX(std::clamp(corner.x(), kEdge, std::max(canvas->width() - width() - kEdge, kEdge)));
  corner.setY(std::clamp(corner.y(), kEdge, std::max(canvas->height() - height() - kEdge, kEdge)));
  move(corner);
  show();
  raise();
}

}  // namespace vl
