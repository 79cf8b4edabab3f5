#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "inference/kernels/dispatch.h"
#include "inference/tensor/dtype.h"
#include "inference/tensor/weight_matrix.h"
#include "tests/support/random.h"

namespace vl {
namespace {

constexpr float kEpsilon = std::numeric_limits<float>::epsilon();
/// Every remainder of the widest step of any table.
constexpr std::size_t kMaxTail = 131;

class KernelTest : public testing::TestWithParam<KernelTable> {
 protected:
  void SetUp() override {
    if (!runsHere(GetParam())) GTEST_SKIP() << "this CPU lacks " << GetParam().isa;
  }
  const KernelTable& table() const { return GetParam(); }
};

/// The exact sum and the sum of magnitudes, which bounds the rounding of any order of summation.
struct ExactDot {
  double sum = 0;
  double magnitude = 0;
};
ExactDot exactDot(const std::vector<float>& w, const std::vector<float>& x, std::size_t n) {
  ExactDot dot;
  for (std::size_t i = 0; i < n; ++i) {
    dot.sum += double{w[i]} * x[i];
    dot.magnitude += std::abs(double{w[i]} * x[i]);
  }
  return dot;
}

/// Random 16-bit weights and their values.
struct Halves {
  std::vector<std::uint16_t> bits;
  std::vector<float> values;
};
Halves randomBf16(unsigned seed) {
  Halves halves;
  for (const float v : test::gaussian(kMaxTail, seed)) {
    halves.bits.push_back(static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(v) >> 16));
    halves.values.push_back(bf16ToFloat(halves.bits.back()));
  }
  return halves;
}
Halves randomF16(unsigned seed) {
  Halves halves;
  for (const float v : test::gaussian(kMaxTail, seed)) {
    halves.bits.push_back(floatToHalf(v));
    halves.values.push_back(halfToFloat(halves.bits.back()));
  }
  return halves;
}

struct Q8 {
  std::vector<std::int8_t> values;
  std::vector<std::uint16_t> scales;
  std::vector<float> expanded;
};
Q8 randomQ8(unsigned seed) {
  Q8 q8;
  std::mt19937 random(seed);
  for (std::size_t b = 0; b < blocksPerRow(kMaxTail); ++b) {
    q8.scales.push_back(floatToHalf(0.001f * static_cast<float>(1 + random() % 50)));
  }
  for (std::size_t i = 0; i < kMaxTail; ++i) {
    q8.values.push_back(static_cast<std::int8_t>(static_cast<int>(random() % 255) - 127));
    q8.expanded.push_back(static_cast<float>(q8.values[i]) *
                          halfToFloat(q8.scales[i / kBlockSize]));
  }
  return q8;
}

TEST_P(KernelTest, DotsAreExactToRoundingForEveryTail) {
  const std::vector<float> x = test::gaussian(kMaxTail, 1);
  const std::vector<float> w = test::gaussian(kMaxTail, 2);
  const Halves bf16 = randomBf16(3);
  const Halves f16 = randomF16(4);
  const Q8 q8 = randomQ8(5);
  for (std::size_t n = 0; n <= kMaxTail; ++n) {
    // n additions and one product each; the Q8_0 scale rounds once more per block.
    const auto expectNear = [&](float found, const std::vector<float>& values, const char* what) {
      const ExactDot exact = exactDot(values, x, n);
      EXPECT_NEAR(found, exact.sum, static_cast<double>(n + 2) * kEpsilon * exact.magnitude)
          << what << ", n = " << n;
    };
    expectNear(table().dotF32(w.data(), x.data(), n), w, "f32");
    expectNear(table().dotBf16(bf16.bits.data(), x.data(), n), bf16.values, "bf16");
    expectNear(table().dotF16(f16.bits.data(), x.data(), n), f16.values, "f16");
    expectNear(table().dotQ8(q8.values.data(), q8.scales.data(), x.data(), n), q8.expanded, "q8_0");
  }
}

TEST_P(KernelTest, ExpandIsExactAndStopsAtTheEnd) {
  const Halves bf16 = randomBf16(6);
  const Halves f16 = randomF16(7);
  const Q8 q8 = randomQ8(8);
  for (std::size_t n = 0; n <= kMaxTail; ++n) {
    const auto expectExact = [&](const auto& expand, const std::vector<float>& values) {
      std::vector<float> out(kMaxTail + 1, -7.0f);
      expand(out.data());
      for (std::size_t i = 0; i < n; ++i) EXPECT_EQ(out[i], values[i]) << "n = " << n;
      EXPECT_EQ(out[n], -7.0f) << "wrote past the end, n = " << n;
    };
    expectExact([&](float* out) { table().expandBf16(bf16.bits.data(), out, n); }, bf16.values);
    expectExact([&](float* out) { table().expandF16(f16.bits.data(), out, n); }, f16.values);
    expectExact([&](float* out) { table().expandQ8(q8.values.data(), q8.scales.data(), out, n); },
                q8.expanded);
  }
}

TEST_P(KernelTest, ExpandsEveryHalfPrecisionValue) {
  for (std::uint32_t bits = 0; bits <= 0xffff; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    float found = 0;
    table().expandF16(&half, &found, 1);
    const float expected = halfToFloat(half);
    ASSERT_TRUE(found == expected || (std::isnan(found) && std::isnan(expected))) << bits;
  }
}

TEST_P(KernelTest, AddScaledAddsForEveryTail) {
  const std::vector<float> x = test::gaussian(kMaxTail, 9);
  const std::vector<float> y = test::gaussian(kMaxTail, 10);
  for (std::size_t n = 0; n <= kMaxTail; ++n) {
    std::vector<float> out = y;
    table().addScaled(0.75f, x.data(), out.data(), n);
    for (std::size_t i = 0; i < kMaxTail; ++i) {
      const double expected = i < n ? y[i] + 0.75 * x[i] : double{y[i]};
      EXPECT_NEAR(out[i], expected, 2 * kEpsilon * (std::abs(y[i]) + std::abs(x[i])));
    }
  }
}

TEST_P(KernelTest, SoftmaxSumsToOneAndKeepsRatios) {
  for (std::size_t n = 1; n <= kMaxTail; ++n) {
    std::vector<float> x = test::gaussian(n, 11, 20.0f);
    if (n > 2) x[n / 2] = -std::numeric_limits<float>::infinity();
    const double largest = *std::max_element(x.begin(), x.end());
    double sum = 0;
    for (const float v : x) sum += std::exp(v - largest);
    std::vector<float> found = x;
    table().softmax(found.data(), n);
    for (std::size_t i = 0; i < n; ++i) {
      const double expected = std::exp(x[i] - largest) / sum;
      // the subtraction rounds the exponent: |x| eps, relative to the result
      const double relative =
          static_cast<double>(n + 8) * kEpsilon + std::abs(x[i] - largest) * kEpsilon;
      const double bound = std::isinf(x[i]) ? 0.0 : relative * expected + 1e-37;
      EXPECT_NEAR(found[i], expected, bound) << "n = " << n << ", i = " << i;
    }
  }
}

TEST_P(KernelTest, NormsFollowTheirFormulasForEveryTail) {
  constexpr float kNormEps = 1e-3f;
  const std::vector<float> x = test::gaussian(kMaxTail, 14, 3.0f);
  const std::vector<float> weight = test::gaussian(kMaxTail, 15);
  const std::vector<float> bias = test::gaussian(kMaxTail, 16);
  for (std::size_t n = 1; n <= kMaxTail; ++n) {
    double mean = 0, squares = 0, variance = 0;
    for (std::size_t i = 0; i < n; ++i) {
      mean += x[i] / static_cast<double>(n);
      squares += double{x[i]} * x[i] / static_cast<double>(n);
    }
    for (std::size_t i = 0; i < n; ++i) {
      variance += (x[i] - mean) * (x[i] - mean) / static_cast<double>(n);
    }
    std::vector<float> rms(kMaxTail, -7.0f);
    std::vector<float> layer(kMaxTail, -7.0f);
    table().rmsNorm(x.data(), weight.data(), kNormEps, rms.data(), n);
    table().layerNorm(x.data(), weight.data(), bias.data(), kNormEps, layer.data(), n);
    // Sums of n terms; the mean is wrong by the rounding of a sum of up to n * max|x|.
    const double relative = static_cast<double>(n + 8) * kEpsilon;
    for (std::size_t i = 0; i < n; ++i) {
      const double byRms = x[i] / std::sqrt(squares + kNormEps) * weight[i];
      EXPECT_NEAR(rms[i], byRms, relative * std::abs(byRms)) << "n = " << n;
      const double scaled = weight[i] / std::sqrt(variance + kNormEps);
      const double byLayer = (x[i] - mean) * scaled + bias[i];
      const double magnitude = (std::abs(x[i]) + std::sqrt(squares)) * std::abs(scaled);
      EXPECT_NEAR(layer[i], byLayer, 2 * relative * (magnitude + std::abs(bias[i]))) << "n = " << n;
    }
    for (std::size_t i = n; i < kMaxTail; ++i) {
      EXPECT_EQ(rms[i], -7.0f) << "wrote past the end, n = " << n;
      EXPECT_EQ(layer[i], -7.0f) << "wrote past the end, n = " << n;
    }
  }
}

TEST_P(KernelTest, ActivationsFollowTheirFormulas) {
  std::vector<float> x = test::gaussian(kMaxTail, 12, 4.0f);
  x[0] = -200.0f;  // exp overflows here
  x[1] = 200.0f;
  x[2] = 0.0f;
  const std::vector<float> up = test::gaussian(kMaxTail, 13);
  for (std::size_t n = 0; n <= kMaxTail; ++n) {
    std::vector<float> silu = x;
    std::vector<float> gelu = x;
    table().siluMultiply(silu.data(), up.data(), n);
    table().geluTanh(gelu.data(), n);
    for (std::size_t i = 0; i < n; ++i) {
      const double v = x[i];
      // relative to the input: far from zero both outputs are the input or almost nothing
      const double bound = 16 * kEpsilon * (1 + std::abs(v));
      EXPECT_NEAR(silu[i], v / (1 + std::exp(-v)) * up[i], bound * (1 + std::abs(up[i])));
      const double inner = std::sqrt(2 / M_PI) * (v + 0.044715 * v * v * v);
      EXPECT_NEAR(gelu[i], 0.5 * v * (1 + std::tanh(inner)), bound) << v;
    }
    for (std::size_t i = n; i < kMaxTail; ++i) {
      EXPECT_EQ(silu[i], x[i]);
      EXPECT_EQ(gelu[i], x[i]);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryIsa, KernelTest, testing::ValuesIn(compiledKernels()),
                         [](const auto& table) { return std::string(table.param.isa); });

TEST(DispatchDeathTest, ForcedTableThatDoesNotExistEndsTheProgram) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";  // a process that has not chosen yet
  EXPECT_EXIT(
      {
        setenv("VL_ISA", "pentium", 1);
        kernels();
      },
      testing::ExitedWithCode(2), "VL_ISA=pentium");
}

}  // namespace
}  // namespace vl
