#include "bench/official_configs.h"

#include <array>

namespace vl {
namespace {

using nlohmann::json;

constexpr int kTilePixels = 384;

/// In file order, which breaks ties: all grids of up to nine tiles.
json candidateResolutions() {
  constexpr std::array<std::array<int, 2>, 23> kGrids{
      {{1, 1}, {1, 2}, {2, 1}, {1, 3}, {3, 1}, {1, 4}, {4, 1}, {2, 2},
       {1, 5}, {5, 1}, {1, 6}, {6, 1}, {2, 3}, {3, 2}, {1, 7}, {7, 1},
       {1, 8}, {8, 1}, {2, 4}, {4, 2}, {1, 9}, {9, 1}, {3, 3}}};
  json result = json::array();
  for (const auto& [columns, rows] : kGrids) {
    result.push_back({columns * kTilePixels, rows * kTilePixels});
  }
  return result;
}

json tinyLanguage() {
  return {{"bos_token_id", 0},
          {"eos_token_id", 1},
          {"first_k_dense_replace", 1},
          {"hidden_size", 1280},
          {"intermediate_size", 6848},
          {"kv_lora_rank", nullptr},
          {"lm_head", true},
          {"max_position_embeddings", 4096},
          {"moe_intermediate_size", 896},
          {"n_group", 1},
          {"n_routed_experts", 64},
          {"n_shared_experts", 2},
          {"num_attention_heads", 10},
          {"num_experts_per_tok", 6},
          {"num_hidden_layers", 12},
          {"num_key_value_heads", 10},
          {"q_lora_rank", nullptr},
          {"qk_nope_head_dim", 0},
          {"qk_rope_head_dim", 0},
          {"rm_head", false},
          {"topk_group", 1},
          {"topk_method", "greedy"},
          {"use_mla", false},
          {"v_head_dim", 0},
          {"vocab_size", 129280}};
}

json smallLanguage() {
  return {{"first_k_dense_replace", 1},
          {"hidden_size", 2048},
          {"intermediate_size", 10944},
          {"lm_head", true},
          {"max_position_embeddings", 4096},
          {"moe_intermediate_size", 1408},
          {"n_group", 1},
          {"n_routed_experts", 64},
          {"n_shared_experts", 2},
          {"num_attention_heads", 16},
          {"num_experts_per_tok", 6},
          {"num_hidden_layers", 27},
          {"num_key_value_heads", 16},
          {"q_lora_rank", nullptr},
          {"rm_head", false},
          {"topk_group", 1},
          {"topk_method", "greedy"}};
}

json baseLanguage() {
  return {{"bos_token_id", 0},
          {"eos_token_id", 1},
          {"first_k_dense_replace", 1},
          {"hidden_size", 2560},
          {"intermediate_size", 12288},
          {"lm_head", false},
          {"max_position_embeddings", 4096},
          {"moe_intermediate_size", 1536},
          {"n_group", 1},
          {"n_routed_experts", 72},
          {"n_shared_experts", 2},
          {"norm_topk_prob", true},
          {"num_experts_per_tok", 6},
          {"q_lora_rank", nullptr},
          {"rm_head", false},
          {"routed_scaling_factor", 2.0},
          {"scoring_func", "sigmoid"},
          {"topk_group", 1},
          {"topk_method", "noaux_tc"},
          {"vocab_size", 129280}};
}

json configAround(json language) {
  json projector = {{"model_type", "mlp_projector"}, {"n_embed", language["hidden_size"]}};
  return {{"candidate_resolutions", candidateResolutions()},
          {"global_view_pos", "head"},
          {"language_config", std::move(language)},
          {"model_type", "deepseek_vl_v2"},
          {"projector_config", std::move(projector)},
          {"tile_tag", "2D"},
          {"torch_dtype", "bfloat16"},
          {"vision_config",
           {{"layers", 27},
            {"mlp_ratio", 3.7362},
            {"model_name", "siglip_so400m_patch14_384"},
            {"model_type", "vision"},
            {"patch_size", 14},
            {"width", 1152}}}};
}

}  // namespace

std::optional<json> officialConfig(std::string_view model) {
  if (model == "tiny") return configAround(tinyLanguage());
  if (model == "small") return configAround(smallLanguage());
  if (model == "base") return configAround(baseLanguage());
  return std::nullopt;
}

json processorConfigFor(const json& config) {
  return {{"add_special_token", false},
          {"candidate_resolutions", config.at("candidate_resolutions")},
          {"downsample_ratio", 2},
          {"ignore_id", -100},
          {"image_mean", {0.5, 0.5, 0.5}},
          {"image_std", {0.5, 0.5, 0.5}},
          {"image_token", "<image>"},
          {"mask_prompt", false},
          {"normalize", true},
          {"pad_token", "<｜▁pad▁｜>"},
          {"patch_size", config.at("vision_config").at("patch_size")},
          {"processor_class", "DeepseekVLV2Processor"},
          {"sft_format", "deepseek"}};
}

}  // namespace vl
