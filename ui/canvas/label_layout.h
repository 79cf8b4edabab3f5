#pragma once

#include <QRectF>
#include <QSizeF>
#include <vector>

namespace vl {

/// A label that wants to stand near its box; both in widget space.
struct LabelWish {
  QRectF frame;
  QSizeF size;
};

/// A place for each label, in order of importance: beside or inside its box, inside `widget`, and
/// clear of the places before it wherever there is such a place; otherwise where it covers least.
std::vector<QRectF> placeLabels(const std::vector<LabelWish>& labels, const QRectF& widget);

}  // namespace vl
