#include "inference/tensor/quantize.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "inference/tensor/dtype.h"
#include "inference/tensor/weight_matrix.h"

namespace vl {
namespace {

struct QuantizedRow {
  std::vector<std::int8_t> values;
  std::vector<std::uint16_t> scales;
  Status status;

  explicit QuantizedRow(const std::vector<float>& row)
      : values(row.size()),
        scales(blocksPerRow(row.size())),
        status(quantizeRowQ8(row, values, scales)) {}

  float scaleOf(std::size_t i) const { return halfToFloat(scales[i / kBlockSize]); }
};

std::vector<float> randomRow(std::size_t size, float deviation, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal(0.0f, deviation);
  std::vector<float> row(size);
  for (float& value : row) value = normal(generator);
  return row;
}

/// |w - q s| <= s / 2, up to the rounding of the float quotient that q was rounded from: at most
/// 127.5 of them, so half a unit in the last place is 127.5 * 2^-24.
void expectWithinHalfAStep(const std::vector<float>& row, const QuantizedRow& quantized) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    const double scale = quantized.scaleOf(i);
    const double error = std::abs(row[i] - quantized.values[i] * scale);
    ASSERT_LE(error, scale * (0.5 + 127.5 * std::ldexp(1.0, -24)))
        << "value " << i << ", " << row[i];
  }
}

TEST(QuantizeRowQ8, StaysWithinHalfAStepForEveryRowLength) {
  for (std::size_t size = 1; size <= 3 * kBlockSize + 1; ++size) {
    const std::vector<float> row = randomRow(size, 0.02f, static_cast<unsigned>(size));
    const QuantizedRow quantized(row);
    ASSERT_TRUE(quantized.status);
    expectWithinHalfAStep(row, quantized);
  }
}

/// From scales that F16 rounds to zero, through its subnormals, up to its largest.
TEST(QuantizeRowQ8, StaysWithinHalfAStepForEveryMagnitude) {
  for (int exponent = -40; exponent <= 20; ++exponent) {
    const std::vector<float> row = randomRow(256, std::ldexp(1.0f, exponent), 7);
    const QuantizedRow quantized(row);
    ASSERT_TRUE(quantized.status) << "2^" << exponent;
    expectWithinHalfAStep(row, quantized);
  }
}

TEST(QuantizeRowQ8, ScaleIsTheLargestMagnitudeOver127InHalfPrecision) {
  std::vector<float> row(kBlockSize, 0.25f);
  row[5] = -3.0f;
  const QuantizedRow quantized(row);
  ASSERT_TRUE(quantized.status);
  EXPECT_EQ(quantized.scales[0], floatToHalf(3.0f / 127.0f));
  EXPECT_EQ(quantized.values[5], -127);
  EXPECT_EQ(quantized.values[0], 11);  // 0.25 * 127 / 3 = 10.58
}

TEST(QuantizeRowQ8, ScalesTheShorterLastBlockByItself) {
  std::vector<float> row(kBlockSize + 3, 8.0f);
  std::fill(row.begin() + kBlockSize, row.end(), 0.5f);
  const QuantizedRow quantized(row);
  ASSERT_TRUE(quantized.status);
  EXPECT_EQ(quantized.scales[1], floatToHalf(0.5f / 127.0f));
  EXPECT_EQ(quantized.values.back(), 127);
}

TEST(QuantizeRowQ8, GivesZerosAScaleOfZero) {
  const QuantizedRow quantized({0.0f, -0.0f, 0.0f});
  ASSERT_TRUE(quantized.status);
  EXPECT_EQ(quantized.scales[0], 0);
  EXPECT_EQ(quantized.values, std::vector<std::int8_t>(3, 0));
}

TEST(QuantizeRowQ8, AcceptsAnEmptyRow) { EXPECT_TRUE(QuantizedRow({}).status); }

TEST(QuantizeRowQ8, ReportsNaNAndInfinityAnywhereInTheRow) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const float bad : {nan, -nan, infinity, -infinity}) {
    for (std::size_t position = 0; position < 70; ++position) {
      std::vector<float> row(70, 1.0f);
      row[position] = bad;
      const QuantizedRow quantized(row);
      ASSERT_FALSE(quantized.status) << bad << " at " << position;
      EXPECT_EQ(quantized.status.error().code, ErrorCode::Corrupt);
    }
  }
}

TEST(QuantizeRowQ8, RefusesWeightsWhoseScaleLeavesHalfPrecision) {
  const float largest = 65504.0f * 127.0f;
  EXPECT_TRUE(QuantizedRow({largest}).status);
  const QuantizedRow quantized({largest * 1.01f});
  ASSERT_FALSE(quantized.status);
  EXPECT_EQ(quantized.status.error().code, ErrorCode::Unsupported);
}

}  // namespace
}  // namespace vl
