#include "inference/kernels/matmul.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#include "inference/tensor/dtype.h"
#include "inference/tensor/matrix.h"
#include "tests/support/random.h"

namespace vl {
namespace {

/// A weight of any type with the values it stands for.
struct TestWeight {
  TestWeight(WeightType type, std::size_t rows, std::size_t cols) {
    values = test::gaussian(rows * cols, 21);
    if (type == WeightType::F32) {
      matrix = WeightMatrix(type, values.data(), nullptr, rows, cols);
    } else if (type == WeightType::Q8_0) {
      scales.assign(rows * blocksPerRow(cols), floatToHalf(0.03125f));
      for (float& v : values) {
        bytes.push_back(static_cast<std::int8_t>(std::clamp(std::round(v * 32), -127.0f, 127.0f)));
        v = static_cast<float>(bytes.back()) * 0.03125f;
      }
      matrix = WeightMatrix(type, bytes.data(), scales.data(), rows, cols);
    } else {
      for (float& v : values) {
        halves.push_back(type == WeightType::F16
                             ? floatToHalf(v)
                             : static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(v) >> 16));
        v = type == WeightType::F16 ? halfToFloat(halves.back()) : bf16ToFloat(halves.back());
      }
      matrix = WeightMatrix(type, halves.data(), nullptr, rows, cols);
    }
  }
  std::vector<float> values;
  std::vector<std::uint16_t> halves;
  std::vector<std::int8_t> bytes;
  std::vector<std::uint16_t> scales;
  WeightMatrix matrix;
};

TEST(Matmul, AgreesWithTheDefinitionForEveryTypeShapeAndThreadCount) {
  const std::size_t in = 83;  // not a multiple of any block
  const std::size_t out = 131;
  for (const WeightType type :
       {WeightType::F32, WeightType::F16, WeightType::BF16, WeightType::Q8_0}) {
    const TestWeight weight(type, out, in);
    const std::vector<float> bias = test::gaussian(out, 22);
    for (const std::size_t tokens : {1u, 3u, 4u, 5u, 40u}) {
      const std::vector<float> x = test::gaussian(tokens * in, 23);
      for (const std::size_t threads : {1u, 2u, 5u}) {
        for (const bool withBias : {false, true}) {
          Compute compute(threads);
          std::vector<float> y(tokens * (out + 3), -5.0f);
          const MatrixView<float> result(y.data(), tokens, out, out + 3);
          matmul(compute, {x.data(), tokens, in}, weight.matrix,
                 withBias ? std::span(bias) : std::span<const float>(), result);
          for (std::size_t t = 0; t < tokens; ++t) {
            for (std::size_t o = 0; o < out; ++o) {
              double expected = withBias ? bias[o] : 0.0;
              double magnitude = std::abs(expected);
              for (std::size_t i = 0; i < in; ++i) {
                expected += double{x[t * in + i]} * weight.values[o * in + i];
                magnitude += std::abs(double{x[t * in + i]} * weight.values[o * in + i]);
              }
              const double bound =
                  (in + 2) * double{std::numeric_limits<float>::epsilon()} * magnitude;
              ASSERT_NEAR(result.row(t)[o], expected, bound);
            }
            for (std::size_t i = t * (out + 3) + out; i < (t + 1) * (out + 3); ++i) {
              ASSERT_EQ(y[i], -5.0f) << "wrote outside the matrix";
            }
          }
        }
      }
    }
  }
}

TEST(Matmul, ExpandRowGivesTheStoredValues) {
  for (const WeightType type :
       {WeightType::F32, WeightType::F16, WeightType::BF16, WeightType::Q8_0}) {
    const TestWeight weight(type, 3, 45);
    std::vector<float> row(45);
    expandRow(weight.matrix.middleRows(1, 2), 1, row);
    EXPECT_EQ(row, std::vector<float>(weight.values.begin() + 90, weight.values.end()));
  }
}

/// Random panels, every byte value among them.
struct PanelWeight {
  PanelWeight(WeightType type, std::size_t rows, std::size_t cols) {
    std::mt19937 random(31);
    const std::size_t blocks = panelsFor(rows) * blocksPerRow(cols);
    bytes.resize(blocks * panelBlockBytes(type));
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    for (std::size_t i = 0; i < blocks * kPanelRows; ++i) {
      scales.push_back(floatToHalf(0.001f * static_cast<float>(1 + random() % 50)));
      minimums.push_back(floatToHalf(-0.01f * static_cast<float>(random() % 50)));
    }
    matrix = WeightMatrix(type, bytes.data(), scales.data(), rows, cols,
                          type == WeightType::Q4Panels ? minimums.data() : nullptr);
  }
  std::vector<std::uint8_t> bytes;
  std::vector<std::uint16_t> scales;
  std::vector<std::uint16_t> minimums;
  WeightMatrix matrix;
};

/// Runs y += x W^T + bias and compares it with the definition; what rounding the activations to
/// `relative` of the largest of a row may change, is allowed on top of F32 rounding.
void expectProduct(Compute& compute, const WeightMatrix& weight, std::size_t tokens,
                   double relative) {
  const std::size_t in = weight.cols();
  const std::size_t out = weight.rows();
  const std::vector<float> x = test::gaussian(tokens * in, 32);
  const std::vector<float> bias = test::gaussian(out, 33);
  std::vector<float> y(tokens * (out + 3), -5.0f);
  Arena::Frame frame(compute.arena());
  LinearInput input(compute, frame, {x.data(), tokens, in});
  const MatmulJob job{&input, weight, bias, {y.data(), tokens, out, out + 3}, true};
  matmul(compute, {&job, 1});
  std::vector<float> row(in);
  for (std::size_t o = 0; o < out; ++o) {
    expandRow(weight, o, row);
    for (std::size_t t = 0; t < tokens; ++t) {
      double expected = double{bias[o]} - 5;
      double magnitude = std::abs(bias[o]) + 5;
      double weights = 0;
      double largest = 0;
      for (std::size_t i = 0; i < in; ++i) {
        expected += double{x[t * in + i]} * row[i];
        magnitude += std::abs(double{x[t * in + i]} * row[i]);
        weights += std::abs(row[i]);
        largest = std::max(largest, double{std::abs(x[t * in + i])});
      }
      const double rounding =
          static_cast<double>(in + 4) * std::numeric_limits<float>::epsilon() * magnitude;
      ASSERT_NEAR(y[t * (out + 3) + o], expected, relative * largest * weights + rounding)
          << "row " << o << ", token " << t << " of " << tokens;
    }
  }
  for (std::size_t t = 0; t < tokens; ++t) {
    for (std::size_t i = out; i < out + 3; ++i) {
      ASSERT_EQ(y[t * (out + 3) + i], -5.0f) << "wrote outside the matrix";
    }
  }
}

TEST(Matmul, PanelsAgreeWithTheirValuesInBothPrecisions) {
  for (const WeightType type : {WeightType::Q8Panels, WeightType::Q4Panels}) {
    for (const auto& [out, in] : {std::pair<std::size_t, std::size_t>{131, 83}, {16, 32}, {5, 1}}) {
      const PanelWeight weight(type, out, in);
      for (const std::size_t threads : {1u, 3u}) {
        Compute exact(threads, Precision::Exact);
        Compute fast(threads, Precision::Fast);
        for (const std::size_t tokens : {1u, 2u, 6u, 7u, 40u}) {
          expectProduct(exact, weight.matrix, tokens, 0);
          expectProduct(fast, weight.matrix, tokens, 0.5 / 127);  // half a step of 127
        }
      }
    }
  }
}

TEST(Matmul, ManyTokensRoundToBf16InFastPrecisionOnly) {
  // More columns than are packed at once, an odd number of them.
  const TestWeight weight(WeightType::BF16, 70, 3077);
  Compute exact(2, Precision::Exact);
  Compute fast(2, Precision::Fast);
  for (const std::size_t tokens : {1u, 4u, 5u, 13u}) {
    expectProduct(exact, weight.matrix, tokens, 0);
    expectProduct(fast, weight.matrix, tokens, tokens <= 4 ? 0 : 0x1p-9);
  }
}

TEST(Matmul, WhatIsFetchedAheadAreTheWholeLinesOfAMatrixThatFits) {
  const std::vector<std::uint16_t> halves(std::size_t{4000} * 100);
  const auto matrix = [&](std::size_t rows) {
    return WeightMatrix(WeightType::BF16, halves.data(), nullptr, rows, 100);
  };
  const Ahead ahead = aheadOf(matrix(7), 48);
  EXPECT_EQ(ahead.begin, reinterpret_cast<const std::byte*>(halves.data()));
  EXPECT_EQ(ahead.end - ahead.begin, 7 * 200 / 64 * 64);

  EXPECT_EQ(aheadOf(matrix(7), 1).begin, nullptr) << "a single token reads at memory's speed";
  EXPECT_EQ(aheadOf(matrix(7), 4000).begin, nullptr) << "seldom enough to wait for";
  EXPECT_EQ(aheadOf(matrix(4000), 48).begin, nullptr) << "would drive out what is multiplied";
  EXPECT_EQ(aheadOf(WeightMatrix(), 48).begin, aheadOf(WeightMatrix(), 48).end);
}

TEST(Matmul, PanelsCountTheRowsThatFillTheLastOne) {
  const std::vector<std::uint8_t> values(std::size_t{2} * 3 * 512);
  const std::vector<std::uint16_t> scales(std::size_t{2} * 3 * 16);
  const WeightMatrix weight(WeightType::Q8Panels, values.data(), scales.data(), 17, 70);
  EXPECT_EQ(weight.dataBytes(), values.size());
}

TEST(Matmul, JobsOfDifferentKindsShareAStep) {
  const PanelWeight panels(WeightType::Q8Panels, 40, 64);
  const TestWeight rows(WeightType::Q8_0, 24, 64);
  const std::vector<float> x = test::gaussian(7 * 64, 34);
  Compute compute(2, Precision::Fast);
  Arena::Frame frame(compute.arena());
  LinearInput input(compute, frame, {x.data(), 7, 64});
  Matrix together(7, 64);
  const std::array jobs{MatmulJob{&input, panels.matrix, {}, together.view().middleCols(0, 40)},
                        MatmulJob{&input, rows.matrix, {}, together.view().middleCols(40, 24)}};
  matmul(compute, jobs);
  Matrix alone(7, 64);
  matmul(compute, {x.data(), 7, 64}, panels.matrix, {}, alone.view().middleCols(0, 40));
  matmul(compute, {x.data(), 7, 64}, rows.matrix, {}, alone.view().middleCols(40, 24));
  for (std::size_t t = 0; t < 7; ++t) {
    for (std::size_t i = 0; i < 64; ++i) {
      EXPECT_EQ(together.view().row(t)[i], alone.view().row(t)[i]);
    }
  }
}

}  // namespace
}  // namespace vl
