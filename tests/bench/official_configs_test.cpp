#include "bench/official_configs.h"

#include <gtest/gtest.h>

#include <cstddef>

#include "inference/weights/model_config.h"
#include "inference/weights/model_tensors.h"
#include "tests/inference/weights/test_files.h"

namespace vl {
namespace {

struct OfficialTotals {
  const char* model;
  std::size_t tensors;
  std::size_t parameters;
};

/// Of the official module with these configs (SPEC section 1.1), with its attention pool.
constexpr OfficialTotals kTotals[] = {
    {"tiny", 2582, 3'370'501'440}, {"small", 5639, 16'148'349'504}, {"base", 6973, 27'480'134'248}};

/// The attention pool that nothing computes with: width C, MLP M.
/// latent; q, kv, proj with biases; norm; fc1 and fc2 with biases.
std::size_t attentionPoolParameters(std::size_t c, std::size_t m) {
  return c + (c * c + c) + (2 * c * c + 2 * c) + (c * c + c) + 2 * c + (m * c + m) + (c * m + c);
}
constexpr std::size_t kAttentionPoolTensors = 13;

TEST(OfficialConfig, GivesTheTensorsAndParametersOfTheOfficialModels) {
  for (const OfficialTotals& totals : kTotals) {
    const auto config = officialConfig(totals.model);
    ASSERT_TRUE(config);
    const TempFolder folder;
    writeText(folder / "config.json", config->dump());
    writeText(folder / "processor_config.json", processorConfigFor(*config).dump());
    const Result<ModelConfig> loaded = loadModelConfig(folder.path());
    ASSERT_TRUE(loaded) << loaded.error().what;
    std::size_t tensors = kAttentionPoolTensors;
    std::size_t parameters = attentionPoolParameters(1152, 4304);
    for (const TensorShape& tensor : modelTensors(*loaded)) {
      std::size_t count = 1;
      for (const std::size_t size : tensor.shape) count *= size;
      ++tensors;
      parameters += count;
    }
    EXPECT_EQ(tensors, totals.tensors) << totals.model;
    EXPECT_EQ(parameters, totals.parameters) << totals.model;
  }
}

TEST(OfficialConfig, KnowsNoOtherModel) { EXPECT_FALSE(officialConfig("huge")); }

}  // namespace
}  // namespace vl
