#include "bench/random_checkpoint.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/official_configs.h"
#include "inference/engine/conversation.h"
#include "inference/engine/local_engine.h"
#include "inference/weights/checkpoint.h"
#include "inference/weights/model_config.h"
#include "inference/weights/model_tensors.h"
#include "tests/inference/weights/test_files.h"
#include "tests/support/weight_value.h"

namespace vl {
namespace {

using nlohmann::json;

/// An official config with sizes that take no time. Vision rows end in the middle of a block:
/// trunc(64 * 3.7362) = 239; no tensor of the language model is a whole number of panels but by
/// chance.
json shrunk(const std::string& model) {
  json config = *officialConfig(model);
  config["vision_config"]["layers"] = 1;
  config["vision_config"]["width"] = 64;
  config["vision_config"]["heads"] = 2;
  config["projector_config"]["input_dim"] = 64;
  config["projector_config"]["n_embed"] = 96;
  json& language = config["language_config"];
  const json micro = json::parse(readText(microCheckpoint("micro-tiny") / "config.json"));
  language["vocab_size"] = micro["language_config"]["vocab_size"];
  language["hidden_size"] = 96;
  language["intermediate_size"] = 100;
  language["moe_intermediate_size"] = 40;
  language["num_hidden_layers"] = 2;
  language["num_attention_heads"] = 3;
  language["num_key_value_heads"] = 3;
  language["n_routed_experts"] = 8;
  return config;
}

RandomCheckpointOptions optionsFor(const std::string& model, std::optional<WeightType> type) {
  return {.config = shrunk(model), .type = type, .tokenizerFolder = microCheckpoint("micro-tiny")};
}

class RandomCheckpoint : public testing::TestWithParam<std::optional<WeightType>> {};

TEST_P(RandomCheckpoint, LoadsAndAnswersWithFiniteLogits) {
  for (const char* model : {"tiny", "base"}) {
    const TempFolder folder;
    const Status written = writeRandomCheckpoint(optionsFor(model, GetParam()), folder / "x", {});
    ASSERT_TRUE(written) << written.error().what;
    auto engine = LocalEngine::load({.folder = folder / "x", .threads = 1, .force = true});
    ASSERT_TRUE(engine) << engine.error().what;
    const std::vector<ChatMessage> conversation{
        userMessage({VL_SOURCE_DIR "/resources/samples/shapes.png"}, "What is this?")};
    const Result<Trace> trace = (*engine)->trace(conversation, 3, {});
    ASSERT_TRUE(trace) << trace.error().what;
    ASSERT_EQ(trace->steps.size(), 3u);
    for (const Trace::Step& step : trace->steps) {
      for (const ScoredToken& token : step.top) {
        EXPECT_TRUE(std::isfinite(token.logit));
        // Rows of the head have a norm near 1 and meet activations of norm sqrt(96).
        EXPECT_LT(std::abs(token.logit), 10 * std::sqrt(96.0f));
        EXPECT_NE(token.logit, 0.0f);
      }
    }
  }
}

TEST_P(RandomCheckpoint, HasEveryTensorOfTheModelAndNothingButPaddingInThePadding) {
  const TempFolder folder;
  ASSERT_TRUE(writeRandomCheckpoint(optionsFor("tiny", GetParam()), folder / "x", {}));
  const Result<ModelConfig> config = loadModelConfig(folder / "x");
  Result<Checkpoint> checkpoint = Checkpoint::open(folder / "x");
  ASSERT_TRUE(config && checkpoint);
  for (const TensorShape& tensor : modelTensors(*config)) {
    if (tensor.shape.size() != 2) {
      EXPECT_NE(checkpoint->find(tensor.name), nullptr) << tensor.name;
      continue;
    }
    const Result<WeightMatrix> found =
        checkpoint->matrix(tensor.name, tensor.shape[0], tensor.shape[1]);
    ASSERT_TRUE(found) << found.error().what;
    if (!isPanels(found->type())) continue;
    const WeightMatrix whole(found->type(), found->data(), found->scales(),
                             panelsFor(found->rows()) * kPanelRows,
                             blocksPerRow(found->cols()) * kBlockSize, found->minimums());
    for (std::size_t row = 0; row < whole.rows(); ++row) {
      for (std::size_t col = 0; col < whole.cols(); ++col) {
        const bool padding = row >= found->rows() || col >= found->cols();
        if (padding) {
          ASSERT_EQ(test::quantisedValue(whole, row, col), 0) << tensor.name;
        }
        if (row >= found->rows()) {
          ASSERT_EQ(test::weightValue(whole, row, col), 0.0) << tensor.name;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryType, RandomCheckpoint,
                         testing::Values(std::nullopt, WeightType::Q8Panels, WeightType::Q4Panels),
                         [](const auto& test) {
                           if (!test.param) return "BF16";
                           return *test.param == WeightType::Q8Panels ? "Q8" : "Q4";
                         });

TEST(RandomCheckpointErrors, LeaveNothingBehind) {
  const TempFolder folder;
  RandomCheckpointOptions options = optionsFor("tiny", WeightType::Q8Panels);
  options.tokenizerFolder = folder / "missing";
  const Status withoutTokenizer = writeRandomCheckpoint(options, folder / "x", {});
  ASSERT_FALSE(withoutTokenizer);
  EXPECT_EQ(withoutTokenizer.error().code, ErrorCode::NotFound);
  options = optionsFor("tiny", WeightType::Q8Panels);
  options.config["language_config"]["hidden_size"] = 0;
  EXPECT_FALSE(writeRandomCheckpoint(options, folder / "x", {}));
  EXPECT_EQ(listNames(folder.path()), std::vector<std::string>{});
}

}  // namespace
}  // namespace vl
