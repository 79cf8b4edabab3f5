#include "inference/language/language_model.h"

#include <cassert>
#include <string>
#include <utility>

#include "inference/kernels/matmul.h"
#include "inference/kernels/row_ops.h"

namespace vl {

LanguageModel::LanguageModel(const LanguageConfig& config)
    : config_(config), rope_(config, config.useMla ? config.qkRopeHeadDim : config.headDim()) {}

LanguageModel::Layer LanguageModel::readLayer(WeightReader& reader, const LanguageConfig& config,
                                              std::size_t index) {
  std::vector<float> inputNorm = reader.vector("input_layernorm.weight", config.hiddenSize);
  std::vector<float> postAttentionNorm =
      reader.vector("post_attention_layernorm.weight", config.hiddenSize);
  auto attention = config.useMla
                       ? std::variant<MhaAttention, MlaAttention>(MlaAttention(reader, config))
                       : std::variant<MhaAttention, MlaAttention>(MhaAttention(reader, config));
  auto feedForward = config.isMoeLayer(index)
                         ? std::variant<Mlp, MoeLayer>(MoeLayer(reader, config))
                         : std::variant<Mlp, MoeLayer>(
                               Mlp(reader, "mlp.", config.hiddenSize, config.intermediateSize));
  return {std::move(inputNorm), std::move(attention), std::move(postAttentionNorm),
          std::move(feedForward)};
}

Result<LanguageModel> LanguageModel::load(Checkpoint& checkpoint, const LanguageConfig& config) {
  LanguageModel model(config);
  WeightReader reader(checkpoint, "language.");
  model.embedTokens_ =
      reader.matrix("model.embed_tokens.weight", config.vocabSize, config.hiddenSize);
  model.norm_ = reader.vector("model.norm.weight", config.hiddenSize);
  model.lmHead_ = config.tieWordEmbeddings
                      ? model.embedTokens_
                      : reader.matrix("lm_head.weight", config.vocabSize, config.hiddenSize);
  if (!reader.status()) return reader.status().error();
  for (std::size_t i = 0; i < config.numHiddenLayers; ++i) {
    WeightReader layer(checkpoint, "language.model.layers." + std::to_string(i) + ".");
    model.layers_.push_back(readLayer(layer, config, i));
    if (!layer.status()) return layer.status().error();
  }
  return model;
}

void LanguageModel::embed(std::int32_t id, std::span<float> out) const {
  assert(id >= 0);
  expandRow(embedTokens_, static_cast<std::size_t>(id), out);
}

bool LanguageModel::forward(Compute& compute, MatrixView<float> x, KvCache& cache,
                            const std::stop_token& stop, const LanguageObserver* observer) const {
  assert(cache.length() + x.rows() <= cache.capacity());
  const RopeAngles angles = rope_.angles(cache.length(), x.rows());
  Matrix normedRows(x.rows(), x.cols());
  Matrix branchRows(x.rows(), x.cols());
  const MatrixView<float> normed = normedRows.view();
  const MatrixView<float> branch = branchRows.view();
  std::vector<RoutedExpert> routing;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    if (stop.stop_requested()) return false;
    const Layer& layer = layers_[i];
    rmsNorm(compute, x, layer.inputNorm, config_.rmsNormEps, normed);
    std::visit(
        [&](const auto& attention) {
          attention.forward(compute, normed, angles, i, cache, branch);
        },
        layer.attention);
    addRows(compute, branch, x);

    rmsNorm(compute, x, layer.postAttentionNorm, config_.rmsNormEps, normed);
    if (const auto* moe = std::get_if<MoeLayer>(&layer.feedForward)) {
      if (!moe->forward(compute, normed, branch, routing, stop)) return false;
      if (observer != nullptr && observer->routing) observer->routing(i, routing);
    } else {
      std::get<Mlp>(layer.feedForward).forward(compute, normed, branch);
    }
    addRows(compute, branch, x);
    if (observer != nullptr && observer->layerOutput) observer->layerOutput(i, x);
  }
  cache.advance(x.rows());
  return true;
}

void LanguageModel::finalNorm(Compute& compute, MatrixView<const float> x,
                              MatrixView<float> out) const {
  rmsNorm(compute, x, norm_, config_.rmsNormEps, out);
}

void LanguageModel::logits(Compute& compute, MatrixView<const float> normed,
                           MatrixView<float> out) const {
  matmul(compute, normed, lmHead_, {}, out);
}

}  // namespace vl
