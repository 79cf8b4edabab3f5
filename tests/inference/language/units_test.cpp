// The parts of a decoder layer alone, against the official classes (tests/data/README.md).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "inference/language/mla_attention.h"
#include "inference/language/moe_layer.h"
#include "inference/language/router.h"
#include "tests/support/f32_checkpoint.h"
#include "tests/support/golden.h"

namespace vl {
namespace {

using nlohmann::json;

/// README: 1e-5 for units, 1e-4 for attention, which sums over more terms.
constexpr float kUnitBound = 1e-5f;
constexpr float kAttentionBound = 1e-4f;

json unitCases(const std::string& name) {
  std::ifstream file(test::modelData() / "goldens/units" / (name + ".json"));
  return json::parse(file);
}

RopeScaling scalingFrom(const json& j) {
  RopeScaling scaling;
  scaling.type = j.at("type") == "yarn" ? RopeScalingType::Yarn : RopeScalingType::Linear;
  scaling.factor = j.at("factor");
  scaling.originalMaxPositionEmbeddings = j.value("original_max_position_embeddings", 4096);
  scaling.betaFast = j.value("beta_fast", 32.0);
  scaling.betaSlow = j.value("beta_slow", 1.0);
  scaling.mscale = j.value("mscale", 1.0);
  scaling.mscaleAllDim = j.value("mscale_all_dim", 0.0);
  return scaling;
}

LanguageConfig configFrom(const json& j) {
  LanguageConfig config;
  config.hiddenSize = j.at("hidden_size");
  config.scoringFunc =
      j.value("scoring_func", "softmax") == "sigmoid" ? ScoringFunc::Sigmoid : ScoringFunc::Softmax;
  const std::string method = j.value("topk_method", "greedy");
  config.topkMethod = method == "noaux_tc"               ? TopkMethod::NoauxTc
                      : method == "group_limited_greedy" ? TopkMethod::GroupLimitedGreedy
                                                         : TopkMethod::Greedy;
  config.nGroup = j.value("n_group", 1);
  config.topkGroup = j.value("topk_group", 1);
  config.numExpertsPerTok = j.value("num_experts_per_tok", 0);
  config.normTopkProb = j.value("norm_topk_prob", false);
  config.routedScalingFactor = j.value("routed_scaling_factor", 1.0);
  config.moeIntermediateSize = j.value("moe_intermediate_size", 0);
  if (j.contains("n_routed_experts")) config.nRoutedExperts = j["n_routed_experts"];
  if (j.contains("n_shared_experts") && !j["n_shared_experts"].is_null()) {
    config.nSharedExperts = j["n_shared_experts"];
  }
  if (j.contains("kv_lora_rank")) {
    config.numHiddenLayers = 1;
    config.numAttentionHeads = j.at("num_attention_heads");
    config.kvLoraRank = j.at("kv_lora_rank");
    config.qkNopeHeadDim = j.at("qk_nope_head_dim");
    config.qkRopeHeadDim = j.at("qk_rope_head_dim");
    config.vHeadDim = j.at("v_head_dim");
    config.attentionBias = j.value("attention_bias", false);
    config.ropeTheta = j.value("rope_theta", 10000.0);
    config.qLoraRank.reset();
    if (!j.at("q_lora_rank").is_null()) config.qLoraRank = j["q_lora_rank"];
    if (j.contains("rope_scaling") && !j["rope_scaling"].is_null()) {
      config.ropeScaling = scalingFrom(j["rope_scaling"]);
    }
  }
  return config;
}

void copyTensor(const test::Golden& golden, const std::string& from, const std::string& to,
                test::F32Checkpoint& checkpoint) {
  checkpoint.add(to, golden.shape(from), golden.floats(from));
}

/// In this golden every expert of the one kept group has a negative choice, so all four places go
/// to masked experts, which tie at 0. Which of them is up to the order of the official top-k.
constexpr const char* kTiedCase = "sigmoid_noaux_g4_negative_bias";

TEST(Router, ChoosesTheExpertsAndWeightsOfTheOfficialGate) {
  const test::Golden golden("goldens/units/gate.safetensors");
  const json cases = unitCases("gate");
  ASSERT_FALSE(cases.empty());
  for (const auto& [name, options] : cases.items()) {
    if (name == kTiedCase) continue;
    SCOPED_TRACE(name);
    test::F32Checkpoint folder;
    copyTensor(golden, name + ".weight", "mlp.gate.weight", folder);
    if (golden.has(name + ".bias")) {
      copyTensor(golden, name + ".bias", "mlp.gate.e_score_correction_bias", folder);
    }
    WeightReader reader(folder.open(), "");
    const Router router(reader, configFrom(options));
    ASSERT_TRUE(reader.status()) << reader.status().error().what;

    const std::vector<float> x = golden.floats(name + ".x");
    const std::vector<std::int32_t> experts = golden.ints(name + ".idx");
    const std::vector<float> weights = golden.floats(name + ".w");
    const std::size_t perToken = router.expertsPerToken();
    const std::size_t hidden = golden.shape(name + ".x")[1];
    std::vector<RoutedExpert> routed(perToken);
    for (std::size_t t = 0; t < x.size() / hidden; ++t) {
      router.route(std::span(x).subspan(t * hidden, hidden), routed);
      for (std::size_t i = 0; i < perToken; ++i) {
        EXPECT_EQ(routed[i].expert, static_cast<std::size_t>(experts[t * perToken + i]));
        EXPECT_NEAR(routed[i].weight, weights[t * perToken + i], kUnitBound) << "token " << t;
      }
    }
  }
}

TEST(Router, PrefersMaskedExpertsToKeptOnesWithANegativeChoice) {
  const test::Golden golden("goldens/units/gate.safetensors");
  const std::string name = kTiedCase;
  const LanguageConfig config = configFrom(unitCases("gate").at(name));
  test::F32Checkpoint folder;
  copyTensor(golden, name + ".weight", "mlp.gate.weight", folder);
  copyTensor(golden, name + ".bias", "mlp.gate.e_score_correction_bias", folder);
  WeightReader reader(folder.open(), "");
  const Router router(reader, config);
  ASSERT_TRUE(reader.status()) << reader.status().error().what;

  const std::vector<float> x = golden.floats(name + ".x");
  const std::vector<float> gate = golden.floats(name + ".weight");
  const std::vector<float> bias = golden.floats(name + ".bias");
  const std::size_t experts = bias.size();
  const std::size_t groupSize = experts / config.nGroup;
  ASSERT_EQ(config.topkGroup, 1u);
  std::vector<RoutedExpert> routed(router.expertsPerToken());
  for (std::size_t t = 0; t < x.size() / config.hiddenSize; ++t) {
    std::vector<double> scores(experts);
    std::vector<double> groupScores;
    for (std::size_t g = 0; g < config.nGroup; ++g) {
      std::vector<double> choices;
      for (std::size_t e = g * groupSize; e < (g + 1) * groupSize; ++e) {
        double logit = 0;
        for (std::size_t i = 0; i < config.hiddenSize; ++i) {
          logit += double{x[t * config.hiddenSize + i]} * gate[e * config.hiddenSize + i];
        }
        scores[e] = 1 / (1 + std::exp(-logit));
        choices.push_back(scores[e] + bias[e]);
      }
      std::sort(choices.rbegin(), choices.rend());
      groupScores.push_back(choices[0] + choices[1]);
    }
    const auto kept = static_cast<std::size_t>(
        std::max_element(groupScores.begin(), groupScores.end()) - groupScores.begin());

    router.route(std::span(x).subspan(t * config.hiddenSize, config.hiddenSize), routed);
    double sum = 0;
    for (const RoutedExpert& r : routed) sum += scores[r.expert];
    for (const RoutedExpert& r : routed) {
      EXPECT_NE(r.expert / groupSize, kept) << "token " << t;
      EXPECT_NEAR(r.weight, scores[r.expert] / sum * config.routedScalingFactor, kUnitBound);
    }
  }
}

TEST(MlaAttention, EqualsTheOfficialModuleInOneStepAndTokenByToken) {
  const test::Golden golden("goldens/units/mla_attention.safetensors");
  const json cases = unitCases("mla_attention");
  ASSERT_FALSE(cases.empty());
  for (const auto& [name, options] : cases.items()) {
    SCOPED_TRACE(name);
    const LanguageConfig config = configFrom(options);
    test::F32Checkpoint folder;
    for (const std::string part :
         {"q_proj.weight", "q_a_proj.weight", "q_a_proj.bias", "q_a_layernorm.weight",
          "q_b_proj.weight", "kv_a_proj_with_mqa.weight", "kv_a_proj_with_mqa.bias",
          "kv_a_layernorm.weight", "kv_b_proj.weight", "o_proj.weight", "o_proj.bias"}) {
      if (golden.has(name + "." + part)) {
        copyTensor(golden, name + "." + part, "self_attn." + part, folder);
      }
    }
    WeightReader reader(folder.open(), "");
    const MlaAttention attention(reader, config);
    ASSERT_TRUE(reader.status()) << reader.status().error().what;

    const std::vector<float> x = golden.floats(name + ".x");
    const std::vector<float> y = golden.floats(name + ".y");
    const std::size_t tokens = golden.shape(name + ".x")[0];
    const MatrixView<const float> input(x.data(), tokens, config.hiddenSize);
    const Rope rope(config, config.qkRopeHeadDim);

    // The official tables are [tokens, width]: the same half twice.
    const RopeAngles all = rope.angles(0, tokens);
    const std::vector<float> cos = golden.floats(name + ".cos");
    const std::vector<float> sin = golden.floats(name + ".sin");
    const std::size_t half = config.qkRopeHeadDim / 2;
    for (std::size_t t = 0; t < tokens; ++t) {
      const auto row = [&](const std::vector<float>& table) {
        return std::span(table).subspan(t * 2 * half, half);
      };
      EXPECT_LE(test::maxDifference(all.cos.view().row(t), row(cos)), kUnitBound);
      EXPECT_LE(test::maxDifference(all.sin.view().row(t), row(sin)), kUnitBound);
    }

    Compute compute(2);
    for (const std::size_t chunk : {tokens, std::size_t{1}, std::size_t{7}}) {
      KvCache cache(config, tokens, Precision::Exact);
      Matrix out(tokens, config.hiddenSize);
      for (std::size_t begin = 0; begin < tokens; begin += chunk) {
        const std::size_t count = std::min(chunk, tokens - begin);
        attention.forward(compute, input.middleRows(begin, count), rope.angles(begin, count), 0,
                          cache, out.view().middleRows(begin, count));
        cache.advance(count);
      }
      EXPECT_LE(test::maxDifference(out.view(), y), kAttentionBound) << "chunks of " << chunk;
    }
  }
}

TEST(MoeLayer, EqualsTheOfficialBlock) {
  const test::Golden golden("goldens/units/moe_block.safetensors");
  const json cases = unitCases("moe_block");
  ASSERT_FALSE(cases.empty());
  for (const auto& [name, options] : cases.items()) {
    SCOPED_TRACE(name);
    const LanguageConfig config = configFrom(options);
    test::F32Checkpoint folder;
    std::vector<std::string> mlps;
    for (std::size_t e = 0; e < *config.nRoutedExperts; ++e) {
      mlps.push_back("experts." + std::to_string(e));
    }
    if (config.nSharedExperts) mlps.emplace_back("shared_experts");
    for (const std::string& mlp : mlps) {
      for (const std::string part : {"gate_proj", "up_proj", "down_proj"}) {
        const std::string tensor = mlp + "." + part + ".weight";
        copyTensor(golden, name + "." + tensor, "mlp." + tensor, folder);
      }
    }
    copyTensor(golden, name + ".gate.weight", "mlp.gate.weight", folder);
    const std::string bias = "gate.e_score_correction_bias";
    if (golden.has(name + "." + bias)) copyTensor(golden, name + "." + bias, "mlp." + bias, folder);
    WeightReader reader(folder.open(), "");
    const MoeLayer layer(reader, config);
    ASSERT_TRUE(reader.status()) << reader.status().error().what;

    const std::vector<float> x = golden.floats(name + ".x");
    const std::size_t tokens = golden.shape(name + ".x")[0];
    Matrix out(tokens, config.hiddenSize);
    std::vector<RoutedExpert> routing;
    Compute compute(2);
    ASSERT_TRUE(layer.forward(compute, {x.data(), tokens, config.hiddenSize}, out.view(), routing,
                              std::stop_token{}));
    EXPECT_LE(test::maxDifference(out.view(), golden.floats(name + ".y")), kUnitBound);

    std::stop_source stop;
    stop.request_stop();
    EXPECT_FALSE(layer.forward(compute, {x.data(), tokens, config.hiddenSize}, out.view(), routing,
                               stop.get_token()));
  }
}

}  // namespace
}  // namespace vl
