#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "inference/weights/model_config.h"

namespace vl {

/// Name and shape of a tensor as the official checkpoints store it.
struct TensorShape {
  std::string name;
  std::vector<std::size_t> shape;  // outermost first
};

/// Every tensor that a model of this config computes with (SPEC section 1.1), in the order of the
/// computation: vision tower, projector, embeddings, layers, output head.
std::vector<TensorShape> modelTensors(const ModelConfig& config);

}  // namespace vl
