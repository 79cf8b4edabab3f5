#include "inference/kernels/attention.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/support/random.h"

namespace vl {
namespace {

/// The definition, in double.
std::vector<double> attend(const std::vector<float>& q, const std::vector<float>& k,
                           const std::vector<float>& v, std::size_t tokens, std::size_t length,
                           std::size_t d, std::size_t width, double scale,
                           std::optional<std::size_t> causal) {
  std::vector<double> out(tokens * width, 0.0);
  for (std::size_t t = 0; t < tokens; ++t) {
    const std::size_t seen = causal ? *causal + t + 1 : length;
    std::vector<double> p(seen);
    double sum = 0;
    for (std::size_t j = 0; j < seen; ++j) {
      double score = 0;
      for (std::size_t i = 0; i < d; ++i) score += double{q[t * d + i]} * k[j * d + i];
      sum += p[j] = std::exp(score * scale);
    }
    for (std::size_t j = 0; j < seen; ++j) {
      for (std::size_t c = 0; c < width; ++c) out[t * width + c] += p[j] / sum * v[j * width + c];
    }
  }
  return out;
}

TEST(AttendHead, AgreesWithTheDefinitionAcrossBlocksAndOffsets) {
  const std::size_t d = 10;
  const std::size_t width = 7;
  for (const auto& [tokens, past] : std::vector<std::pair<std::size_t, std::size_t>>{
           {1, 0}, {1, 30}, {2, 5}, {63, 1}, {64, 0}, {65, 3}, {200, 17}}) {
    const std::size_t length = tokens + past;
    const auto q = test::gaussian(tokens * d, 31);
    const auto k = test::gaussian(length * d, 32);
    const auto v = test::gaussian(length * width, 33);
    for (const bool isCausal : {false, true}) {
      const std::optional<std::size_t> causal =
          isCausal ? std::optional<std::size_t>(past) : std::nullopt;
      const auto expected = attend(q, k, v, tokens, length, d, width, 0.3, causal);
      std::vector<float> scratch(attentionScratch(tokens, length));
      std::vector<float> out(tokens * width);
      const ScoreTerm whole{{q.data(), tokens, d}, {k.data(), length, d}};
      attendHead({&whole, 1}, {v.data(), length, width}, 0.3f, causal, scratch,
                 {out.data(), tokens, width});
      // Scores are sums of d products (|score| < 20 here): their rounding, times e^..., relative.
      for (std::size_t i = 0; i < out.size(); ++i) ASSERT_NEAR(out[i], expected[i], 2e-5);

      // Two terms over the two halves of the head are the same scores.
      const ScoreTerm halves[] = {{whole.queries.middleCols(0, 4), whole.keys.middleCols(0, 4)},
                                  {whole.queries.middleCols(4, 6), whole.keys.middleCols(4, 6)}};
      attendHead(halves, {v.data(), length, width}, 0.3f, causal, scratch,
                 {out.data(), tokens, width});
      for (std::size_t i = 0; i < out.size(); ++i) ASSERT_NEAR(out[i], expected[i], 2e-5);
    }
  }
}

}  // namespace
}  // namespace vl
