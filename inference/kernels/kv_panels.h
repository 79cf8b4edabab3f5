#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "inference/kernels/panel_operands.h"
#include "inference/tensor/matrix_view.h"

namespace vl {

/// Keys and values of one head in BF16, lying as the products of attention read them (Bf16Panels):
///   keys    [position / 16][pair of dimensions][16 positions], for scores = queries keys^T
///   values  [pair of positions][dimensions, a multiple of 16], for out = probabilities values
/// Does not own its memory. Different positions may be written by different threads, except for
/// the two of a pair.
class KvPanels {
 public:
  static std::size_t keyWords(std::size_t positions, std::size_t width);
  static std::size_t valueWords(std::size_t positions, std::size_t width);

  KvPanels() = default;
  /// keys: keyWords() words, values: valueWords().
  KvPanels(std::uint32_t* keys, std::size_t keyWidth, std::uint32_t* values, std::size_t valueWidth)
      : keys_(keys), keyWidth_(keyWidth), values_(values), valueWidth_(valueWidth) {}

  std::size_t keyPairs() const { return (keyWidth_ + 1) / 2; }
  std::size_t valueWidth() const { return valueWidth_; }
  Bf16Panels keys() const;
  Bf16Panels values() const;

  /// Rounds and stores the rows of positions [begin, begin + keys.rows()), in order: the first
  /// position of a pair clears the second.
  ///   keys [positions, keyWidth], values [positions, valueWidth]
  void put(std::size_t begin, MatrixView<const float> keys, MatrixView<const float> values) const {
    putKeys(begin, keys);
    putValues(begin, values);
  }
  void putKeys(std::size_t begin, MatrixView<const float> keys) const;
  void putValues(std::size_t begin, MatrixView<const float> values) const;

  /// rows.row(i) = the first rows.cols() dimensions of the key of position begin + i, BF16.
  void copyKeys(std::size_t begin, MatrixView<std::uint16_t> rows) const;

 private:
  void putKeyPanel(std::size_t panel, MatrixView<const float> keys) const;
  void putKey(std::size_t position, std::span<const float> key) const;
  void putValue(std::size_t position, std::span<const float> value) const;

  std::uint32_t* keys_ = nullptr;
  std::size_t keyWidth_ = 0;
  std::uint32_t* values_ = nullptr;
  std::size_t valueWidth_ = 0;
};

}  // namespace vl
