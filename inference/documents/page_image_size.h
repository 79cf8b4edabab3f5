#pragma once

#include <span>

#include "inference/base/grounding_types.h"
#include "inference/documents/document.h"
#include "inference/weights/model_config.h"

namespace vl {

/// The pixels in which the model sees most of a page: the page fills the candidate resolution that
/// suits its shape best, and is then tiled without being resized (SPEC 3.1). Sides are at least one
/// pixel. Requires candidates.
ImageSize pageImageSize(PageSize page, std::span<const Resolution> candidates);

/// The candidates of the official models (SPEC 1.3), for a page that is shown before any model is.
std::span<const Resolution> officialResolutions();

}  // namespace vl
