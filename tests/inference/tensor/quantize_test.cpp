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

struct QuantizedQ4Row {
  std::vector<std::uint8_t> values;
  std::vector<std::uint16_t> scales;
  std::vector<std::uint16_t> minimums;
  Status status;

  explicit QuantizedQ4Row(const std::vector<float>& row)
      : values(row.size()),
        scales(blocksPerRow(row.size())),
        minimums(scales.size()),
        status(quantizeRowQ4(row, values, scales, minimums)) {}

  double weight(std::size_t i) const {
    const std::size_t block = i / kBlockSize;
    return values[i] * double{halfToFloat(scales[block])} + halfToFloat(minimums[block]);
  }
};

/// The squared error of each block is at most that of the code that spans it. With step = (high -
/// low) / 15, that code is off by step / 2 and by the roundings to F16: of the minimum, and of a
/// scale that is taken up to 15 times; F16 rounds by 2^-11 of a value, and by 2^-25 below its
/// normal range.
void expectWithinTheErrorOfTheRange(const std::vector<float>& row) {
  const QuantizedQ4Row quantized(row);
  ASSERT_TRUE(quantized.status);
  for (std::size_t begin = 0; begin < row.size(); begin += kBlockSize) {
    const std::size_t size = std::min(kBlockSize, row.size() - begin);
    const std::span block = std::span(row).subspan(begin, size);
    const auto [low, high] = std::ranges::minmax(block);
    const double step = (double{high} - low) / 15;
    const double bound =
        step / 2 + std::ldexp(std::abs(low) + 16 * step, -11) + std::ldexp(16, -25);
    double squares = 0;
    for (std::size_t i = 0; i < size; ++i) {
      ASSERT_LE(quantized.values[begin + i], 15);
      squares += std::pow(block[i] - quantized.weight(begin + i), 2);
    }
    ASSERT_LE(squares, static_cast<double>(size) * bound * bound * (1 + 1e-4)) << "at " << begin;
    ASSERT_GE(halfToFloat(quantized.scales[begin / kBlockSize]), 0.0f);
  }
}

TEST(QuantizeRowQ4, IsNoWorseThanTheRangeOfABlockForEveryRowLength) {
  for (std::size_t size = 1; size <= 3 * kBlockSize + 1; ++size) {
    expectWithinTheErrorOfTheRange(randomRow(size, 0.02f, static_cast<unsigned>(size)));
  }
}

TEST(QuantizeRowQ4, IsNoWorseThanTheRangeOfABlockForEveryMagnitudeAndOffset) {
  for (const float deviation : {1e-9f, 1e-7f, 1e-5f, 1e-3f, 1.0f, 1e3f}) {
    for (const float offset : {0.0f, 1e-3f, -1.0f, 300.0f}) {
      std::vector<float> row = randomRow(40 * kBlockSize, deviation, 5);
      for (float& weight : row) weight += offset;
      expectWithinTheErrorOfTheRange(row);
    }
  }
}

TEST(QuantizeRowQ4, IsNoWorseThanTheRangeOfABlockWithOutliers) {
  std::vector<float> row = randomRow(64 * kBlockSize, 0.02f, 6);
  for (std::size_t i = 0; i < row.size(); i += 50) row[i] *= 30.0f;
  expectWithinTheErrorOfTheRange(row);
}

/// The code that spans a block has an error of 0.078 here, the best one of 0.068.
TEST(QuantizeRowQ4, SearchesACodeThatIsBetterThanTheRange) {
  const std::vector<float> row = randomRow(4096 * kBlockSize, 1.0f, 7);
  const QuantizedQ4Row quantized(row);
  ASSERT_TRUE(quantized.status);
  double squares = 0;
  double power = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    squares += std::pow(row[i] - quantized.weight(i), 2);
    power += std::pow(row[i], 2);
  }
  EXPECT_LT(std::sqrt(squares / power), 0.070);
}

TEST(QuantizeRowQ4, KeepsBlocksOfOneValueAndTheSixteenValuesOfACode) {
  const QuantizedQ4Row same(std::vector<float>(kBlockSize, -0.375f));
  ASSERT_TRUE(same.status);
  EXPECT_EQ(same.weight(7), -0.375);
  const QuantizedQ4Row zeros(std::vector<float>(kBlockSize, 0.0f));
  ASSERT_TRUE(zeros.status);
  EXPECT_EQ(zeros.scales[0], 0);
  EXPECT_EQ(zeros.weight(0), 0.0);
  std::vector<float> row(kBlockSize);
  for (std::size_t i = 0; i < row.size(); ++i) {
    row[i] = -1.0f + 0.125f * static_cast<float>(i % 16);
  }
  const QuantizedQ4Row exact(row);
  ASSERT_TRUE(exact.status);
  for (std::size_t i = 0; i < row.size(); ++i) EXPECT_EQ(exact.weight(i), row[i]) << i;
}

TEST(QuantizeRowQ4, RefusesWhatIsNotFiniteOrTooLargeForHalfPrecision) {
  for (const float bad :
       {std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
        std::numeric_limits<float>::quiet_NaN()}) {
    std::vector<float> row(40, 0.5f);
    row[33] = bad;
    const QuantizedQ4Row quantized(row);
    ASSERT_FALSE(quantized.status);
    EXPECT_EQ(quantized.status.error().code, ErrorCode::Corrupt);
  }
  constexpr float kMax = std::numeric_limits<float>::max();
  for (const auto& [low, high] : {std::pair{-7e4f, 0.0f}, {0.0f, 1e6f}, {-kMax, kMax}}) {
    std::vector<float> row(kBlockSize, low);
    row[3] = high;
    const QuantizedQ4Row quantized(row);
    ASSERT_FALSE(quantized.status) << low << " to " << high;
    EXPECT_EQ(quantized.status.error().code, ErrorCode::Unsupported);
  }
}

}  // namespace
}  // namespace vl
