#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace vl {

/// Random elements of weight tensors, as fast as memory copies: a block of numbers is drawn once
/// and then repeated without end, through all tensors. Its length is a prime, so that the
/// repetition meets the rows of a matrix, and the matrices of a model, at ever different places.
class RandomElements {
 public:
  explicit RandomElements(std::uint64_t seed);

  /// Normal distribution around `mean`.
  void fillFloats(std::span<float> values, float mean, float deviation);
  /// int8 values of deviation kInt8Deviation, at most 127 in magnitude, plus `offset`.
  void fillInt8(std::span<std::uint8_t> values, std::uint8_t offset);
  /// Two 4-bit values per byte, all equally likely.
  void fillNibbles(std::span<std::uint8_t> values);
  /// Evenly from [0.75, 1.25): how much one block's scale differs from the next.
  float scaleFactor() { return 0.75f + 0.5f * std::uniform_real_distribution<float>()(engine_); }

  static constexpr float kInt8Deviation = 40.0f;
  /// Of an even distribution over 0..15: sqrt((16^2 - 1) / 12), around 7.5.
  static constexpr float kNibbleDeviation = 4.6097722f;
  static constexpr float kNibbleMean = 7.5f;

 private:
  std::mt19937_64 engine_;
  std::vector<float> normal_;
  std::vector<std::uint8_t> int8_;
  std::vector<std::uint8_t> nibbles_;
  std::size_t position_ = 0;  // in whichever block is used next
};

}  // namespace vl
