#pragma once

#include <cstddef>

#include "inference/base/result.h"
#include "inference/weights/checkpoint.h"
#include "inference/weights/model_config.h"

namespace vl {

/// Bytes a model needs while it runs, computed from headers and configs before anything is loaded.
struct MemoryPlan {
  std::size_t weights = 0;  // mapped files
  std::size_t kvCache = 0;  // full context
  std::size_t scratch = 0;  // activations of the largest step, vision features of one conversation
  std::size_t available = 0;  // what the system and the cgroup can give now
  std::size_t total() const { return weights + kvCache + scratch; }
  bool fits() const { return total() <= available; }
};

/// An upper bound by the buffers of each step, all F32, as if none were reused. Not part of it: the
/// decoded pictures themselves and what the program needs without a model.
///   prefillChunk  tokens per pass of the language model; more than the context count as that
///   threads       each has scratch of its own; at most 4096
MemoryPlan planMemory(const ModelConfig& config, std::size_t weightBytes, std::size_t prefillChunk,
                      std::size_t threads);

/// Bytes that could be allocated now: MemAvailable, lowered by a cgroup limit.
std::size_t availableMemoryBytes();

}  // namespace vl
