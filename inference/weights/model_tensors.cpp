#include "inference/weights/model_tensors.h"

#include <utility>

namespace vl {
namespace {

/// Appends tensors below a prefix.
class TensorList {
 public:
  void add(std::string name, std::vector<std::size_t> shape) {
    tensors_.push_back({prefix_ + std::move(name), std::move(shape)});
  }
  /// name.weight [out, in] and, where there is one, name.bias [out].
  void addLinear(const std::string& name, std::size_t out, std::size_t in, bool hasBias) {
    add(name + ".weight", {out, in});
    if (hasBias) add(name + ".bias", {out});
  }
  void addLayerNorm(const std::string& name, std::size_t width) {
    add(name + ".weight", {width});
    add(name + ".bias", {width});
  }
  void addMlp(const std::string& name, std::size_t hidden, std::size_t intermediate) {
    addLinear(name + "gate_proj", intermediate, hidden, false);
    addLinear(name + "up_proj", intermediate, hidden, false);
    addLinear(name + "down_proj", hidden, intermediate, false);
  }

  void setPrefix(std::string prefix) { prefix_ = std::move(prefix); }
  std::vector<TensorShape> take() { return std::move(tensors_); }

 private:
  std::string prefix_;
  std::vector<TensorShape> tensors_;
};

void addVision(TensorList& list, const VisionConfig& config) {
  const std::size_t width = config.width;
  list.setPrefix("vision.");
  list.add("patch_embed.proj.weight", {width, 3, config.patchSize, config.patchSize});
  list.add("patch_embed.proj.bias", {width});
  list.add("pos_embed", {1, config.patches(), width});
  for (std::size_t b = 0; b < config.layers; ++b) {
    list.setPrefix("vision.blocks." + std::to_string(b) + ".");
    list.addLayerNorm("norm1", width);
    list.addLinear("attn.qkv", 3 * width, width, true);
    list.addLinear("attn.proj", width, width, true);
    list.addLayerNorm("norm2", width);
    list.addLinear("mlp.fc1", config.mlpWidth(), width, true);
    list.addLinear("mlp.fc2", width, config.mlpWidth(), true);
  }
  list.setPrefix("vision.");
  list.addLayerNorm("norm", width);
}

void addProjector(TensorList& list, const ProjectorConfig& config) {
  const std::size_t inner = config.nEmbed * config.mlpRatio;
  list.setPrefix("projector.layers.");
  std::size_t in = config.inputDim * config.downsampleRatio * config.downsampleRatio;
  for (std::size_t i = 0; i < config.depth; ++i) {
    const std::size_t out = i + 1 == config.depth ? config.nEmbed : inner;
    list.addLinear(std::to_string(2 * i), out, in, true);
    in = out;
  }
  list.setPrefix("");
  list.add("image_newline", {config.nEmbed});
  list.add("view_seperator", {config.nEmbed});
}

void addMha(TensorList& list, const LanguageConfig& config) {
  const std::size_t hidden = config.hiddenSize;
  const std::size_t keyWidth = config.numKeyValueHeads * config.headDim();
  list.addLinear("self_attn.q_proj", hidden, hidden, config.attentionBias);
  list.addLinear("self_attn.k_proj", keyWidth, hidden, config.attentionBias);
  list.addLinear("self_attn.v_proj", keyWidth, hidden, config.attentionBias);
  list.addLinear("self_attn.o_proj", hidden, hidden, config.attentionBias);
}

void addMla(TensorList& list, const LanguageConfig& config) {
  const std::size_t hidden = config.hiddenSize;
  const std::size_t heads = config.numAttentionHeads;
  const std::size_t queryWidth = heads * config.qkHeadDim();
  if (config.qLoraRank) {
    list.addLinear("self_attn.q_a_proj", *config.qLoraRank, hidden, config.attentionBias);
    list.add("self_attn.q_a_layernorm.weight", {*config.qLoraRank});
    list.addLinear("self_attn.q_b_proj", queryWidth, *config.qLoraRank, false);
  } else {
    list.addLinear("self_attn.q_proj", queryWidth, hidden, false);
  }
  list.addLinear("self_attn.kv_a_proj_with_mqa", config.kvLoraRank + config.qkRopeHeadDim, hidden,
                 config.attentionBias);
  list.add("self_attn.kv_a_layernorm.weight", {config.kvLoraRank});
  list.addLinear("self_attn.kv_b_proj", heads * (config.qkNopeHeadDim + config.vHeadDim),
                 config.kvLoraRank, false);
  list.addLinear("self_attn.o_proj", hidden, heads * config.vHeadDim, config.attentionBias);
}

void addMoe(TensorList& list, const LanguageConfig& config) {
  const std::size_t experts = *config.nRoutedExperts;
  list.add("mlp.gate.weight", {experts, config.hiddenSize});
  if (config.topkMethod == TopkMethod::NoauxTc) {
    list.add("mlp.gate.e_score_correction_bias", {experts});
  }
  for (std::size_t e = 0; e < experts; ++e) {
    list.addMlp("mlp.experts." + std::to_string(e) + ".", config.hiddenSize,
                config.moeIntermediateSize);
  }
  if (config.nSharedExperts) {
    list.addMlp("mlp.shared_experts.", config.hiddenSize,
                config.moeIntermediateSize * *config.nSharedExperts);
  }
}

void addLanguage(TensorList& list, const LanguageConfig& config) {
  list.setPrefix("language.model.");
  list.add("embed_tokens.weight", {config.vocabSize, config.hiddenSize});
  for (std::size_t i = 0; i < config.numHiddenLayers; ++i) {
    list.setPrefix("language.model.layers." + std::to_string(i) + ".");
    list.add("input_layernorm.weight", {config.hiddenSize});
    config.useMla ? addMla(list, config) : addMha(list, config);
    list.add("post_attention_layernorm.weight", {config.hiddenSize});
    if (config.isMoeLayer(i)) {
      addMoe(list, config);
    } else {
      list.addMlp("mlp.", config.hiddenSize, config.intermediateSize);
    }
  }
  list.setPrefix("language.");
  list.add("model.norm.weight", {config.hiddenSize});
  if (!config.tieWordEmbeddings) {
    list.add("lm_head.weight", {config.vocabSize, config.hiddenSize});
  }
}

}  // namespace

std::vector<TensorShape> modelTensors(const ModelConfig& config) {
  TensorList list;
  addVision(list, config.vision);
  addProjector(list, config.projector);
  addLanguage(list, config.language);
  return list.take();
}

}  // namespace vl
