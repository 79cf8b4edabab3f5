#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "inference/engine/image_encoder.h"
#include "inference/language/kv_cache.h"
#include "inference/text/prompt.h"

namespace vl {

/// What stands at one position of a prompt: a text token, or row r of a certain image.
struct PromptPosition {
  std::int32_t token = 0;
  std::uint64_t image = 0;  // fingerprint; 0 for text
  std::uint32_t imageRow = 0;
  bool operator==(const PromptPosition&) const = default;
};

/// The positions of a prompt, which tell two prompts with different images apart.
std::vector<PromptPosition> positionsOf(const Prompt& prompt, std::span<const ImageSource> images);

/// A KV cache and what it holds, so that the next prompt reuses the longest common beginning.
/// Not thread-safe.
class KvSession {
 public:
  KvSession(const LanguageConfig& config, std::size_t capacity, Precision precision)
      : cache_(config, capacity, precision) {}

  /// Forgets what differs from `prompt` and returns how many of its positions are still held; at
  /// least the last one is not, since its output is what decoding starts from.
  std::size_t reuse(std::span<const PromptPosition> prompt);

  /// Forgets everything.
  void clear();

  /// Call after the cache grew by these positions.
  void append(std::span<const PromptPosition> positions);

  KvCache& cache() { return cache_; }

 private:
  KvCache cache_;
  std::vector<PromptPosition> held_;  // as many as cache_.length()
};

}  // namespace vl
