#include "inference/weights/model_config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "tests/inference/weights/test_files.h"

namespace vl {
namespace {

using nlohmann::json;

/// micro-base's configs, to be changed and loaded again.
class ModelConfigFile : public testing::Test {
 protected:
  Result<ModelConfig> load() const {
    writeText(folder_ / "config.json", config_.dump());
    writeText(folder_ / "processor_config.json", processor_.dump());
    return loadModelConfig(folder_.path());
  }

  void expectError(ErrorCode code, const std::string& complaint) const {
    const Result<ModelConfig> config = load();
    ASSERT_FALSE(config) << complaint;
    EXPECT_EQ(config.error().code, code) << config.error().what;
    EXPECT_NE(config.error().what.find(complaint), std::string::npos) << config.error().what;
  }

  json& language() { return config_["language_config"]; }
  json& vision() { return config_["vision_config"]; }
  json& projector() { return config_["projector_config"]; }

  TempFolder folder_;
  json config_ = readJson(microCheckpoint("micro-base") / "config.json");
  json processor_ = readJson(microCheckpoint("micro-base") / "processor_config.json");
};

TEST(LoadModelConfig, ReadsMhaOfMicroTiny) {
  const Result<ModelConfig> config = loadModelConfig(microCheckpoint("micro-tiny"));
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_FALSE(config->language.useMla);
  EXPECT_EQ(config->language.headDim(), 16u);
  EXPECT_EQ(config->language.nRoutedExperts, 8u);
  EXPECT_EQ(config->language.numExpertsPerTok, 3u);
  EXPECT_FALSE(config->language.isMoeLayer(0));
  EXPECT_TRUE(config->language.isMoeLayer(1));
  EXPECT_EQ(config->vision.patches(), 729u);
  EXPECT_EQ(config->vision.mlpWidth(), 538u);  // trunc(144 * 3.7362)
  EXPECT_EQ(config->processor.tilePixels(), 384);
  EXPECT_EQ(config->processor.candidateResolutions.size(), 23u);
  EXPECT_EQ(config->processor.candidateResolutions[1], (Resolution{384, 768}));
  EXPECT_TRUE(config->globalViewFirst);
  EXPECT_FALSE(config->quantization);
}

TEST(LoadModelConfig, ReadsMlaOfMicroSmall) {
  const Result<ModelConfig> config = loadModelConfig(microCheckpoint("micro-small"));
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_TRUE(config->language.useMla);
  EXPECT_EQ(config->language.qLoraRank, std::nullopt);  // an explicit null
  EXPECT_EQ(config->language.qkHeadDim(), 48u);
  EXPECT_EQ(config->language.vHeadDim, 24u);
  EXPECT_EQ(config->language.rmsNormEps, 1e-5);
  EXPECT_EQ(config->language.topkMethod, TopkMethod::Greedy);
}

TEST(LoadModelConfig, ReadsTheRouterOfMicroBase) {
  const Result<ModelConfig> config = loadModelConfig(microCheckpoint("micro-base"));
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->language.topkMethod, TopkMethod::NoauxTc);
  EXPECT_EQ(config->language.scoringFunc, ScoringFunc::Sigmoid);
  EXPECT_TRUE(config->language.normTopkProb);
  EXPECT_EQ(config->language.routedScalingFactor, 2.0);
}

TEST_F(ModelConfigFile, MissingKeysTakeTheOfficialDefaults) {
  language() = {{"hidden_size", 96}};
  vision() = {{"patch_size", 14}, {"width", 144}, {"heads", 2}};
  const Result<ModelConfig> config = load();
  ASSERT_TRUE(config) << config.error().what;
  const LanguageConfig& language = config->language;
  EXPECT_EQ(language.vocabSize, 102400u);
  EXPECT_EQ(language.intermediateSize, 11008u);
  EXPECT_EQ(language.numHiddenLayers, 30u);
  EXPECT_EQ(language.numAttentionHeads, 32u);
  EXPECT_EQ(language.kvLoraRank, 512u);
  EXPECT_EQ(language.qLoraRank, 1536u);
  EXPECT_EQ(language.maxPositionEmbeddings, 2048u);
  EXPECT_EQ(language.nRoutedExperts, std::nullopt);
  EXPECT_FALSE(language.isMoeLayer(5));
  EXPECT_TRUE(language.useMla);
  EXPECT_FALSE(language.tieWordEmbeddings);
  EXPECT_EQ(config->vision.imageSize, 384u);
  EXPECT_EQ(config->vision.layers, 24u);
  EXPECT_EQ(config->projector.downsampleRatio, 2u);
}

TEST_F(ModelConfigFile, OfficialSizesArePossible) {
  language() = {{"vocab_size", 129280},
                {"hidden_size", 2560},
                {"intermediate_size", 12288},
                {"moe_intermediate_size", 1536},
                {"n_routed_experts", 72},
                {"n_shared_experts", 2},
                {"num_experts_per_tok", 6},
                {"q_lora_rank", nullptr},
                {"topk_method", "noaux_tc"},
                {"n_group", 1},
                {"topk_group", 1}};
  vision() = {{"layers", 27}, {"mlp_ratio", 3.7362}, {"patch_size", 14}, {"width", 1152}};
  projector() = {{"n_embed", 2560}};
  const Result<ModelConfig> config = load();
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->vision.mlpWidth(), 4304u);
  EXPECT_EQ(config->vision.headDim(), 72u);
}

TEST_F(ModelConfigFile, NullKeyValueHeadsMeansAsManyAsQueryHeads) {
  language()["use_mla"] = false;
  language()["num_key_value_heads"] = nullptr;
  const Result<ModelConfig> config = load();
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->language.numKeyValueHeads, 6u);
}

TEST_F(ModelConfigFile, WithoutMlaItsSizesAreNotLookedAt) {
  language()["use_mla"] = false;
  for (const char* key : {"kv_lora_rank", "qk_rope_head_dim", "qk_nope_head_dim", "v_head_dim"}) {
    language()[key] = nullptr;
  }
  EXPECT_TRUE(load());
}

TEST_F(ModelConfigFile, UnknownKeysAreIgnored) {
  config_["something"] = json::array({1});
  language()["lm_head"] = false;
  processor_["mask_prompt"] = "x";
  EXPECT_TRUE(load());
}

TEST_F(ModelConfigFile, GlobalViewIsLastForAnyOtherPosition) {
  config_["global_view_pos"] = "tail";
  const Result<ModelConfig> config = load();
  ASSERT_TRUE(config);
  EXPECT_FALSE(config->globalViewFirst);
}

TEST_F(ModelConfigFile, ReadsRopeScaling) {
  language()["rope_scaling"] = {{"type", "yarn"}, {"factor", 40}, {"mscale_all_dim", 0.707}};
  const Result<ModelConfig> config = load();
  ASSERT_TRUE(config) << config.error().what;
  ASSERT_TRUE(config->language.ropeScaling);
  EXPECT_EQ(config->language.ropeScaling->type, RopeScalingType::Yarn);
  EXPECT_EQ(config->language.ropeScaling->factor, 40.0);
  EXPECT_EQ(config->language.ropeScaling->mscaleAllDim, 0.707);
  EXPECT_EQ(config->language.ropeScaling->originalMaxPositionEmbeddings, 4096u);
  EXPECT_EQ(config->language.ropeScaling->betaFast, 32.0);
}

TEST_F(ModelConfigFile, ReadsItsOwnQuantizationAndNoOther) {
  config_["quantization_config"] = {{"quant_method", "q8_0"}, {"block_size", 32}};
  const Result<ModelConfig> config = load();
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->quantization->type, "q8_0");
  config_["quantization_config"]["block_size"] = 64;
  expectError(ErrorCode::Corrupt, "block_size: found 64");
  config_["quantization_config"] = {{"quant_method", "fp8"}};
  expectError(ErrorCode::Unsupported, "quant_method: found 'fp8', expected 'q8_0' or 'q4'");
}

TEST_F(ModelConfigFile, ReadsQuantizationsOfOlderVersionsAndRefusesThoseOfNewerOnes) {
  config_["quantization_config"] = {{"quant_method", "q4"}, {"version", 2}};
  const Result<ModelConfig> config = load();
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->quantization->type, "q4");
  config_["quantization_config"] = {{"quant_method", "q8_0"}, {"version", 1}};
  EXPECT_TRUE(load());
  config_["quantization_config"]["version"] = 3;
  expectError(ErrorCode::Unsupported, "version: found 3, expected at most 2");
  config_["quantization_config"]["version"] = "2";
  expectError(ErrorCode::Corrupt, "version: found the text '2'");
}

TEST_F(ModelConfigFile, ErrorsNameFileKeyFoundAndExpected) {
  language()["hidden_size"] = "96";
  expectError(ErrorCode::Corrupt, (folder_ / "config.json").string() +
                                      ": language_config: hidden_size: found the text '96', "
                                      "expected a whole number from 1 to ");
}

TEST_F(ModelConfigFile, RefusesWrongTypesAndImpossibleSizes) {
  const json original = language();
  const auto expectWith = [&](const char* key, json value, const std::string& complaint) {
    language() = original;
    language()[key] = std::move(value);
    expectError(ErrorCode::Corrupt, complaint);
  };
  expectWith("hidden_size", 0, "hidden_size: found 0");
  expectWith("hidden_size", -96, "hidden_size: found -96");
  expectWith("hidden_size", 96.0, "hidden_size: found 96.0");
  expectWith("hidden_size", nullptr, "hidden_size: found null");
  expectWith("hidden_size", true, "hidden_size: found true");
  expectWith("hidden_size", json::array({96}), "hidden_size: found a list");
  expectWith("vocab_size", 18446744073709551615u, "vocab_size: found 18446744073709551615");
  expectWith("num_hidden_layers", 1u << 20, "num_hidden_layers: found 1048576");
  expectWith("use_mla", "yes", "use_mla: found the text 'yes', expected true or false");
  expectWith("rms_norm_eps", "1e-6", "rms_norm_eps");
  expectWith("rope_theta", 0, "rope_theta: found 0");
  expectWith("qk_rope_head_dim", 15, "found 15, expected an even number");
  expectWith("kv_lora_rank", nullptr, "kv_lora_rank: found null");
  expectWith("n_routed_experts", 0, "n_routed_experts: found 0");
  expectWith("num_experts_per_tok", 13, "num_experts_per_tok: found 13, expected");
  expectWith("num_experts_per_tok", nullptr, "num_experts_per_tok: is missing");
  expectWith("moe_layer_freq", 0, "moe_layer_freq: found 0");
  expectWith("n_group", 5, "n_group: found 5, expected a divisor of n_routed_experts 12");
  expectWith("n_group", 12, "noaux_tc needs two in each");
  expectWith("n_group", nullptr, "n_group: is missing");
  expectWith("topk_group", 2, "topk_group: found 2, expected a whole number from 1 to 1");
  expectWith("rope_scaling", "yarn", "rope_scaling: found the text 'yarn', expected an object");
  expectWith("rope_scaling", {{"type", "yarn"}}, "factor: is missing");
}

TEST_F(ModelConfigFile, RefusesHeadsThatDoNotDivide) {
  language()["use_mla"] = false;
  language()["num_attention_heads"] = 7;
  expectError(ErrorCode::Corrupt, "num_attention_heads: found 7");
  language()["num_attention_heads"] = 32;  // heads of width 3 cannot be rotated in pairs
  expectError(ErrorCode::Corrupt, "num_attention_heads: found 32");
  language()["num_attention_heads"] = 6;
  language()["num_key_value_heads"] = 4;
  expectError(ErrorCode::Corrupt, "num_key_value_heads: found 4, expected a divisor");
  language().erase("num_key_value_heads");  // whose official default is 32
  expectError(ErrorCode::Corrupt, "num_key_value_heads: found 32");
}

TEST_F(ModelConfigFile, RefusesAMissingOrUnknownRouterMethod) {
  language().erase("topk_method");
  expectError(ErrorCode::Corrupt, "topk_method: is missing");
  language()["topk_method"] = "gready";
  expectError(ErrorCode::Unsupported, "topk_method: found 'gready'");
  language()["topk_method"] = "greedy";
  language()["scoring_func"] = "relu";
  expectError(ErrorCode::Unsupported, "scoring_func: found 'relu'");
}

TEST_F(ModelConfigFile, RefusesYarnWithoutMla) {
  language()["use_mla"] = false;
  language()["rope_scaling"] = {{"type", "yarn"}, {"factor", 4.0}};
  expectError(ErrorCode::Unsupported, "rope_scaling: type: found 'yarn'");
  language()["rope_scaling"]["type"] = "dynamic";
  EXPECT_TRUE(load());
}

TEST_F(ModelConfigFile, RefusesWhatIsNotTheOfficialModel) {
  const json original = config_;
  const auto expectWith = [&](const char* pointer, json value, const std::string& complaint) {
    config_ = original;
    config_[json::json_pointer(pointer)] = std::move(value);
    expectError(ErrorCode::Unsupported, complaint);
  };
  expectWith("/model_type", "llama", "model_type: found 'llama'");
  expectWith("/tile_tag", "1D", "tile_tag: found '1D'");
  expectWith("/language_config/hidden_act", "gelu", "hidden_act: found 'gelu'");
  expectWith("/vision_config/class_token", true, "class_token");
  expectWith("/vision_config/ignore_head", false, "ignore_head");
  expectWith("/vision_config/global_pool", "avg", "global_pool: found 'avg'");
  expectWith("/projector_config/projector_type", "linear", "projector_type: found 'linear'");
  expectWith("/projector_config/token_pooling", true, "token_pooling");
  config_ = original;
  config_.erase("tile_tag");
  expectError(ErrorCode::Corrupt, "tile_tag: is missing");
  config_ = original;
  processor_["sft_format"] = "plain";
  expectError(ErrorCode::Unsupported, "sft_format: found 'plain'");
}

TEST_F(ModelConfigFile, RefusesImpossibleVisionAndProjectorSizes) {
  const json original = config_;
  const auto expectWith = [&](const char* pointer, json value, const std::string& complaint) {
    config_ = original;
    config_[json::json_pointer(pointer)] = std::move(value);
    expectError(ErrorCode::Corrupt, complaint);
  };
  expectWith("/vision_config", json::array(), "vision_config: found a list, expected an object");
  expectWith("/vision_config/heads", 5, "heads: found 5, expected a divisor of width 144");
  expectWith("/vision_config/patch_size", 385, "patch_size: found 385");
  expectWith("/vision_config/patch_size", 0, "patch_size: found 0");
  expectWith("/vision_config/mlp_ratio", 0.001, "without a unit");
  expectWith("/vision_config/mlp_ratio", 1e9, "mlp_ratio");
  expectWith("/projector_config/depth", 0, "depth: found 0");
  expectWith("/projector_config/downsample_ratio", 0, "downsample_ratio: found 0");
}

TEST_F(ModelConfigFile, ProjectorOfDepthOneIsThatOfDepthTwo) {
  projector()["depth"] = 1;
  const Result<ModelConfig> config = load();
  ASSERT_TRUE(config);
  EXPECT_EQ(config->projector.depth, 2u);
}

TEST_F(ModelConfigFile, RefusesSectionsThatContradictEachOther) {
  const json original = config_;
  const auto expectWith = [&](const char* pointer, json value, const std::string& complaint) {
    config_ = original;
    config_[json::json_pointer(pointer)] = std::move(value);
    expectError(ErrorCode::Corrupt, complaint);
  };
  expectWith("/projector_config/input_dim", 1152, "vision_config.width, which is 144");
  expectWith("/projector_config/n_embed", 80, "language_config.hidden_size, which is 96");
  expectWith("/vision_config/image_size", 448, "tile width of processor_config.json, which is 384");
  expectWith("/vision_config/patch_size", 16, "patch_size of processor_config.json, which is 14");
  expectWith("/projector_config/downsample_ratio", 3, "downsample_ratio of processor_config.json");
}

TEST_F(ModelConfigFile, RefusesImpossibleProcessorValues) {
  const json original = processor_;
  const auto expectWith = [&](const char* key, json value, const std::string& complaint) {
    processor_ = original;
    processor_[key] = std::move(value);
    expectError(ErrorCode::Corrupt, complaint);
  };
  expectWith("candidate_resolutions", json::array(), "expected a list of 1 to");
  expectWith("candidate_resolutions", json::array({384, 384}), "entry 0: expected [width, height]");
  expectWith("candidate_resolutions", {{384, 384}, {384, 0}}, "entry 1");
  expectWith("candidate_resolutions", {{384, 384}, {384, 384, 1}}, "entry 1");
  expectWith("candidate_resolutions", {{384, 384}, {384, 500}},
             "found 384 x 500, expected multiples");
  expectWith("candidate_resolutions", {{384, 384}, {384 * 13, 384 * 5}}, "at most 64 tiles");
  expectWith("image_mean", {0.5, 0.5}, "image_mean: expected three numbers");
  expectWith("image_std", {0.5, 0.0, 0.5}, "image_std: expected three numbers");
  expectWith("image_token", "", "image_token: is empty");
  expectWith("normalize", 1, "normalize: found 1");
  processor_ = original;
  processor_.erase("candidate_resolutions");
  expectError(ErrorCode::Corrupt, "candidate_resolutions");
  processor_ = json::array();
  expectError(ErrorCode::Corrupt, "processor_config.json: found a list");
}

TEST_F(ModelConfigFile, RefusesMissingBrokenAndHugeFiles) {
  ASSERT_TRUE(load());
  const auto errorCode = [this] { return loadModelConfig(folder_.path()).error().code; };
  writeText(folder_ / "config.json", config_.dump().substr(0, 100));
  EXPECT_EQ(errorCode(), ErrorCode::Corrupt);
  writeText(folder_ / "config.json", std::string(2'000'000, ' ') + config_.dump());
  EXPECT_EQ(errorCode(), ErrorCode::Corrupt);
  writeText(folder_ / "config.json", R"({"tile_tag":"2D","tile_tag":"1D"})");
  EXPECT_EQ(errorCode(), ErrorCode::Corrupt);
  writeText(folder_ / "config.json", "[]");
  EXPECT_EQ(errorCode(), ErrorCode::Corrupt);
  writeText(folder_ / "config.json", config_.dump());
  std::filesystem::remove(folder_ / "processor_config.json");
  EXPECT_EQ(errorCode(), ErrorCode::NotFound);
}

}  // namespace
}  // namespace vl
