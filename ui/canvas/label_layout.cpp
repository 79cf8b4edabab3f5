#include "ui/canvas/label_layout.h"

#include <QPointF>
#include <algorithm>
#include <array>
#include <limits>

namespace vl {
namespace {

constexpr double kGap = 2.0;
constexpr int kMostRows = 12;  // places tried below one another before a label covers others

QRectF keptInside(QRectF plate, const QRectF& widget) {
  plate.moveRight(std::min(plate.right(), widget.right() - kGap));
  plate.moveBottom(std::min(plate.bottom(), widget.bottom() - kGap));
  plate.moveLeft(std::max(plate.left(), widget.left() + kGap));
  plate.moveTop(std::max(plate.top(), widget.top() + kGap));
  return plate;
}

double covered(const QRectF& plate, const std::vector<QRectF>& taken) {
  double area = 0;
  for (const QRectF& other : taken) {
    const QRectF common = plate & other;
    area += common.width() * common.height();
  }
  return area;
}

/// Above the box, below it, in its corners; the first is the most usual.
std::array<QPointF, 8> corners(const QRectF& frame, QSizeF size, const QRectF& widget) {
  const QRectF seen = frame & widget;  // of a box that is partly out of view
  const double left = frame.left() - 1;
  const double right = frame.right() + 1 - size.width();
  const double above = frame.top() - size.height() - kGap;
  const double below = frame.bottom() + kGap;
  const double insideLeft = seen.left() + kGap;
  const double insideTop = seen.top() + kGap;
  const double insideRight = seen.right() - size.width() - kGap;
  const double insideBottom = seen.bottom() - size.height() - kGap;
  return {{{left, above},
           {right, above},
           {insideLeft, insideTop},
           {insideRight, insideTop},
           {left, below},
           {right, below},
           {insideLeft, insideBottom},
           {insideRight, insideBottom}}};
}

QRectF placeOf(const LabelWish& label, const QRectF& widget, const std::vector<QRectF>& taken) {
  QRectF best;
  double leastCovered = std::numeric_limits<double>::max();
  const auto tryPlace = [&](QPointF corner) {
    const QRectF plate = keptInside(QRectF(corner, label.size), widget);
    const double area = covered(plate, taken);
    if (area < leastCovered) {
      best = plate;
      leastCovered = area;
    }
    return leastCovered == 0;
  };
  const std::array<QPointF, 8> wishes = corners(label.frame, label.size, widget);
  for (const QPointF& corner : wishes) {
    const QRectF plate(corner, label.size);
    if (widget.contains(plate) && tryPlace(corner)) return best;
  }
  for (const QPointF& corner : wishes) {  // those that would have left the view
    if (tryPlace(corner)) return best;
  }
  for (int row = 1; row <= kMostRows; ++row) {
    if (tryPlace(wishes.front() + QPointF(0, row * (label.size.height() + 1)))) break;
  }
  return best;
}

}  // namespace

std::vector<QRectF> placeLabels(const std::vector<LabelWish>& labels, const QRectF& widget) {
  std::vector<QRectF> places;
  places.reserve(labels.size());
  for (const LabelWish& label : labels) places.push_back(placeOf(label, widget, places));
  return places;
}

}  // namespace vl
