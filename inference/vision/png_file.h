#pragma once

#include <filesystem>

#include "inference/base/result.h"
#include "inference/vision/image.h"

namespace vl {

/// Writes the image as an 8-bit RGB PNG. The file appears whole or not at all: it is written beside
/// `path` under another name, flushed to disk and then renamed over it. Requires an image with
/// pixels. Error: Io, with whatever was at `path` untouched.
Status writePng(const RgbImage& image, const std::filesystem::path& path);

}  // namespace vl
