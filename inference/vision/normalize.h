#pragma once

#include <span>

#include "inference/vision/image.h"
#include "inference/weights/model_config.h"

namespace vl {

/// A view as the vision tower wants it (SPEC section 3.4): F32 planes [3, height, width], red
/// first, v = byte / 255 and then (v - mean) / std where the config asks for normalisation.
/// Requires planes.size() == view.pixels.size().
void normalizeView(const RgbImage& view, const ProcessorConfig& config, std::span<float> planes);

}  // namespace vl
