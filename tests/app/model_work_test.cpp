#include "app/cli/model_work.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/app/vl2_process.h"

namespace vl::test {
namespace {

/// micro-tiny's files with any sizes in the config: only names and bytes of tensors count.
class ModelWorkTest : public testing::Test {
 protected:
  static Checkpoint open(const char* name) { return *Checkpoint::open(microModel(name)); }
  static ModelConfig config(const char* name) { return *loadModelConfig(microModel(name)); }
};

/// DeepSeek-VL2-Tiny at its official sizes (SPEC section 12).
ModelConfig officialTiny(ModelConfig config) {
  LanguageConfig& language = config.language;
  language.vocabSize = 129280;
  language.hiddenSize = config.projector.nEmbed = 1280;
  language.numHiddenLayers = 12;
  language.numAttentionHeads = language.numKeyValueHeads = 10;
  language.intermediateSize = 6848;
  language.moeIntermediateSize = 896;
  language.nRoutedExperts = 64;
  language.nSharedExperts = 2;
  language.numExpertsPerTok = 6;
  language.firstKDenseReplace = 1;
  language.useMla = false;
  config.vision = {.imageSize = 384,
                   .patchSize = 14,
                   .width = 1152,
                   .layers = 27,
                   .heads = 16,
                   .mlpRatio = 3.7362};
  config.projector.inputDim = 1152;
  return config;
}

TEST_F(ModelWorkTest, CountsTheOperationsOfTheOfficialTiny) {
  const ModelWork work =
      workOf(officialTiny(config("micro-tiny")), open("micro-tiny"), Precision::Exact);
  // 12 layers of four 1280 x 1280 matrices; one dense layer of 6848; 11 of 8 experts and a router.
  const double multiplyAdds =
      12.0 * 4 * 1280 * 1280 + 3.0 * 1280 * 6848 + 11.0 * (3.0 * 1280 * 896 * 8 + 1280.0 * 64);
  EXPECT_EQ(work.token.count, 2 * multiplyAdds);
  EXPECT_EQ(work.logits.count, 2.0 * 129280 * 1280);
  EXPECT_EQ(work.attention.count, 2.0 * 12 * 10 * 2 * 128);
  const double tower = 729.0 * (3 * 14 * 14 * 1152 + 27.0 * (4 * 1152 * 1152 + 2 * 1152 * 4304));
  const double projector = 196.0 * (4 * 1152 * 1280 + 1280 * 1280);
  EXPECT_EQ(work.tile.count, 2 * (tower + projector));
  EXPECT_EQ(work.tileAttention.count, 2.0 * 27 * 729 * 729 * 2 * 1152);
}

TEST_F(ModelWorkTest, ReadsChosenExpertsAndNoEmbeddings) {
  const Checkpoint checkpoint = open("micro-tiny");
  const ModelConfig model = config("micro-tiny");
  double all = 0, experts = 0, embeddings = 0;
  for (const StoredTensor* tensor : checkpoint.tensors()) {
    const auto bytes = static_cast<double>(tensor->bytes.size());
    if (tensor->name.starts_with("language.")) all += bytes;
    if (tensor->name.find(".mlp.experts.") != std::string::npos) experts += bytes;
    if (tensor->name == "language.model.embed_tokens.weight") embeddings += bytes;
  }
  ASSERT_GT(experts, 0);
  ASSERT_GT(embeddings, 0);
  const double left =
      1 - double(model.language.numExpertsPerTok) / double(*model.language.nRoutedExperts);
  const ModelWork work = workOf(model, checkpoint, Precision::Exact);
  EXPECT_NEAR(work.tokenBytes, all - embeddings - experts * left, 1);
}

TEST_F(ModelWorkTest, TheTypeOfTheWeightsChoosesThePeak) {
  const ModelConfig model = config("micro-small");
  const ModelWork exact = workOf(model, open("micro-small"), Precision::Exact);
  const ModelWork fast = workOf(model, open("micro-small"), Precision::Fast);
  EXPECT_EQ(exact.token.arithmetic, Arithmetic::F32);
  EXPECT_EQ(exact.attention.arithmetic, Arithmetic::F32);
  EXPECT_EQ(fast.token.arithmetic, Arithmetic::Bf16);  // as stored
  EXPECT_EQ(fast.tile.arithmetic, Arithmetic::Bf16);
  EXPECT_EQ(fast.attention.arithmetic, Arithmetic::Bf16);
}

TEST_F(ModelWorkTest, TheLongerOfReadingAndComputingIsTheLimit) {
  const ModelWork work{.tokenBytes = 10e9,
                       .depthBytes = 1e6,
                       .token = {4e9, Arithmetic::Int8},
                       .logits = {1e9, Arithmetic::Bf16},
                       .attention = {1e6, Arithmetic::F32},
                       .tile = {100e9, Arithmetic::Bf16},
                       .tileAttention = {10e9, Arithmetic::F32}};
  const MachineLimits limits{.readGbps = 10, .f32Gflops = 100, .bf16Gflops = 200, .int8Gops = 1000};
  EXPECT_DOUBLE_EQ(passSeconds(work, limits, 1, 1000), (10e9 + 1e9) / 10e9);
  // 1000 tokens see 1000 others each, and on average half of themselves.
  const double pairs = 1000.0 * 1000 + 1000.0 * 1001 / 2;
  EXPECT_DOUBLE_EQ(passSeconds(work, limits, 1000, 1000),
                   4e12 / 1000e9 + 1e9 / 200e9 + pairs * 1e6 / 100e9);
  EXPECT_DOUBLE_EQ(tileSeconds(work, limits), 100e9 / 200e9 + 10e9 / 100e9);
}

}  // namespace
}  // namespace vl::test
