#include "ui/canvas/edit_tool.h"

#include <QPainter>
#include <algorithm>
#include <utility>
#include <vector>

#include "ui/canvas/image_canvas.h"

namespace vl {
namespace {

constexpr double kHandle = 4.0;     // half a handle's side, widget pixels
constexpr double kGrab = 7.0;       // how near to a handle the mouse has to be
constexpr double kSmallest = 1.0;   // image pixels: a box never vanishes
constexpr double kFastStep = 10.0;  // with Ctrl
constexpr double kNewShare = 0.25;  // of the view: a box added by key

QRectF imageRect(const ImageCanvas& canvas) { return {QPointF(), QSizeF(canvas.image()->size())}; }

/// What of it is inside the image; unlike the operator &, also where that has no width or height.
QRectF inside(const QRectF& rect, const QRectF& image) {
  const QRectF box = rect.normalized();
  return {QPointF(std::clamp(box.left(), image.left(), image.right()),
                  std::clamp(box.top(), image.top(), image.bottom())),
          QPointF(std::clamp(box.right(), image.left(), image.right()),
                  std::clamp(box.bottom(), image.top(), image.bottom()))};
}

/// Inside the image, at least a pixel large.
QRectF kept(QRectF rect, const QRectF& image) {
  rect = inside(rect, image);
  rect.setWidth(std::max(rect.width(), kSmallest));
  rect.setHeight(std::max(rect.height(), kSmallest));
  rect.moveRight(std::min(rect.right(), image.right()));
  rect.moveBottom(std::min(rect.bottom(), image.bottom()));
  return rect;
}

/// Moved, without changing its size at the edges of the image.
QRectF moved(QRectF rect, QPointF by, const QRectF& image) {
  rect.translate(by);
  rect.moveLeft(std::clamp(rect.left(), image.left(), image.right() - rect.width()));
  rect.moveTop(std::clamp(rect.top(), image.top(), image.bottom() - rect.height()));
  return rect;
}

QRectF resized(QRectF rect, int x, int y, QPointF by) {
  if (x < 0) rect.setLeft(rect.left() + by.x());
  if (x > 0) rect.setRight(rect.right() + by.x());
  if (y < 0) rect.setTop(rect.top() + by.y());
  if (y > 0) rect.setBottom(rect.bottom() + by.y());
  return rect;
}

/// As by the arrows: its first corner stays, also where it cannot get smaller.
QRectF resizedByKeys(const QRectF& rect, QPointF by) {
  const QRectF now = resized(rect, 1, 1, by);
  return {rect.topLeft(),
          QSizeF(std::max(now.width(), kSmallest), std::max(now.height(), kSmallest))};
}

/// The eight handles of a box in image space, with the edges each one moves.
std::vector<std::pair<QPointF, std::pair<int, int>>> handlesOf(const QRectF& rect) {
  std::vector<std::pair<QPointF, std::pair<int, int>>> handles;
  for (const int y : {-1, 0, 1}) {
    for (const int x : {-1, 0, 1}) {
      if (x == 0 && y == 0) continue;
      handles.push_back(
          {{rect.center().x() + x * rect.width() / 2, rect.center().y() + y * rect.height() / 2},
           {x, y}});
    }
  }
  return handles;
}

}  // namespace

std::optional<EditTool::Edges> EditTool::handleAt(const ImageCanvas& canvas,
                                                  QPointF widgetPoint) const {
  const std::optional<std::size_t> box = canvas.focusedBox();
  if (!box) return std::nullopt;
  for (const auto& [place, edges] : handlesOf(canvas.boxes()[*box].rect)) {
    const QPointF apart = canvas.imageToWidget().map(place) - widgetPoint;
    if (std::max(std::abs(apart.x()), std::abs(apart.y())) <= kGrab) {
      return Edges{edges.first, edges.second};
    }
  }
  return std::nullopt;
}

void EditTool::press(ImageCanvas& canvas, const QMouseEvent& event) {
  if (event.button() != Qt::LeftButton || !canvas.hasImage()) return;
  const QPointF from = canvas.imageToWidget().inverted().map(event.position());
  if (const std::optional<Edges> edges = handleAt(canvas, event.position())) {
    const QRectF rect = canvas.boxes()[*canvas.focusedBox()].rect;
    drag_ = Drag{canvas.focusedBox(), *edges, rect, rect, from};
    return;
  }
  const std::optional<std::size_t> box = canvas.boxAt(event.position());
  canvas.focusBox(box);
  const QRectF rect = box ? canvas.boxes()[*box].rect : QRectF(from, from);
  drag_ = Drag{box, {}, rect, rect, from};
}

QRectF EditTool::dragged(const ImageCanvas& canvas, QPointF imagePoint) const {
  const QRectF image = imageRect(canvas);
  const QPointF by = imagePoint - drag_->from;
  if (!drag_->box) return inside(QRectF(drag_->from, imagePoint), image);
  if (drag_->edges.x == 0 && drag_->edges.y == 0) return moved(drag_->before, by, image);
  return kept(resized(drag_->before, drag_->edges.x, drag_->edges.y, by), image);
}

void EditTool::move(ImageCanvas& canvas, const QMouseEvent& event) {
  if (!canvas.hasImage()) return;
  if (drag_) {
    drag_->now = dragged(canvas, canvas.imageToWidget().inverted().map(event.position()));
    canvas.update();
    return;
  }
  const bool overBox = canvas.boxAt(event.position()).has_value();
  cursor_ = handleAt(canvas, event.position()) ? Qt::PointingHandCursor
            : overBox                          ? Qt::SizeAllCursor
                                               : Qt::CrossCursor;
  canvas.pointAt(event.position());
}

void EditTool::release(ImageCanvas& canvas, const QMouseEvent& event) {
  const std::optional<Drag> drag = std::exchange(drag_, std::nullopt);
  if (!drag || event.button() != Qt::LeftButton || !canvas.hasImage()) return;
  canvas.update();
  const Calls calls = calls_;  // a call may replace this tool
  if (drag->box) {
    const bool stillThere = *drag->box < canvas.boxes().size();
    if (stillThere && drag->now != drag->before) calls.changed(*drag->box, drag->now);
    return;
  }
  const QRectF shown = canvas.imageToWidget().mapRect(drag->now);
  if (shown.width() >= kHandle && shown.height() >= kHandle) {
    calls.added(kept(drag->now, imageRect(canvas)));
  }
}

bool EditTool::takes(const QKeyEvent& event) const {
  return event.key() == Qt::Key_Escape || event.key() == Qt::Key_Delete;
}

bool EditTool::arrow(ImageCanvas& canvas, std::size_t box, const QKeyEvent& event) {
  QPointF direction;
  switch (event.key()) {
    case Qt::Key_Left:
      direction = {-1, 0};
      break;
    case Qt::Key_Right:
      direction = {1, 0};
      break;
    case Qt::Key_Up:
      direction = {0, -1};
      break;
    case Qt::Key_Down:
      direction = {0, 1};
      break;
    default:
      return false;
  }
  // a pixel of the image, or of the screen where that is more, in the direction the person sees
  double step = std::max(1.0, 1.0 / canvas.zoom());
  if (event.modifiers().testFlag(Qt::ControlModifier)) step *= kFastStep;
  const QTransform back = canvas.imageToWidget().inverted();
  const QPointF along = back.map(direction) - back.map(QPointF());
  const double length = std::max(std::abs(along.x()), std::abs(along.y()));
  const QPointF by(along.x() / length * step, along.y() / length * step);
  const QRectF rect = canvas.boxes()[box].rect;
  const QRectF image = imageRect(canvas);
  const bool resizes = event.modifiers().testFlag(Qt::ShiftModifier);
  const QRectF now = resizes ? kept(resizedByKeys(rect, by), image) : moved(rect, by, image);
  if (now != rect) calls_.changed(box, now);
  return true;
}

/// In the middle of what can be seen.
void EditTool::addInView(ImageCanvas& canvas) {
  const QRectF seen =
      canvas.imageToWidget().inverted().mapRect(QRectF(canvas.rect())) & imageRect(canvas);
  QRectF rect(QPointF(), seen.size() * kNewShare);
  rect.moveCenter(seen.center());
  const Calls calls = calls_;
  calls.added(kept(rect, imageRect(canvas)));
}

bool EditTool::key(ImageCanvas& canvas, const QKeyEvent& event) {
  if (!canvas.hasImage()) return false;
  const Calls calls = calls_;
  if (event.key() == Qt::Key_Escape) {
    drag_.reset();
    calls.left();
    return true;
  }
  if (event.key() == Qt::Key_Insert) {
    addInView(canvas);
    return true;
  }
  const std::optional<std::size_t> box = canvas.focusedBox();
  if (!box) return false;
  switch (event.key()) {
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
      calls.removed(*box);
      return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_F2:
      calls.nameWanted(*box);
      return true;
    default:
      return arrow(canvas, *box, event);
  }
}

void EditTool::paint(const ImageCanvas& canvas, QPainter& painter) const {
  const std::optional<std::size_t> box = canvas.focusedBox();
  painter.setRenderHint(QPainter::Antialiasing);
  if (drag_) {
    const QRectF shown = canvas.imageToWidget().mapRect(drag_->now);
    painter.setBrush(QColor(255, 255, 255, 30));
    painter.setPen(QPen(Qt::black, 3));
    painter.drawRect(shown);
    painter.setPen(QPen(Qt::white, 1, Qt::DashLine));
    painter.drawRect(shown);
  }
  if (!box) return;
  const QRectF rect = drag_ && drag_->box == box ? drag_->now : canvas.boxes()[*box].rect;
  painter.setPen(QPen(Qt::black, 1));
  painter.setBrush(Qt::white);
  for (const auto& [place, edges] : handlesOf(rect)) {
    const QPointF at = canvas.imageToWidget().map(place);
    painter.drawRect(QRectF(at.x() - kHandle, at.y() - kHandle, 2 * kHandle, 2 * kHandle));
  }
}

}  // namespace vl
