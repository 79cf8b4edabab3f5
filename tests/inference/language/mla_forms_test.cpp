// Absorbed and expanded attention are two ways to one result.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "inference/language/mla_attention.h"
#include "tests/support/f32_checkpoint.h"
#include "tests/support/random.h"

namespace vl {
namespace {

constexpr MlaShape kSmall{
    .heads = 16, .nopeDim = 128, .ropeDim = 64, .valueDim = 128, .latentDim = 512};

TEST(ExpandingPays, ForManyNewTokensOnly) {
  EXPECT_TRUE(expandingPays(kSmall, 512, 512));
  EXPECT_TRUE(expandingPays(kSmall, 512, 2560));
  EXPECT_FALSE(expandingPays(kSmall, 1, 2));
  EXPECT_FALSE(expandingPays(kSmall, 1, 4096));
  EXPECT_FALSE(expandingPays(kSmall, 29, 2150)) << "a second question about a picture";
}

/// Random weights whose outputs are about 1.
class MlaForms : public testing::Test {
 protected:
  static constexpr std::size_t kTokens = 90;
  static constexpr std::size_t kHidden = 48;

  MlaForms() {
    config_.hiddenSize = kHidden;
    config_.numHiddenLayers = 1;
    config_.numAttentionHeads = 3;
    config_.qLoraRank = std::nullopt;
    config_.qkNopeHeadDim = 16;
    config_.qkRopeHeadDim = 8;
    config_.vHeadDim = 24;
    config_.kvLoraRank = 72;
    const std::size_t heads = config_.numAttentionHeads;
    add("q_proj.weight", heads * config_.qkHeadDim(), kHidden);
    add("kv_a_proj_with_mqa.weight", config_.kvLoraRank + config_.qkRopeHeadDim, kHidden);
    folder_.add("self_attn.kv_a_layernorm.weight", {config_.kvLoraRank},
                std::vector<float>(config_.kvLoraRank, 1.0f));
    add("kv_b_proj.weight", heads * (config_.qkNopeHeadDim + config_.vHeadDim), config_.kvLoraRank);
    add("o_proj.weight", kHidden, heads * config_.vHeadDim);
  }

  void add(const std::string& name, std::size_t rows, std::size_t cols) {
    const float deviation = 1.0f / std::sqrt(static_cast<float>(cols));
    folder_.add("self_attn." + name, {rows, cols}, test::gaussian(rows * cols, ++seed_, deviation));
  }

  std::vector<float> attended(const MlaAttention& attention, std::size_t chunk,
                              std::size_t threads) const {
    const std::vector<float> x = test::gaussian(kTokens * kHidden, 77);
    const Rope rope(config_, config_.qkRopeHeadDim);
    Compute compute(threads, Precision::Fast);
    KvCache cache(config_, kTokens, Precision::Fast);
    std::vector<float> out(x.size());
    for (std::size_t begin = 0; begin < kTokens; begin += chunk) {
      const std::size_t count = std::min(chunk, kTokens - begin);
      attention.forward(compute, {x.data() + begin * kHidden, count, kHidden},
                        rope.angles(begin, count), 0, cache,
                        {out.data() + begin * kHidden, count, kHidden});
      cache.advance(count);
    }
    return out;
  }

  LanguageConfig config_;
  test::F32Checkpoint folder_;
  unsigned seed_ = 0;
};

TEST_F(MlaForms, AgreeToTheRoundingOfBf16) {
  WeightReader reader(folder_.open(), "");
  const MlaAttention attention(reader, config_);
  ASSERT_TRUE(reader.status()) << reader.status().error().what;
  const MlaShape shape{.heads = config_.numAttentionHeads,
                       .nopeDim = config_.qkNopeHeadDim,
                       .ropeDim = config_.qkRopeHeadDim,
                       .valueDim = config_.vHeadDim,
                       .latentDim = config_.kvLoraRank};
  ASSERT_TRUE(expandingPays(shape, kTokens, kTokens));
  ASSERT_TRUE(expandingPays(shape, 45, kTokens));  // positions of an earlier chunk, too
  ASSERT_FALSE(expandingPays(shape, 1, kTokens));

  const std::vector<float> absorbed = attended(attention, 1, 2);
  double energy = 0;
  for (const float v : absorbed) energy += double{v} * v;
  const double deviation = std::sqrt(energy / static_cast<double>(absorbed.size()));
  ASSERT_GT(deviation, 0.05);
  for (const std::size_t chunk : {kTokens, std::size_t{45}}) {
    const std::vector<float> expanded = attended(attention, chunk, 2);
    double error = 0;
    for (std::size_t i = 0; i < absorbed.size(); ++i) {
      error += (double{expanded[i]} - absorbed[i]) * (double{expanded[i]} - absorbed[i]);
    }
    // Either form rounds queries, keys, probabilities and values: about four roundings of 2^-9.
    EXPECT_LE(std::sqrt(error / energy), 4 * 0x1p-8) << "chunks of " << chunk;
    EXPECT_GT(error, 0) << "the same form twice";
    EXPECT_EQ(attended(attention, chunk, 1), expanded) << "depends on the threads";
  }
}

}  // namespace
}  // namespace vl
