#pragma once

#include <filesystem>
#include <span>

#include "inference/base/grounding_types.h"
#include "inference/base/result.h"
#include "inference/vision/image.h"

namespace vl {

/// The image with the boxes drawn on it. Boxes of one label share a colour (Okabe and Ito's set,
/// which colour-blind people can tell apart); lines and text grow with the image. A plate at the
/// box's upper left corner holds the label, or, where it has letters outside ASCII, which the
/// drawing font lacks, "#n" for the n-th box of the list. Long labels end in "...".
/// All boxes are taken to lie on this image; corners outside it are clipped.
RgbImage annotated(const RgbImage& image, std::span<const GroundedBox> boxes);

/// Writes annotated(image, boxes) as a PNG. Error: Io, with whatever was at `path` untouched.
Status writeAnnotatedPng(const RgbImage& image, std::span<const GroundedBox> boxes,
                         const std::filesystem::path& path);

}  // namespace vl
