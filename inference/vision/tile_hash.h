#pragma once

#include <string>

#include "inference/vision/image.h"

namespace vl {

/// SHA-256 of the image's RGB bytes, as 64 lowercase hexadecimal digits; what `vl2 tiles` prints.
std::string pixelHash(const RgbImage& image);

}  // namespace vl
