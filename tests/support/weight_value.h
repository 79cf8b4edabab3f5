#pragma once

#include <cstddef>
#include <cstdint>

#include "inference/tensor/dtype.h"
#include "inference/tensor/weight_matrix.h"

namespace vl::test {

/// Byte [quad][row % 16][col % 4] of the block of a panel that holds an element; Q4Panels: both of
/// the elements that share it.
inline std::uint8_t panelByte(const WeightMatrix& weight, std::size_t row, std::size_t col) {
  const std::size_t block = row / 16 * ((weight.cols() + 31) / 32) + col / 32;
  const bool isQ4 = weight.type() == WeightType::Q4Panels;
  const std::size_t inBlock = isQ4 ? col % 16 : col % 32;
  return static_cast<const std::uint8_t*>(
      weight.data())[block * (isQ4 ? 256 : 512) + inBlock / 4 * 64 + row % 16 * 4 + inBlock % 4];
}

/// The integer that stands for an element of a quantised matrix, by the definition of its type.
inline int quantisedValue(const WeightMatrix& weight, std::size_t row, std::size_t col) {
  if (weight.type() == WeightType::Q8_0) {
    return static_cast<const std::int8_t*>(weight.data())[row * weight.cols() + col];
  }
  const std::uint8_t byte = panelByte(weight, row, col);
  if (weight.type() == WeightType::Q8Panels) return byte - 128;
  return col % 32 < 16 ? byte & 15 : byte >> 4;
}

/// Where the scale (and minimum) of an element of a quantised matrix stands.
inline std::size_t scaleIndex(const WeightMatrix& weight, std::size_t row, std::size_t col) {
  const std::size_t blocks = (weight.cols() + 31) / 32;
  if (weight.type() == WeightType::Q8_0) return row * blocks + col / 32;
  return (row / 16 * blocks + col / 32) * 16 + row % 16;
}

inline double scaleOf(const WeightMatrix& weight, std::size_t row, std::size_t col) {
  return halfToFloat(weight.scales()[scaleIndex(weight, row, col)]);
}

/// Element [row][col] of a quantised matrix.
inline double weightValue(const WeightMatrix& weight, std::size_t row, std::size_t col) {
  const double product = quantisedValue(weight, row, col) * scaleOf(weight, row, col);
  return weight.minimums() == nullptr
             ? product
             : product + halfToFloat(weight.minimums()[scaleIndex(weight, row, col)]);
}

}  // namespace vl::test
