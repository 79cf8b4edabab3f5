#include "inference/weights/memory_plan.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <limits>
#include <optional>

#include "inference/weights/config_sections.h"
#include "tests/inference/weights/test_files.h"

namespace vl {
namespace {

constexpr std::size_t kChunk = 512;
constexpr std::size_t kThreads = 8;
constexpr std::size_t kMiB = std::size_t{1} << 20;

ModelConfig microConfig(const char* name) { return *loadModelConfig(microCheckpoint(name)); }

/// DeepSeek-VL2 (Base) at its official sizes.
ModelConfig officialBase() {
  ModelConfig config = microConfig("micro-base");
  config.language.vocabSize = 129280;
  config.language.hiddenSize = config.projector.nEmbed = 2560;
  config.language.intermediateSize = 12288;
  config.language.moeIntermediateSize = 1536;
  config.language.numHiddenLayers = 30;
  config.language.numAttentionHeads = config.language.numKeyValueHeads = 32;
  config.language.kvLoraRank = 512;
  config.language.qkRopeHeadDim = 64;
  config.language.qkNopeHeadDim = config.language.vHeadDim = 128;
  config.language.nRoutedExperts = 72;
  config.language.numExpertsPerTok = 6;
  config.vision = {.imageSize = 384,
                   .patchSize = 14,
                   .width = 1152,
                   .layers = 27,
                   .heads = 16,
                   .mlpRatio = 3.7362};
  config.projector.inputDim = 1152;
  return config;
}

TEST(PlanMemory, KvCacheOfMlaIsLatentAndRotatedKeyOfTheWholeContext) {
  const MemoryPlan plan = planMemory(officialBase(), 0, kChunk, kThreads, Precision::Exact);
  EXPECT_EQ(plan.kvCache, sizeof(float) * 30 * 4096 * (512 + 64));  // 270 MiB
}

TEST(PlanMemory, KvCacheOfMhaIsKeysAndValuesOfAllHeads) {
  const MemoryPlan plan =
      planMemory(microConfig("micro-tiny"), 0, kChunk, kThreads, Precision::Exact);
  EXPECT_EQ(plan.kvCache, sizeof(float) * 2 * 4 * 4096 * 5 * 16);
}

TEST(PlanMemory, KvCacheInBf16TakesHalfAndMlaKeepsTheLatentTwice) {
  ModelConfig config = officialBase();
  const auto kvCache = [&] {
    return planMemory(config, 0, kChunk, kThreads, Precision::Fast).kvCache;
  };
  EXPECT_EQ(kvCache(), 30u * 4096 * (512 + 64 + 512) * 2);
  config.language.useMla = false;
  EXPECT_EQ(kvCache(), 30u * 4096 * 32 * (80 + 80) * 2);
}

TEST(PlanMemory, AnEmbeddingTableCountsOnlyWhereItIsTheHead) {
  const Checkpoint checkpoint = *Checkpoint::open(microCheckpoint("micro-tiny"));
  LanguageConfig config = microConfig("micro-tiny").language;
  ASSERT_FALSE(config.tieWordEmbeddings);
  EXPECT_EQ(residentWeightBytes(checkpoint, config),
            checkpoint.fileBytes() - config.vocabSize * config.hiddenSize * 2);  // BF16
  config.tieWordEmbeddings = true;
  EXPECT_EQ(residentWeightBytes(checkpoint, config), checkpoint.fileBytes());
}

TEST(PlanMemory, ScratchOfTheOfficialBaseIsAFewHundredMegabytes) {
  const MemoryPlan plan =
      planMemory(officialBase(), 55'000 * kMiB, kChunk, kThreads, Precision::Exact);
  // The chosen experts of one chunk alone: 512 * 6 * (2 * 1536 + 2 * 2560) floats are 96 MiB, the
  // absorbed queries and outputs 512 * 32 * 2 * 512 floats 64 MiB; features 2 * 2017 * 2560: 39
  // MiB.
  EXPECT_GT(plan.scratch, (96 + 64 + 39) * kMiB);
  EXPECT_LT(plan.scratch, 1024 * kMiB);
  EXPECT_EQ(plan.weights, 55'000 * kMiB);
  EXPECT_EQ(plan.total(), plan.weights + plan.kvCache + plan.scratch);
}

TEST(PlanMemory, ScratchGrowsWithChunkThreadsAndTiles) {
  ModelConfig config = officialBase();
  const std::size_t base = planMemory(config, 0, kChunk, kThreads, Precision::Exact).scratch;
  EXPECT_GT(planMemory(config, 0, 2 * kChunk, kThreads, Precision::Exact).scratch, base);
  EXPECT_GT(planMemory(config, 0, kChunk, 2 * kThreads, Precision::Exact).scratch, base);
  config.processor.candidateResolutions.push_back({384 * 16, 384});
  EXPECT_GT(planMemory(config, 0, kChunk, kThreads, Precision::Exact).scratch, base);
}

TEST(PlanMemory, AChunkIsNeverLargerThanTheContext) {
  const ModelConfig config = officialBase();
  EXPECT_EQ(planMemory(config, 0, 1'000'000'000, kThreads, Precision::Exact).scratch,
            planMemory(config, 0, 4096, kThreads, Precision::Exact).scratch);
}

TEST(PlanMemory, SumsStayInRangeForTheLargestConfigThatLoads) {
  ModelConfig config = officialBase();
  LanguageConfig& language = config.language;
  language.vocabSize = kMaxVocabulary;
  language.hiddenSize = language.intermediateSize = language.moeIntermediateSize = kMaxWidth;
  language.kvLoraRank = language.qkRopeHeadDim = kMaxWidth;
  language.qkNopeHeadDim = language.vHeadDim = kMaxWidth;
  language.qLoraRank = kMaxWidth;
  language.numHiddenLayers = kMaxLayers;
  language.numAttentionHeads = language.numKeyValueHeads = kMaxHeads;
  language.nRoutedExperts = language.nSharedExperts = language.numExpertsPerTok = kMaxExperts;
  language.maxPositionEmbeddings = kMaxContext;
  for (const Precision precision : {Precision::Exact, Precision::Fast}) {
    const MemoryPlan plan = planMemory(config, 0, kMaxContext, 4096, precision);
    // The experts' part alone, as a double: a wrapped sum would be smaller.
    const double experts =
        double(kMaxContext) * double(kMaxExperts) * 4.0 * double(kMaxWidth) * 4.0;
    EXPECT_GT(static_cast<double>(plan.scratch), experts);
    EXPECT_LT(plan.total(), std::numeric_limits<std::size_t>::max() / 2);
  }
}

TEST(MemoryPlan, FitsWhenTheTotalIsAvailable) {
  MemoryPlan plan{.weights = 10, .kvCache = 20, .scratch = 30, .available = 60};
  EXPECT_TRUE(plan.fits());
  plan.available = 59;
  EXPECT_FALSE(plan.fits());
}

}  // namespace
}  // namespace vl
