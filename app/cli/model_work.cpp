#include "app/cli/model_work.h"

#include <algorithm>
#include <string_view>

#include "inference/weights/memory_plan.h"

namespace vl {
namespace {

constexpr double kPerMultiplyAdd = 2;

double number(std::size_t value) { return static_cast<double>(value); }

double tokenBytes(const LanguageConfig& config, const Checkpoint& checkpoint) {
  const double chosen =
      config.nRoutedExperts ? number(config.numExpertsPerTok) / number(*config.nRoutedExperts) : 1;
  double bytes = 0;
  for (const StoredTensor* tensor : checkpoint.tensors()) {
    const std::string_view name = tensor->name;
    if (!name.starts_with("language.")) continue;
    const bool isEmbedding = name.find(".embed_tokens.") != std::string_view::npos;
    if (isEmbedding && !config.tieWordEmbeddings) continue;  // one row of it
    const bool isExpert = name.find(".experts.") != std::string_view::npos;
    bytes += number(tensor->bytes.size()) * (isExpert ? chosen : 1);
  }
  return bytes;
}

/// Multiply-adds of the linear layers of attention.
double attentionWeights(const LanguageConfig& config) {
  const double hidden = number(config.hiddenSize);
  const double heads = number(config.numAttentionHeads);
  if (!config.useMla) {
    return hidden * number(config.headDim()) * (2 * heads + 2 * number(config.numKeyValueHeads));
  }
  const double queries = heads * number(config.qkHeadDim());
  const double query =
      config.qLoraRank ? number(*config.qLoraRank) * (hidden + queries) : hidden * queries;
  const double latent = number(config.kvLoraRank);
  return query + hidden * (latent + number(config.qkRopeHeadDim)) +
         latent * heads * number(config.qkNopeHeadDim + config.vHeadDim) +
         heads * number(config.vHeadDim) * hidden;
}

/// Multiply-adds of all layers for one token.
double tokenWeights(const LanguageConfig& config) {
  const double hidden = number(config.hiddenSize);
  double total = 0;
  for (std::size_t layer = 0; layer < config.numHiddenLayers; ++layer) {
    double inner = number(config.intermediateSize);
    if (config.isMoeLayer(layer)) {
      inner = number(config.moeIntermediateSize) *
              number(config.numExpertsPerTok + config.nSharedExperts.value_or(0));
      total += hidden * number(*config.nRoutedExperts);
    }
    total += attentionWeights(config) + 3 * hidden * inner;
  }
  return total;
}

/// Multiply-adds of a query and a key in all layers, in the cheapest form: MLA's latents unfolded.
double pairWeights(const LanguageConfig& config) {
  const std::size_t width =
      config.useMla ? config.qkHeadDim() + config.vHeadDim : 2 * config.headDim();
  return number(config.numHiddenLayers) * number(config.numAttentionHeads) * number(width);
}

double tileWeights(const ModelConfig& config) {
  const VisionConfig& vision = config.vision;
  const double width = number(vision.width);
  const double perPatch =
      3 * number(vision.patchSize * vision.patchSize) * width +
      number(vision.layers) * (4 * width * width + 2 * width * number(vision.mlpWidth()));
  const ProjectorConfig& projector = config.projector;
  const std::size_t ratio = projector.downsampleRatio;
  const std::size_t side = (vision.gridSide() + ratio - 1) / ratio;
  const double inner = number(projector.nEmbed * projector.mlpRatio);
  double in = number(projector.inputDim * ratio * ratio);
  double perToken = 0;
  for (std::size_t layer = 0; layer < projector.depth; ++layer) {
    const double out = layer + 1 == projector.depth ? number(projector.nEmbed) : inner;
    perToken += in * out;
    in = out;
  }
  return number(vision.patches()) * perPatch + number(side * side) * perToken;
}

/// What products with this weight run on.
Arithmetic arithmeticOf(const Checkpoint& checkpoint, std::string_view weight,
                        Precision precision) {
  const StoredTensor* tensor = checkpoint.find(weight);
  if (precision == Precision::Exact || tensor == nullptr) return Arithmetic::F32;
  switch (tensor->dtype) {
    case DType::I8:
    case DType::U8:
      return Arithmetic::Int8;
    case DType::BF16:
      return Arithmetic::Bf16;
    default:
      return Arithmetic::F32;
  }
}

double secondsOf(const Operations& operations, const MachineLimits& limits) {
  constexpr double kGiga = 1e9;
  switch (operations.arithmetic) {
    case Arithmetic::F32:
      return operations.count / (limits.f32Gflops * kGiga);
    case Arithmetic::Bf16:
      return operations.count / (limits.bf16Gflops * kGiga);
    case Arithmetic::Int8:
      return operations.count / (limits.int8Gops * kGiga);
  }
  return 0;
}

Operations times(const Operations& operations, double factor) {
  return {operations.count * factor, operations.arithmetic};
}

}  // namespace

ModelWork workOf(const ModelConfig& config, const Checkpoint& checkpoint, Precision precision) {
  const LanguageConfig& language = config.language;
  const Arithmetic linear =
      arithmeticOf(checkpoint, "language.model.layers.0.self_attn.o_proj.weight", precision);
  const Arithmetic head = arithmeticOf(
      checkpoint,
      language.tieWordEmbeddings ? "language.model.embed_tokens.weight" : "language.lm_head.weight",
      precision);
  const Arithmetic tower = arithmeticOf(checkpoint, "vision.blocks.0.attn.qkv.weight", precision);
  const Arithmetic attention = precision == Precision::Exact ? Arithmetic::F32 : Arithmetic::Bf16;
  const double patches = number(config.vision.patches());
  ModelWork work;
  work.tokenBytes = tokenBytes(language, checkpoint);
  work.depthBytes = number(planMemory(config, 0, 1, 1, precision).kvCache) /
                    number(language.maxPositionEmbeddings);
  work.token = {kPerMultiplyAdd * tokenWeights(language), linear};
  work.logits = {kPerMultiplyAdd * number(language.vocabSize) * number(language.hiddenSize), head};
  work.attention = {kPerMultiplyAdd * pairWeights(language), attention};
  work.tile = {kPerMultiplyAdd * tileWeights(config), tower};
  work.tileAttention = {kPerMultiplyAdd * number(config.vision.layers) * patches * patches * 2 *
                            number(config.vision.width),
                        attention};
  return work;
}

double passSeconds(const ModelWork& work, const MachineLimits& limits, std::size_t tokens,
                   std::size_t depth) {
  const double n = number(tokens);
  const double pairs = n * number(depth) + n * (n + 1) / 2;
  const double computing = secondsOf(times(work.token, n), limits) +
                           secondsOf(work.logits, limits) +
                           secondsOf(times(work.attention, pairs), limits);
  const double bytes = work.tokenBytes + work.depthBytes * number(depth);
  return std::max(computing, bytes / (limits.readGbps * 1e9));
}

double tileSeconds(const ModelWork& work, const MachineLimits& limits) {
  return secondsOf(work.tile, limits) + secondsOf(work.tileAttention, limits);
}

}  // namespace vl
