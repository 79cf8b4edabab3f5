#include "inference/kernels/panel_attention.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "inference/kernels/dispatch.h"
#include "inference/kernels/linear_input.h"
#include "inference/tensor/dtype.h"
#include "tests/support/random.h"

namespace vl {
namespace {

float rounded(float v) {
  std::uint16_t bits = 0;
  kernels().roundBf16(&v, &bits, 1);
  return bf16ToFloat(bits);
}

/// Keys and values of one head, in the panels and as the numbers they stand for.
struct Head {
  Head(std::size_t length, std::size_t keyWidth, std::size_t valueWidth)
      : keys(test::gaussian(length * keyWidth, 1)),
        values(test::gaussian(length * valueWidth, 2)),
        keyWords(KvPanels::keyWords(length, keyWidth), 0x7fc07fc0),  // NaN until written
        valueWords(KvPanels::valueWords(length, valueWidth), 0x7fc07fc0),
        panels(keyWords.data(), keyWidth, valueWords.data(), valueWidth) {}

  void put(std::size_t begin, std::size_t count, std::size_t keyWidth, std::size_t valueWidth) {
    panels.put(begin, {keys.data() + begin * keyWidth, count, keyWidth},
               {values.data() + begin * valueWidth, count, valueWidth});
  }

  std::vector<float> keys;
  std::vector<float> values;
  std::vector<std::uint32_t> keyWords;
  std::vector<std::uint32_t> valueWords;
  KvPanels panels;
};

/// The definition, in double, on the rounded operands.
std::vector<double> expected(const Head& head, std::size_t seen, std::span<const float> query,
                             std::size_t valueWidth, double scale) {
  std::vector<double> weights(seen);
  for (std::size_t p = 0; p < seen; ++p) {
    double score = 0;
    for (std::size_t i = 0; i < query.size(); ++i) {
      score += double{rounded(query[i])} * rounded(head.keys[p * query.size() + i]);
    }
    weights[p] = scale * score;
  }
  const double largest = *std::ranges::max_element(weights);
  double sum = 0;
  for (double& w : weights) sum += w = std::exp(w - largest);
  std::vector<double> out(valueWidth);
  for (std::size_t p = 0; p < seen; ++p) {
    for (std::size_t i = 0; i < valueWidth; ++i) {
      out[i] += weights[p] / sum * rounded(head.values[p * valueWidth + i]);
    }
  }
  return out;
}

TEST(PanelAttention, AgreesWithTheDefinitionForEveryLengthMaskAndThreadCount) {
  const float scale = 0.2f;
  for (const auto& [keyWidth, valueWidth] :
       {std::pair<std::size_t, std::size_t>{72, 72}, {24, 17}, {300, 260}}) {
    for (const std::size_t length : {1u, 2u, 15u, 16u, 33u, 70u}) {
      for (const std::size_t perToken : {1u, 3u}) {
        for (const bool causal : {false, true}) {
          const std::size_t tokens = causal ? (length + 1) / 2 : 7;
          Head head(length, keyWidth, valueWidth);
          head.put(0, length / 2, keyWidth, valueWidth);
          head.put(length / 2, length - length / 2, keyWidth, valueWidth);
          const std::vector<float> queries = test::gaussian(tokens * perToken * keyWidth, 3);
          for (const std::size_t threads : {1u, 3u}) {
            Compute compute(threads, Precision::Fast);
            Arena::Frame frame(compute.arena());
            LinearInput input(compute, frame, {queries.data(), tokens * perToken, keyWidth});
            std::vector<float> out(tokens * perToken * valueWidth);
            const PanelAttention attention{
                head.panels, length, input.halves(), {out.data(), tokens * perToken, valueWidth}};
            const auto first = causal ? std::optional(length - tokens) : std::nullopt;
            attend(compute, {&attention, 1}, scale, perToken, first);
            for (std::size_t q = 0; q < tokens * perToken; ++q) {
              const std::size_t seen = causal ? length - tokens + q / perToken + 1 : length;
              const std::vector<double> exact =
                  expected(head, seen, std::span(queries).subspan(q * keyWidth, keyWidth),
                           valueWidth, scale);
              for (std::size_t i = 0; i < valueWidth; ++i) {
                // Probabilities rounded to BF16, values of magnitude below 5; F32 sums are finer.
                ASSERT_NEAR(out[q * valueWidth + i], exact[i], 0x1p-8 * 5)
                    << "length " << length << ", query " << q;
              }
            }
          }
        }
      }
    }
  }
}

TEST(KvPanels, GiveTheSameWordsPositionByPositionAndAllAtOnce) {
  for (const auto& [keyWidth, valueWidth] : {std::pair<std::size_t, std::size_t>{72, 72}, {9, 5}}) {
    const std::size_t length = 50;
    Head once(length, keyWidth, valueWidth);
    once.put(0, length, keyWidth, valueWidth);
    Head each(length, keyWidth, valueWidth);
    for (std::size_t p = 0; p < length; ++p) each.put(p, 1, keyWidth, valueWidth);
    EXPECT_EQ(once.keyWords, each.keyWords);
    EXPECT_EQ(once.valueWords, each.valueWords);
  }
}

TEST(KvPanels, TheFirstOfAPairClearsTheSecond) {
  // What an earlier, longer conversation left behind must not be multiplied, not even with zero.
  Head head(2, 4, 4);
  head.put(0, 1, 4, 4);
  for (const std::uint32_t word : std::span(head.valueWords).first(4)) EXPECT_EQ(word >> 16, 0u);
}

}  // namespace
}  // namespace vl
