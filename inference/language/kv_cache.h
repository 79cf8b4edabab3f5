#pragma once

#include <cassert>
#include <cstddef>
#include <vector>

#include "inference/tensor/matrix.h"
#include "inference/weights/model_config.h"

namespace vl {

/// What attention remembers of one conversation, F32.
///
/// MHA: per layer and kv head the rotated keys and the values, [tokens, headDim] each.
/// MLA: per layer, shared by all heads, the rotated key [tokens, qkRopeHeadDim] and the normalised
/// latent [tokens, kvLoraRank], in the place of the values.
/// Memory is taken as tokens arrive. Not thread-safe.
class KvCache {
 public:
  KvCache(const LanguageConfig& config, std::size_t capacity);

  std::size_t length() const { return length_; }      // tokens
  std::size_t capacity() const { return capacity_; }  // tokens
  std::size_t heads() const { return heads_; }        // kv heads; 1 for MLA

  /// All rows [capacity, width]; the first length() hold tokens.
  MatrixView<float> keys(std::size_t layer, std::size_t head) {
    return keys_[layer].view().middleRows(head * capacity_, capacity_);
  }
  MatrixView<float> values(std::size_t layer, std::size_t head) {
    return values_[layer].view().middleRows(head * capacity_, capacity_);
  }

  /// The rows of `count` new tokens have been written in every layer.
  void advance(std::size_t count) {
    assert(length_ + count <= capacity_);
    length_ += count;
  }
  /// Forgets all but the first `length` tokens.
  void truncate(std::size_t length) {
    assert(length <= length_);
    length_ = length;
  }

 private:
  std::size_t capacity_;
  std::size_t heads_;
  std::size_t length_ = 0;
  std::vector<Matrix> keys_;    // one per layer: [heads * capacity, key width]
  std::vector<Matrix> values_;  // one per layer: [heads * capacity, value width]
};

}  // namespace vl
