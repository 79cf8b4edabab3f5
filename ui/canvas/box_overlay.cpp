#include "ui/canvas/box_overlay.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QStringList>
#include <algorithm>

#include "ui/canvas/label_layout.h"
#include "ui/canvas/label_palette.h"

namespace vl {
namespace {

constexpr double kHitMargin = 4.0;  // widget pixels around a box that still count as inside
constexpr double kPlatePadding = 6.0;
constexpr double kPlateRadius = 4.0;
constexpr double kFadedOpacity = 0.35;
constexpr int kMostLetters = 300;  // of a label: more is never read, and measuring it takes time

}  // namespace

void BoxOverlay::setBoxes(std::vector<CanvasBox> boxes) {
  boxes_ = std::move(boxes);
  emphasis_.clear();
}

bool BoxOverlay::isEmphasised(std::size_t box) const {
  return std::find(emphasis_.begin(), emphasis_.end(), box) != emphasis_.end();
}

double BoxOverlay::opacityOf(std::size_t box) const {
  return emphasis_.empty() || isEmphasised(box) ? 1.0 : kFadedOpacity;
}

void BoxOverlay::paintFrame(QPainter& painter, const QRectF& frame, const CanvasBox& box,
                            bool strong) const {
  const double line = strong ? 3.5 : 2.5;
  painter.setBrush(Qt::NoBrush);
  // a dark line under the coloured one keeps it visible on any picture
  painter.setPen(QPen(QColor(0, 0, 0, 110), line + 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
  painter.drawRect(frame);
  const QColor& colour = box.colour;
  painter.setPen(QPen(colour, line, box.dashed ? Qt::DashLine : Qt::SolidLine,
                      box.dashed ? Qt::FlatCap : Qt::SquareCap, Qt::MiterJoin));
  painter.drawRect(frame);
  if (strong) painter.fillRect(frame, QColor(colour.red(), colour.green(), colour.blue(), 40));
}

void BoxOverlay::paint(QPainter& painter, const QTransform& imageToWidget, const QRectF& widget,
                       const QFont& font) const {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  for (std::size_t i = 0; i < boxes_.size(); ++i) {
    const QRectF frame = imageToWidget.mapRect(boxes_[i].rect);
    painter.setOpacity(opacityOf(i));
    paintFrame(painter, frame, boxes_[i], isEmphasised(i));
  }
  if (picked_) {
    painter.setOpacity(1.0);
    painter.setBrush(Qt::NoBrush);
    const QRectF frame = imageToWidget.mapRect(*picked_);
    painter.setPen(QPen(Qt::white, 3));
    painter.drawRect(frame.adjusted(-5, -5, 5, 5));
    painter.setPen(QPen(Qt::black, 1, Qt::DotLine));
    painter.drawRect(frame.adjusted(-5, -5, 5, 5));
  }
  paintLabels(painter, imageToWidget, widget, font);
  painter.restore();
}

void BoxOverlay::paintLabels(QPainter& painter, const QTransform& imageToWidget,
                             const QRectF& widget, const QFont& font) const {
  painter.setFont(font);
  const QFontMetricsF metrics(font);
  std::vector<std::size_t> order;  // those that matter most choose their places first
  for (std::size_t i = 0; i < boxes_.size(); ++i) {
    const QRectF frame = imageToWidget.mapRect(boxes_[i].rect);
    if (!boxes_[i].label.isEmpty() && frame.intersects(widget)) order.push_back(i);
  }
  std::stable_partition(order.begin(), order.end(),
                        [this](std::size_t box) { return isEmphasised(box); });
  std::vector<LabelWish> wishes;
  QStringList texts;
  for (const std::size_t i : order) {
    const double widest = widget.width() * (isEmphasised(i) ? 0.9 : 0.45);
    texts << metrics.elidedText(boxes_[i].label.simplified().left(kMostLetters), Qt::ElideRight,
                                std::max(widest, 80.0));
    wishes.push_back(
        {imageToWidget.mapRect(boxes_[i].rect),
         {metrics.horizontalAdvance(texts.back()) + 2 * kPlatePadding, metrics.height() + 4}});
  }
  const std::vector<QRectF> plates = placeLabels(wishes, widget);
  for (std::size_t n = order.size(); n-- > 0;) {  // what matters most lies on top
    const CanvasBox& box = boxes_[order[n]];
    painter.setOpacity(opacityOf(order[n]));
    painter.setPen(Qt::NoPen);
    painter.setBrush(box.colour);
    painter.drawRoundedRect(plates[n], kPlateRadius, kPlateRadius);
    painter.setPen(readableOn(box.colour));
    painter.drawText(plates[n], Qt::AlignCenter, texts[static_cast<int>(n)]);
  }
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
