#include "ui/canvas/box_overlay.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>

#include "ui/canvas/label_palette.h"

namespace vl {
namespace {

constexpr double kHitMargin = 4.0;  // widget pixels around a box that still count as inside
constexpr double kPlatePadding = 6.0;
constexpr double kPlateRadius = 4.0;
constexpr double kFadedOpacity = 0.35;

/// Above the box if there is room, else inside its top edge; always inside the visible part.
QRectF platePlace(const QRectF& frame, QSizeF size, const QRectF& widget) {
  QPointF corner(frame.left() - 1, frame.top() - size.height() - 2);
  if (corner.y() < widget.top()) corner.setY(std::max(frame.top(), widget.top()) + 2);
  corner.setX(std::clamp(corner.x(), widget.left() + 2,
                         std::max(widget.right() - size.width() - 2, widget.left() + 2)));
  corner.setY(std::min(corner.y(), widget.bottom() - size.height() - 2));
  return {corner, size};
}

/// Moves a plate down past the plates already placed, so that no label hides another.
QRectF freePlace(QRectF plate, const std::vector<QRectF>& taken, const QRectF& widget) {
  const QRectF wanted = plate;
  for (bool moved = true; moved;) {
    moved = false;
    for (const QRectF& other : taken) {
      if (!plate.intersects(other)) continue;
      plate.moveTop(other.bottom() + 1);
      moved = true;
    }
    if (plate.bottom() > widget.bottom()) return wanted;
  }
  return plate;
}

}  // namespace

void BoxOverlay::setBoxes(std::vector<CanvasBox> boxes) {
  boxes_ = std::move(boxes);
  emphasis_.clear();
}

bool BoxOverlay::isEmphasised(std::size_t box) const {
  return std::find(emphasis_.begin(), emphasis_.end(), box) != emphasis_.end();
}

void BoxOverlay::paintFrame(QPainter& painter, const QRectF& frame, const QColor& colour,
                            bool strong) const {
  const double line = strong ? 3.5 : 2.5;
  painter.setBrush(Qt::NoBrush);
  // a dark line under the coloured one keeps it visible on any picture
  painter.setPen(QPen(QColor(0, 0, 0, 110), line + 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
  painter.drawRect(frame);
  painter.setPen(QPen(colour, line, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
  painter.drawRect(frame);
  if (strong) painter.fillRect(frame, QColor(colour.red(), colour.green(), colour.blue(), 40));
}

void BoxOverlay::paint(QPainter& painter, const QTransform& imageToWidget, const QRectF& widget,
                       const QFont& font) const {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  for (std::size_t i = 0; i < boxes_.size(); ++i) {
    const QRectF frame = imageToWidget.mapRect(boxes_[i].rect);
    painter.setOpacity(emphasis_.empty() || isEmphasised(i) ? 1.0 : kFadedOpacity);
    paintFrame(painter, frame, boxes_[i].colour, isEmphasised(i));
  }

  painter.setFont(font);
  const QFontMetricsF metrics(font);
  std::vector<QRectF> taken;
  for (std::size_t i = 0; i < boxes_.size(); ++i) {
    const QRectF frame = imageToWidget.mapRect(boxes_[i].rect);
    if (boxes_[i].label.isEmpty() || !frame.intersects(widget)) continue;
    const QString text = metrics.elidedText(boxes_[i].label.simplified(), Qt::ElideRight,
                                            std::max(widget.width() * 0.4, 80.0));
    const QSizeF size(metrics.horizontalAdvance(text) + 2 * kPlatePadding, metrics.height() + 4);
    const QRectF plate = freePlace(platePlace(frame, size, widget), taken, widget);
    taken.push_back(plate);
    painter.setOpacity(emphasis_.empty() || isEmphasised(i) ? 1.0 : kFadedOpacity);
    painter.setPen(Qt::NoPen);
    painter.setBrush(boxes_[i].colour);
    painter.drawRoundedRect(plate, kPlateRadius, kPlateRadius);
    painter.setPen(readableOn(boxes_[i].colour));
    painter.drawText(plate, Qt::AlignCenter, text);
  }
  painter.restore();
}

std::optional<std::size_t> BoxOverlay::boxAt(QPointF point, const QTransform& imageToWidget) const {
  std::optional<std::size_t> best;
  double bestArea = 0;
  for (std::size_t i = 0; i < boxes_.size(); ++i) {
    const QRectF frame = imageToWidget.mapRect(boxes_[i].rect);
    const double area = frame.width() * frame.height();
    if (!frame.adjusted(-kHitMargin, -kHitMargin, kHitMargin, kHitMargin).contains(point)) continue;
    if (best && area >= bestArea) continue;
    best = i;
    bestArea = area;
  }
  return best;
}

}  // namespace vl
