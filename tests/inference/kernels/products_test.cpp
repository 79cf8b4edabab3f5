#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "inference/kernels/dispatch.h"
#include "inference/tensor/dtype.h"
#include "inference/tensor/weight_matrix.h"
#include "tests/support/random.h"

namespace vl {
namespace {

constexpr double kEpsilon = std::numeric_limits<float>::epsilon();
constexpr float kUntouched = -77.0f;

class ProductTest : public testing::TestWithParam<KernelTable> {
 protected:
  void SetUp() override {
    if (!runsHere(GetParam())) GTEST_SKIP() << "this CPU lacks " << GetParam().isa;
  }
};

std::uint16_t toBf16(float v) {
  return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(v) >> 16);
}

/// Random panels with every byte value, as a hostile file may hold them.
struct Panels {
  Panels(WeightType ofType, std::size_t rows, std::size_t perRow, unsigned seed)
      : type(ofType), blocks(perRow) {
    std::mt19937 random(seed);
    const std::size_t count = panelsFor(rows) * blocks;
    bytes.resize(count * panelBlockBytes(type));
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    for (std::size_t i = 0; i < count * kPanelRows; ++i) {
      scales.push_back(floatToHalf(0.001f * static_cast<float>(1 + random() % 50)));
      minimums.push_back(floatToHalf(-0.01f * static_cast<float>(random() % 50)));
    }
  }
  /// The weight as weight_matrix.h defines it.
  double at(std::size_t row, std::size_t col) const {
    const std::size_t block = row / kPanelRows * blocks + col / kBlockSize;
    const std::size_t lane = row % kPanelRows;
    const std::size_t in = col % kBlockSize;
    const double scale = halfToFloat(scales[block * kPanelRows + lane]);
    if (type == WeightType::Q8Panels) {
      return (bytes[block * 512 + in / 4 * 64 + lane * 4 + in % 4] - 128) * scale;
    }
    const std::uint8_t byte = bytes[block * 256 + in % 16 / 4 * 64 + lane * 4 + in % 4];
    return (in < 16 ? byte & 0xf : byte >> 4) * scale +
           halfToFloat(minimums[block * kPanelRows + lane]);
  }
  WeightType type;
  std::size_t blocks;
  std::vector<std::uint8_t> bytes;
  std::vector<std::uint16_t> scales;
  std::vector<std::uint16_t> minimums;
};

TEST_P(ProductTest, QuantizedPanelsGiveTheSumsOfTheirBlocks) {
  for (const WeightType type : {WeightType::Q8Panels, WeightType::Q4Panels}) {
    for (const std::size_t rows : {1u, 7u, 8u, 9u, 16u, 31u, 48u}) {
      for (const std::size_t blocks : {1u, 2u, 5u}) {
        const Panels weight(type, rows, blocks, 3);
        for (std::size_t tokens = 1; tokens <= kMaxTileTokens; ++tokens) {
          const std::size_t cols = blocks * kBlockSize;
          const std::vector<float> x = test::gaussian(tokens * cols, 4);
          std::vector<ActivationBlock> tile(blocks * tokens);
          kernels().quantize(x.data(), cols, tokens, cols, tile.data());
          const std::vector<float> bias = test::gaussian(rows, 5);
          for (const bool add : {false, true}) {
            const std::size_t stride = rows + 3;
            std::vector<float> y(tokens * stride, kUntouched);
            const PanelOutput out{y.data(), stride, rows, add ? nullptr : bias.data(), add};
            if (type == WeightType::Q8Panels) {
              GetParam().productQ8(weight.bytes.data(), weight.scales.data(), blocks, tile.data(),
                                   tokens, out);
            } else {
              GetParam().productQ4(weight.bytes.data(), weight.scales.data(),
                                   weight.minimums.data(), blocks, tile.data(), tokens, out);
            }
            for (std::size_t t = 0; t < tokens; ++t) {
              for (std::size_t row = 0; row < rows; ++row) {
                double expected = add ? double{kUntouched} : double{bias[row]};
                double magnitude = std::abs(expected);
                for (std::size_t col = 0; col < cols; ++col) {
                  const ActivationBlock& block = tile[col / kBlockSize * tokens + t];
                  const double term =
                      weight.at(row, col) * block.scale * block.values[col % kBlockSize];
                  expected += term;
                  magnitude += std::abs(term);
                }
                // Two scales, a conversion and a sum round per block; a minimum twice.
                ASSERT_NEAR(y[t * stride + row], expected,
                            (3.0 * static_cast<double>(blocks) + 6) * kEpsilon * magnitude);
              }
              for (std::size_t i = rows; i < stride; ++i) {
                ASSERT_EQ(y[t * stride + i], kUntouched) << "wrote outside its rows";
              }
            }
          }
        }
      }
    }
  }
}

TEST_P(ProductTest, AResultDoesNotDependOnTheOtherTokensOfTheTile) {
  const std::size_t blocks = 7;
  const std::size_t rows = 33;
  const Panels weight(WeightType::Q8Panels, rows, blocks, 6);
  const std::vector<float> x = test::gaussian(blocks * kBlockSize, 7);
  std::vector<float> alone(rows);
  for (std::size_t tokens = 1; tokens <= kMaxTileTokens; ++tokens) {
    std::vector<ActivationBlock> tile(blocks * tokens);
    GetParam().quantize(x.data(), 0, tokens, x.size(), tile.data());  // the same row each time
    std::vector<float> y(tokens * rows);
    GetParam().productQ8(weight.bytes.data(), weight.scales.data(), blocks, tile.data(), tokens,
                         {y.data(), rows, rows, nullptr, false});
    if (tokens == 1) alone = y;
    for (std::size_t i = 0; i < y.size(); ++i) ASSERT_EQ(y[i], alone[i % rows]);
  }
}

TEST_P(ProductTest, Bf16PanelsGiveTheSumsOfTheirPairs) {
  for (const std::size_t rows : {1u, 16u, 17u, 33u, 64u, 70u}) {
    for (const std::size_t cols : {1u, 2u, 15u, 31u, 32u, 33u, 72u}) {
      const std::vector<float> w = test::gaussian(rows * cols, 8);
      std::vector<std::uint16_t> bits(w.size());
      std::ranges::transform(w, bits.begin(), toBf16);
      const std::size_t pairs = (cols + 1) / 2;
      std::vector<std::uint32_t> packed(panelsFor(rows) * pairs * kPanelRows, 0xdeadbeef);
      for (std::size_t row = 0; row < rows; row += kPanelRows) {
        GetParam().packBf16(bits.data() + row * cols, cols, std::min(kPanelRows, rows - row), cols,
                            packed.data() + row * pairs);
      }
      for (const std::size_t tokens : {1u, 2u, 5u, 6u, 7u, 13u}) {
        const std::vector<float> x = test::gaussian(tokens * 2 * pairs, 9);
        std::vector<std::uint16_t> operand(x.size());
        GetParam().roundBf16(x.data(), operand.data(), x.size());
        const std::vector<float> bias = test::gaussian(rows, 10);
        std::vector<float> y(tokens * (rows + 1), kUntouched);
        GetParam().productBf16({packed.data(), pairs * kPanelRows, kPanelRows}, pairs,
                               operand.data(), 2 * pairs, tokens,
                               {y.data(), rows + 1, rows, bias.data(), true});
        for (std::size_t t = 0; t < tokens; ++t) {
          for (std::size_t row = 0; row < rows; ++row) {
            double expected = double{bias[row]} + double{kUntouched};
            double magnitude = std::abs(bias[row]) + std::abs(kUntouched);
            for (std::size_t col = 0; col < cols; ++col) {
              const double term = double{bf16ToFloat(bits[row * cols + col])} *
                                  bf16ToFloat(operand[t * 2 * pairs + col]);
              expected += term;
              magnitude += std::abs(term);
            }
            ASSERT_NEAR(y[t * (rows + 1) + row], expected,
                        static_cast<double>(cols + 3) * kEpsilon * magnitude)
                << rows << " x " << cols << ", " << tokens << " tokens";
          }
          ASSERT_EQ(y[t * (rows + 1) + rows], kUntouched) << "wrote outside its rows";
        }
      }
    }
  }
}

TEST_P(ProductTest, FetchingAheadStaysWithinItsBytesAndChangesNoResult) {
  const std::size_t blocks = 5;
  const std::size_t cols = blocks * kBlockSize;
  const std::size_t rows = 40;
  const std::vector<float> x = test::gaussian(kMaxTileTokens * cols, 11);
  std::vector<ActivationBlock> tile(blocks * kMaxTileTokens);
  GetParam().quantize(x.data(), cols, kMaxTileTokens, cols, tile.data());
  std::vector<std::uint16_t> halves(x.size());
  GetParam().roundBf16(x.data(), halves.data(), x.size());
  const Panels q8(WeightType::Q8Panels, rows, blocks, 12);
  const Panels q4(WeightType::Q4Panels, rows, blocks, 13);
  const std::vector<std::uint32_t> bf16(panelsFor(rows) * cols / 2 * kPanelRows, 0x3f803f80);
  const auto products = [&](Ahead* ahead) {
    std::vector<float> y(3 * kMaxTileTokens * rows);
    PanelOutput out{y.data(), rows, rows, nullptr, false, ahead};
    GetParam().productQ8(q8.bytes.data(), q8.scales.data(), blocks, tile.data(), kMaxTileTokens,
                         out);
    out.data += kMaxTileTokens * rows;
    GetParam().productQ4(q4.bytes.data(), q4.scales.data(), q4.minimums.data(), blocks, tile.data(),
                         kMaxTileTokens, out);
    out.data += kMaxTileTokens * rows;
    GetParam().productBf16({bf16.data(), cols / 2 * kPanelRows, kPanelRows}, cols / 2,
                           halves.data(), cols, kMaxTileTokens, out);
    return y;
  };
  const std::vector<float> plain = products(nullptr);
  const std::vector<std::byte> next(kCacheLine * 1000);
  for (const std::size_t lines : {0u, 1u, 2u, 3u, 7u, 64u, 1000u}) {
    Ahead ahead{next.data(), next.data() + lines * kCacheLine};
    EXPECT_EQ(products(&ahead), plain);
    EXPECT_GE(ahead.begin, next.data());
    EXPECT_LE(ahead.begin, ahead.end);
    EXPECT_EQ(ahead.end, next.data() + lines * kCacheLine);
  }
}

TEST_P(ProductTest, PanelsMayLieApart) {
  // Two panels, pair after pair beside each other: the order in which values are cached.
  const std::size_t pairs = 3;
  std::vector<std::uint32_t> words(pairs * 2 * kPanelRows);
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i] = toBf16(static_cast<float>(i % 32));  // the odd element of each pair is zero
  }
  const std::vector<std::uint16_t> ones(2 * pairs, toBf16(1.0f));
  std::vector<float> y(2 * kPanelRows);
  GetParam().productBf16({words.data(), kPanelRows, 2 * kPanelRows}, pairs, ones.data(), 2 * pairs,
                         1, {y.data(), y.size(), y.size(), nullptr, false});
  for (std::size_t i = 0; i < y.size(); ++i) EXPECT_EQ(y[i], static_cast<float>(pairs * i));
}

TEST_P(ProductTest, QuantizingRoundsToNearestForEveryTail) {
  for (std::size_t n = 1; n <= 100; ++n) {
    for (const std::size_t rows : {1u, 2u, 3u, 5u}) {
      const std::size_t stride = n + 2;
      std::vector<float> x = test::gaussian(rows * stride, 11);
      // A block of zeros.
      for (std::size_t i = 32; i < std::min<std::size_t>(n, 64); ++i) x[i] = 0;
      std::vector<ActivationBlock> blocks(blocksPerRow(n) * rows);
      GetParam().quantize(x.data(), stride, rows, n, blocks.data());
      for (std::size_t i = 0; i < blocks.size(); ++i) {
        const ActivationBlock& block = blocks[i];
        float largest = 0;
        int sum = 0;
        for (std::size_t j = 0; j < kBlockSize; ++j) {
          const std::size_t col = i / rows * kBlockSize + j;
          const float value = col < n ? x[i % rows * stride + col] : 0.0f;
          largest = std::max(largest, std::abs(value));
          sum += block.values[j];
          // Half a step, and the rounding of the division and the product.
          EXPECT_NEAR(block.scale * block.values[j], value,
                      block.scale * (0.5f + 127 * 2 * kEpsilon));
        }
        EXPECT_EQ(block.scale, largest / 127.0f);
        EXPECT_EQ(block.offset, -128 * sum);
        EXPECT_EQ(block.sum, block.scale * static_cast<float>(sum));
      }
    }
  }
}

TEST_P(ProductTest, RoundingToBf16IsToNearestEven) {
  const std::vector<float> x = {1.0f,  1.00390625f, 1.01171875f, -1.00390625f, 3.1415926f,
                                -0.0f, 1e-30f,      1e30f,       255.0f,       257.0f};
  for (std::size_t n = 0; n <= x.size(); ++n) {
    std::vector<std::uint16_t> out(x.size() + 1, 0xabcd);
    GetParam().roundBf16(x.data(), out.data(), n);
    for (std::size_t i = 0; i < n; ++i) {
      const auto bits = std::bit_cast<std::uint32_t>(x[i]);
      EXPECT_EQ(out[i], (bits + 0x7fff + ((bits >> 16) & 1)) >> 16) << x[i];
    }
    EXPECT_EQ(out[n], 0xabcd) << "wrote past the end";
  }
}

TEST_P(ProductTest, ExponentialsAreThoseOfTheSoftmaxAndSumAsRounded) {
  for (std::size_t n = 1; n <= 70; ++n) {
    const std::vector<float> x = test::gaussian(n, 12, 20.0f);
    const float scale = 0.25f;
    std::vector<std::uint16_t> out(n + 1, 0xabcd);
    const float sum = GetParam().exponentials(x.data(), scale, out.data(), n);
    const float largest = *std::ranges::max_element(x);
    double exact = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double expected = std::exp(double{scale} * (double{x[i]} - largest));
      // Half a unit of BF16 (8 bits), and F32 rounding of the argument (below 64).
      EXPECT_NEAR(bf16ToFloat(out[i]), expected, expected * (0x1p-8 + 64 * kEpsilon) + 1e-38);
      exact += bf16ToFloat(out[i]);
    }
    EXPECT_NEAR(sum, exact, exact * static_cast<double>(n) * kEpsilon);
    EXPECT_EQ(out[n], 0xabcd) << "wrote past the end";
  }
}

INSTANTIATE_TEST_SUITE_P(EveryIsa, ProductTest, testing::ValuesIn(compiledKernels()),
                         [](const auto& table) { return std::string(table.param.isa); });

}  // namespace
}  // namespace vl
