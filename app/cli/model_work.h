#pragma once

#include <cstddef>

#include "inference/kernels/compute.h"
#include "inference/kernels/machine_limits.h"
#include "inference/weights/checkpoint.h"
#include "inference/weights/model_config.h"

namespace vl {

/// The unit that products of a kind of weight keep busy.
enum class Arithmetic { F32, Bf16, Int8 };

/// Part of the work, and what it is computed with. A multiply-add counts as two operations.
struct Operations {
  double count = 0;
  Arithmetic arithmetic = Arithmetic::F32;
};

/// The least a model has to read and compute; norms, softmax and sampling are left out.
struct ModelWork {
  double tokenBytes = 0;     // weights that one token passes, as stored: of the experts the chosen
  double depthBytes = 0;     // KV cache, per token that it holds
  Operations token;          // linear layers, per token
  Operations logits;         // output head, once per pass
  Operations attention;      // per pair of a query and a key
  Operations tile;           // linear layers of vision tower and projector, per tile
  Operations tileAttention;  // of the vision tower, per tile
};

ModelWork workOf(const ModelConfig& config, const Checkpoint& checkpoint, Precision precision);

/// Seconds that one pass of the language model over `tokens` new tokens behind `depth` others takes
/// at the limits of the machine: reading what one token needs, or computing, whichever is longer.
double passSeconds(const ModelWork& work, const MachineLimits& limits, std::size_t tokens,
                   std::size_t depth);
/// The same for a tile: computing alone.
double tileSeconds(const ModelWork& work, const MachineLimits& limits);

}  // namespace vl
