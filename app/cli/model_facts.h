#pragma once

#include <cstddef>
#include <string>

#include "inference/weights/checkpoint.h"
#include "inference/weights/model_config.h"

namespace vl {

/// "Tiny", "Small" or "Base" when the sizes are those of an official model (SPEC section 12), else
/// "custom".
std::string variantName(const ModelConfig& config);

/// Values of all tensors; the scales of quantised weights are not values of their own.
std::size_t parameterCount(const Checkpoint& checkpoint);

/// "q8_0" for what `vl2 convert` made, else the type of most parameters: "bf16", "f16", "f32".
std::string weightTypeName(const ModelConfig& config, const Checkpoint& checkpoint);

}  // namespace vl
