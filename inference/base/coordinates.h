#pragma once

#include "inference/base/grounding_types.h"

namespace vl {

/// The largest coordinate of the grid; it stands for the far edge of the image (SPEC section 10).
inline constexpr double kGridMax = 999.0;

/// Grid to pixels of the oriented original: v / 999 * size, in that order, as upstream computes it.
/// Not truncated; upstream draws at the truncated value.
inline PixelBox toPixels(const GridBox& box, ImageSize size) {
  return {box.x1 / kGridMax * size.width, box.y1 / kGridMax * size.height,
          box.x2 / kGridMax * size.width, box.y2 / kGridMax * size.height};
}

/// Pixels of the oriented original to the grid. Requires a size without zeros.
inline GridBox toGrid(const PixelBox& box, ImageSize size) {
  return {box.x1 / size.width * kGridMax, box.y1 / size.height * kGridMax,
          box.x2 / size.width * kGridMax, box.y2 / size.height * kGridMax};
}

}  // namespace vl
