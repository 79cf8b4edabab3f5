#pragma once

#include <cstddef>
#include <span>

#include "inference/base/grounding_types.h"

namespace vl {

/// Found and expected box are taken for the same from this overlap on.
inline constexpr double kMinOverlap = 0.5;

/// Area of what both cover, divided by the area of what either covers; 0 when that is empty.
/// Requires x1 <= x2 and y1 <= y2.
double intersectionOverUnion(const GridBox& a, const GridBox& b);

/// Pairs of a found and an expected box with an overlap of kMinOverlap or more, each box in one
/// pair at most: the number in the best choice of pairs. Time grows with
/// found * expected * min(found, expected).
std::size_t matchedBoxes(std::span<const GridBox> found, std::span<const GridBox> expected);

}  // namespace vl
