#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "inference/weights/checkpoint.h"
#include "inference/weights/model_config.h"

namespace vl {

/// "Tiny", "Small" or "Base" when the sizes are those of an official model (SPEC section 12), else
/// "custom".
std::string variantName(const ModelConfig& config);

/// Values of all tensors. The scales and minimums of quantised weights, and the padding of panels,
/// are not values of their own.
std::size_t parameterCount(const ModelConfig& config, const Checkpoint& checkpoint);

/// Names of weight types ("q4", "q8_0", "bf16", ...) that hold at least a hundredth of a part's
/// values, the one that holds most first.
struct WeightTypes {
  std::vector<std::string> language;    // all of the language model but its embeddings
  std::vector<std::string> vision;      // tower and projector
  std::vector<std::string> embeddings;  // of tokens
};
WeightTypes weightTypes(const ModelConfig& config, const Checkpoint& checkpoint);

/// "q8_0" or "q4" for what `vl2 convert` made, else the type of most parameters: "bf16", "f16",
/// "f32".
std::string weightTypeName(const ModelConfig& config, const Checkpoint& checkpoint);

}  // namespace vl
