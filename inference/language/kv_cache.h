#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "inference/kernels/compute.h"
#include "inference/kernels/kv_panels.h"
#include "inference/tensor/matrix.h"
#include "inference/weights/model_config.h"

namespace vl {

/// What attention remembers of one conversation. Memory is taken as tokens arrive. Not thread-safe.
///
/// Precision::Exact, F32 rows:
///   MHA  per layer and kv head the rotated keys and the values, [tokens, headDim] each
///   MLA  per layer, shared by all heads, the rotated key [tokens, qkRopeHeadDim] and the
///        normalised latent [tokens, kvLoraRank], in the place of the values
/// Precision::Fast, BF16 panels:
///   MHA  the same
///   MLA  the key holds the rotated part and then the latent, which is stored once more as the
///        value, since the two products of absorbed attention read it in different orders
class KvCache {
 public:
  KvCache(const LanguageConfig& config, std::size_t capacity, Precision precision);

  std::size_t length() const { return length_; }      // tokens
  std::size_t capacity() const { return capacity_; }  // tokens
  std::size_t heads() const { return heads_; }        // kv heads; 1 for MLA
  Precision precision() const { return precision_; }

  /// Exact: all rows [capacity, width]; the first length() hold tokens.
  MatrixView<float> keys(std::size_t layer, std::size_t head) {
    assert(precision_ == Precision::Exact);
    return keys_[layer].view().middleRows(head * capacity_, capacity_);
  }
  MatrixView<float> values(std::size_t layer, std::size_t head) {
    assert(precision_ == Precision::Exact);
    return values_[layer].view().middleRows(head * capacity_, capacity_);
  }
  /// Fast: the same as panels.
  KvPanels panels(std::size_t layer, std::size_t head);

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
  std::size_t keyWidth_;
  std::size_t valueWidth_;
  Precision precision_;
  std::size_t length_ = 0;
  std::vector<Matrix> keys_;    // one per layer: [heads * capacity, key width]
  std::vector<Matrix> values_;  // one per layer: [heads * capacity, value width]
  std::vector<std::unique_ptr<std::uint32_t[]>>
      words_;  // one per layer: keys, then values, by head
};

}  // namespace vl
