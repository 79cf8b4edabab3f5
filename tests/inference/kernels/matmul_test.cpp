#include "inference/kernels/matmul.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "inference/tensor/dtype.h"
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

}  // namespace
}  // namespace vl
