#include "ui/canvas/browse_tool.h"

#include <QApplication>

#include "ui/canvas/image_canvas.h"

namespace vl {

Qt::CursorShape BrowseTool::cursor() const {
  return dragging_ ? Qt::ClosedHandCursor : Qt::ArrowCursor;
}

void BrowseTool::press(ImageCanvas& /*canvas*/, const QMouseEvent& event) {
  if (event.button() != Qt::LeftButton && event.button() != Qt::MiddleButton) return;
  down_ = true;
  pressedAt_ = last_ = event.position();
}

void BrowseTool::move(ImageCanvas& canvas, const QMouseEvent& event) {
  if (!down_) {
    canvas.pointAt(event.position());
    return;
  }
  const double moved = (event.position() - pressedAt_).manhattanLength();
  dragging_ = dragging_ || moved >= QApplication::startDragDistance();
  if (dragging_ && canvas.isFitted()) {  // nothing to pan
    down_ = dragging_ = false;           // whoever takes it gets the release
    canvas.dragOut();
    return;
  }
  if (dragging_) canvas.panBy(event.position() - last_);
  last_ = event.position();
}

void BrowseTool::release(ImageCanvas& canvas, const QMouseEvent& event) {
  if (down_ && !dragging_ && event.button() == Qt::LeftButton) canvas.pickAt(event.position());
  down_ = dragging_ = false;
}

}  // namespace vl
