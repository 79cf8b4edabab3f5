#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "inference/weights/config_reader.h"
#include "inference/weights/config_sections.h"
#include "inference/weights/quoted_text.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr SizeRange kWidthRange{1, kMaxWidth};
constexpr SizeRange kHeadsRange{1, kMaxHeads};
constexpr double kLargestFactor = 1e6;

void readSizes(ConfigReader& reader, LanguageConfig& config) {
  reader.read("vocab_size", config.vocabSize, {1, kMaxVocabulary});
  reader.read("hidden_size", config.hiddenSize, kWidthRange);
  reader.read("intermediate_size", config.intermediateSize, kWidthRange);
  reader.read("moe_intermediate_size", config.moeIntermediateSize, kWidthRange);
  reader.read("num_hidden_layers", config.numHiddenLayers, {1, kMaxLayers});
  reader.read("num_attention_heads", config.numAttentionHeads, kHeadsRange);
  if (reader.isNull("num_key_value_heads")) {
    config.numKeyValueHeads = config.numAttentionHeads;
  } else {
    reader.read("num_key_value_heads", config.numKeyValueHeads, kHeadsRange);
  }
  reader.read("max_position_embeddings", config.maxPositionEmbeddings, {1, kMaxContext});
  reader.read("rms_norm_eps", config.rmsNormEps, {1e-30, 1.0});
  reader.read("rope_theta", config.ropeTheta, {1.0, 1e12});
  reader.read("attention_bias", config.attentionBias);
  reader.read("use_mla", config.useMla);
  reader.read("tie_word_embeddings", config.tieWordEmbeddings);

  std::string activation = "silu";
  reader.read("hidden_act", activation);
  if (activation != "silu") {
    reader.fail(ErrorCode::Unsupported, "hidden_act",
                "found " + quotedText(activation) + ", expected 'silu'");
  }
}

/// Tiny's file holds null and zeros here, which mean nothing without MLA and are not read.
void readMla(ConfigReader& reader, LanguageConfig& config) {
  reader.read("kv_lora_rank", config.kvLoraRank, kWidthRange);
  reader.read("q_lora_rank", config.qLoraRank, kWidthRange);
  reader.read("qk_rope_head_dim", config.qkRopeHeadDim, kWidthRange);
  reader.read("qk_nope_head_dim", config.qkNopeHeadDim, kWidthRange);
  reader.read("v_head_dim", config.vHeadDim, kWidthRange);
  if (config.qkRopeHeadDim % 2 != 0) {
    reader.fail(ErrorCode::Corrupt, "qk_rope_head_dim",
                "found " + std::to_string(config.qkRopeHeadDim) + ", expected an even number");
  }
}

void checkMha(ConfigReader& reader, const LanguageConfig& config) {
  const std::size_t heads = config.numAttentionHeads;
  if (config.hiddenSize % heads != 0 || config.headDim() % 2 != 0) {
    reader.fail(ErrorCode::Corrupt, "num_attention_heads",
                "found " + std::to_string(heads) + ", expected to divide hidden_size " +
                    std::to_string(config.hiddenSize) + " into heads of even width");
  }
  if (heads % config.numKeyValueHeads != 0) {
    reader.fail(ErrorCode::Corrupt, "num_key_value_heads",
                "found " + std::to_string(config.numKeyValueHeads) +
                    ", expected a divisor of num_attention_heads " + std::to_string(heads));
  }
}

void readRouterMethod(ConfigReader& reader, LanguageConfig& config) {
  if (reader.isMissing("topk_method")) {
    // The official default is a misspelt name with which routing fails.
    return reader.fail(ErrorCode::Corrupt, "topk_method",
                       "is missing, expected 'greedy', 'group_limited_greedy' or 'noaux_tc'");
  }
  std::string method;
  reader.read("topk_method", method);
  if (method == "greedy") {
    config.topkMethod = TopkMethod::Greedy;
  } else if (method == "group_limited_greedy") {
    config.topkMethod = TopkMethod::GroupLimitedGreedy;
  } else if (method == "noaux_tc") {
    config.topkMethod = TopkMethod::NoauxTc;
  } else {
    reader.fail(ErrorCode::Unsupported, "topk_method",
                "found " + quotedText(method) +
                    ", expected 'greedy', 'group_limited_greedy' or 'noaux_tc'");
  }

  std::string scoring = "softmax";
  reader.read("scoring_func", scoring);
  if (scoring == "softmax") {
    config.scoringFunc = ScoringFunc::Softmax;
  } else if (scoring == "sigmoid") {
    config.scoringFunc = ScoringFunc::Sigmoid;
  } else {
    reader.fail(ErrorCode::Unsupported, "scoring_func",
                "found " + quotedText(scoring) + ", expected 'softmax' or 'sigmoid'");
  }
}

/// Groups of experts; the greedy method has none and its n_group is not read.
void readGroups(ConfigReader& reader, LanguageConfig& config, std::size_t experts) {
  for (const std::string_view key : {"n_group", "topk_group"}) {
    if (reader.isMissingOrNull(key)) {
      return reader.fail(ErrorCode::Corrupt, key, "is missing, but topk_method needs it");
    }
  }
  reader.read("n_group", config.nGroup, {1, experts});
  reader.read("topk_group", config.topkGroup, {1, config.nGroup});
  if (experts % config.nGroup != 0) {
    return reader.fail(ErrorCode::Corrupt, "n_group",
                       "found " + std::to_string(config.nGroup) +
                           ", expected a divisor of n_routed_experts " + std::to_string(experts));
  }
  if (config.topkMethod == TopkMethod::NoauxTc && experts / config.nGroup < 2) {
    reader.fail(ErrorCode::Corrupt, "n_group",
                "found " + std::to_string(config.nGroup) + " groups of " + std::to_string(experts) +
                    " experts, but noaux_tc needs two in each");
  }
}

void readExperts(ConfigReader& reader, LanguageConfig& config) {
  reader.read("n_shared_experts", config.nSharedExperts, {1, kMaxExperts});
  reader.read("n_routed_experts", config.nRoutedExperts, {1, kMaxExperts});
  reader.read("moe_layer_freq", config.moeLayerFreq, {1, kMaxLayers});
  reader.read("first_k_dense_replace", config.firstKDenseReplace, {0, kMaxLayers});
  if (!config.nRoutedExperts) return;
  const std::size_t experts = *config.nRoutedExperts;

  if (reader.isMissingOrNull("num_experts_per_tok")) {
    return reader.fail(ErrorCode::Corrupt, "num_experts_per_tok",
                       "is missing, but n_routed_experts is " + std::to_string(experts));
  }
  reader.read("num_experts_per_tok", config.numExpertsPerTok, {1, experts});
  reader.read("norm_topk_prob", config.normTopkProb);
  reader.read("routed_scaling_factor", config.routedScalingFactor, {1e-6, kLargestFactor});
  readRouterMethod(reader, config);
  if (config.topkMethod != TopkMethod::Greedy) readGroups(reader, config, experts);
}

Result<RopeScaling> parseRopeScaling(const json& object, const std::string& where,
                                     const LanguageConfig& config) {
  ConfigReader reader(object, where);
  RopeScaling scaling;
  std::string type;
  reader.read("type", type);
  if (type == "linear") {
    scaling.type = RopeScalingType::Linear;
  } else if (type == "dynamic") {
    scaling.type = RopeScalingType::Dynamic;
  } else if (type == "yarn" && config.useMla) {
    scaling.type = RopeScalingType::Yarn;
  } else {
    reader.fail(
        ErrorCode::Unsupported, "type",
        "found " + quotedText(type) + ", expected 'linear', 'dynamic' or, with MLA, 'yarn'");
  }
  if (reader.isMissing("factor")) reader.fail(ErrorCode::Corrupt, "factor", "is missing");
  reader.read("factor", scaling.factor, {1e-3, kLargestFactor});
  reader.read("original_max_position_embeddings", scaling.originalMaxPositionEmbeddings,
              {1, kMaxContext});
  reader.read("beta_fast", scaling.betaFast, {1e-6, kLargestFactor});
  reader.read("beta_slow", scaling.betaSlow, {1e-6, kLargestFactor});
  reader.read("mscale", scaling.mscale, {0.0, kLargestFactor});
  reader.read("mscale_all_dim", scaling.mscaleAllDim, {0.0, kLargestFactor});
  // yarn divides by ln(theta), dynamic scaling by the rotated width minus two.
  if (scaling.type == RopeScalingType::Yarn && config.ropeTheta <= 1.0) {
    reader.fail(ErrorCode::Corrupt, "type", "yarn needs a rope_theta above 1");
  }
  const std::size_t rotated = config.useMla ? config.qkRopeHeadDim : config.headDim();
  if (scaling.type == RopeScalingType::Dynamic && rotated <= 2) {
    reader.fail(ErrorCode::Corrupt, "type", "dynamic needs more than two rotated values per head");
  }
  if (!reader.status()) return reader.status().error();
  return scaling;
}

}  // namespace

Result<LanguageConfig> parseLanguageConfig(const json& object, const std::string& where) {
  ConfigReader reader(object, where);
  LanguageConfig config;
  readSizes(reader, config);
  if (config.useMla) {
    readMla(reader, config);
  } else {
    checkMha(reader, config);
  }
  readExperts(reader, config);
  if (!reader.status()) return reader.status().error();
  if (reader.isMissingOrNull("rope_scaling")) return config;
  Result<RopeScaling> scaling =
      parseRopeScaling(*object.find("rope_scaling"), where + ".rope_scaling", config);
  if (!scaling) return scaling.error();
  config.ropeScaling = *scaling;
  return config;
}

}  // namespace vl
