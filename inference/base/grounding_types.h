#pragma once

#include <cstddef>
#include <string>

namespace vl {

/// Width and height in pixels, after EXIF orientation has been applied.
struct ImageSize {
  int width = 0;
  int height = 0;
  bool operator==(const ImageSize&) const = default;
};

/// Corners on the 0..999 grid the model writes, over the whole oriented original (SPEC section 10).
/// Clamped to [0, 999] with x1 <= x2 and y1 <= y2; decimals are kept.
struct GridBox {
  double x1 = 0, y1 = 0, x2 = 0, y2 = 0;
  bool operator==(const GridBox&) const = default;
};

/// Corners in pixels of the oriented original; 0 is the left or top edge of the first pixel and
/// width or height the far edge of the last one.
struct PixelBox {
  double x1 = 0, y1 = 0, x2 = 0, y2 = 0;
  bool operator==(const PixelBox&) const = default;
};

/// A box with the phrase that names it, on one image of a conversation.
struct GroundedBox {
  std::string label;      // UTF-8, as the model wrote it, without tags
  std::size_t image = 0;  // index among all images of the conversation, in order
  GridBox grid;
  PixelBox pixels;
  bool operator==(const GroundedBox&) const = default;
};

}  // namespace vl
