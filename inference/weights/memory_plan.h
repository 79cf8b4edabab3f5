#pragma once

#include <cstddef>

#include "inference/base/result.h"
#include "inference/kernels/compute.h"
#include "inference/weights/checkpoint.h"
#include "inference/weights/model_config.h"

namespace vl {

/// Vision features that are kept for pictures used before: about six large ones of the official
/// Tiny (2017 x 1280 values), three of Base.
inline constexpr std::size_t kKeptFeatureBytes = std::size_t{64} << 20;

/// Bytes a model needs while it runs, computed from headers and configs before anything is loaded.
struct MemoryPlan {
  std::size_t weights = 0;    // mapped files, but for an embedding table that is read row by row
  std::size_t kvCache = 0;    // full context
  std::size_t scratch = 0;    // activations of the largest step, vision features, the program
  std::size_t available = 0;  // what the system and the cgroup can give now
  std::size_t total() const { return weights + kvCache + scratch; }
  bool fits() const { return total() <= available; }
};

/// What is in memory once the context is full and every expert has been chosen, as the buffers of
/// each step add up. Not part of it: the decoded pictures themselves.
///   weightBytes   see residentWeightBytes()
///   prefillChunk  tokens per pass of the language model; more than the context count as that
///   threads       each has scratch of its own; at most 4096
MemoryPlan planMemory(const ModelConfig& config, std::size_t weightBytes, std::size_t prefillChunk,
                      std::size_t threads, Precision precision);

/// The checkpoint's files without the embedding table, of which a conversation reads a few rows,
/// unless it is the output head, too.
std::size_t residentWeightBytes(const Checkpoint& checkpoint, const LanguageConfig& config);

/// Bytes that could be allocated now: MemAvailable, lowered by a cgroup limit.
std::size_t availableMemoryBytes();

}  // namespace vl
