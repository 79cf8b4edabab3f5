#pragma once

#include "inference/vision/image.h"

namespace vl {

/// Resizes with Pillow's BICUBIC filter for 8-bit channels, bit for bit (SPEC section 3.3): the
/// columns first, then the rows, each only when its size changes, with an 8-bit picture between.
/// Besides the result it holds that picture: source.height x width.
/// Requires an image with pixels, width >= 1 and height >= 1.
RgbImage resizeBicubic(const RgbImage& source, int width, int height);

}  // namespace vl
