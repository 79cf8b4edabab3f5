#include "ui/canvas/region_tool.h"

#include <QPainter>

#include "ui/canvas/image_canvas.h"

namespace vl {
namespace {

constexpr double kSmallestSide = 4.0;  // widget pixels: less was a click

}  // namespace

QRectF RegionTool::part(const ImageCanvas& canvas) const {
  const QRectF image(QPointF(), QSizeF(canvas.image()->size()));
  return QRectF(first_, last_).normalized() & image;
}

void RegionTool::press(ImageCanvas& canvas, const QMouseEvent& event) {
  if (event.button() != Qt::LeftButton || !canvas.hasImage()) return;
  drawing_ = true;
  first_ = last_ = canvas.imageToWidget().inverted().map(event.position());
}

void RegionTool::move(ImageCanvas& canvas, const QMouseEvent& event) {
  if (!drawing_) return;
  last_ = canvas.imageToWidget().inverted().map(event.position());
  canvas.update();
}

void RegionTool::release(ImageCanvas& canvas, const QMouseEvent& event) {
  if (!drawing_ || event.button() != Qt::LeftButton) return;
  drawing_ = false;
  canvas.update();
  if (!canvas.hasImage()) return;
  const QRectF drawn = part(canvas);
  const QRectF shown = canvas.imageToWidget().mapRect(drawn);
  const Calls calls = calls_;  // a call may replace this tool
  if (shown.width() < kSmallestSide || shown.height() < kSmallestSide) return calls.left();
  calls.drawn(drawn);
}

bool RegionTool::key(ImageCanvas& canvas, const QKeyEvent& event) {
  if (event.key() != Qt::Key_Escape) return false;
  drawing_ = false;
  canvas.update();
  const Calls calls = calls_;
  calls.left();
  return true;
}

void RegionTool::paint(const ImageCanvas& canvas, QPainter& painter) const {
  if (!drawing_ || !canvas.hasImage()) return;
  const QRectF shown = canvas.imageToWidget().mapRect(part(canvas));
  painter.setBrush(QColor(255, 255, 255, 40));
  painter.setPen(QPen(Qt::black, 3));
  painter.drawRect(shown);
  painter.setPen(QPen(Qt::white, 1, Qt::DashLine));
  painter.drawRect(shown);
}

}  // namespace vl
