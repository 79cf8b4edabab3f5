#include "inference/tensor/quantize.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstddef>

#include "inference/tensor/dtype.h"
#include "inference/tensor/weight_matrix.h"

namespace vl {
namespace {

constexpr float kLargestValue = 127.0f;
constexpr std::int32_t kInfinityBits = 0x7f800000;
constexpr std::uint16_t kHalfInfinity = 0x7c00;

/// Bits of the largest magnitude: floats without sign order like their bits, NaN above infinity.
std::int32_t largestMagnitudeBits(std::span<const float> block) {
  std::int32_t largest = 0;
  for (const float value : block) {
    largest = std::max(largest, std::bit_cast<std::int32_t>(value) & 0x7fffffff);
  }
  return largest;
}

/// F16 max|w| / 127. Small scales are subnormal, where rounding down could leave a value no int8
/// reaches; the next F16 up then holds it.
std::uint16_t scaleFor(float largest) {
  const std::uint16_t scale = floatToHalf(largest / kLargestValue);
  const bool reaches = halfToFloat(scale) * (kLargestValue + 0.5f) > largest;
  return reaches || largest == 0.0f ? scale : static_cast<std::uint16_t>(scale + 1);
}

Error notFinite() { return {ErrorCode::Corrupt, "a weight is not a finite number"}; }
Error tooLarge() {
  return {ErrorCode::Unsupported, "a weight is too large for a half-precision scale"};
}

}  // namespace

Status quantizeRowQ8(std::span<const float> row, std::span<std::int8_t> values,
                     std::span<std::uint16_t> scales) {
  assert(values.size() == row.size() && scales.size() == blocksPerRow(row.size()));
  for (std::size_t block = 0; block < scales.size(); ++block) {
    const std::size_t begin = block * kBlockSize;
    const auto weights = row.subspan(begin, std::min(kBlockSize, row.size() - begin));
    const std::int32_t largest = largestMagnitudeBits(weights);
    if (largest >= kInfinityBits) {
      return notFinite();
    }
    const std::uint16_t scale = scaleFor(std::bit_cast<float>(largest));
    if (scale >= kHalfInfinity) {
      return tooLarge();
    }
    scales[block] = scale;
    const float divisor = largest == 0 ? 1.0f : halfToFloat(scale);
    std::int8_t* out = values.data() + begin;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const float quotient = weights[i] / divisor;
      // Truncation of the shifted value rounds half away from zero and compiles to vector code.
      out[i] = static_cast<std::int8_t>(
          static_cast<std::int32_t>(quotient + std::copysign(0.5f, quotient)));
    }
  }
  return {};
}

Status quantizeRowQ4(std::span<const float> row, std::span<std::uint8_t> values,
                     std::span<std::uint16_t> scales, std::span<std::uint16_t> minimums) {
  assert(values.size() == row.size() && scales.size() == blocksPerRow(row.size()));
  assert(minimums.size() == scales.size());
  for (std::size_t block = 0; block < scales.size(); ++block) {
    const std::size_t begin = block * kBlockSize;
    const auto weights = row.subspan(begin, std::min(kBlockSize, row.size() - begin));
    if (largestMagnitudeBits(weights) >= kInfinityBits) return notFinite();
    const auto [low, high] = std::ranges::minmax(weights);
    minimums[block] = floatToHalf(low);
    const float minimum = halfToFloat(minimums[block]);
    scales[block] = floatToHalf(std::max(high - minimum, 0.0f) / 15.0f);
    const float scale = halfToFloat(scales[block]);
    if (!std::isfinite(minimum) || !std::isfinite(scale)) return tooLarge();
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const float q = scale > 0.0f ? std::nearbyint((weights[i] - minimum) / scale) : 0.0f;
      values[begin + i] = static_cast<std::uint8_t>(std::clamp(q, 0.0f, 15.0f));
    }
  }
  return {};
}

}  // namespace vl
