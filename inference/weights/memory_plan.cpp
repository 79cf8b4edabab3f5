#include "inference/weights/memory_plan.h"

#include <algorithm>
#include <cstdint>

#include "inference/kernels/kv_panels.h"

namespace vl {
namespace {

// No product below overflows: config_sections.h limits every factor for that.

constexpr std::size_t kRgb = 3;
// A thread expands a block of weight rows to F32 and scores a block of queries at a time.
constexpr std::size_t kBlockRows = 64;
// Features are kept for the images of a conversation that are cut into tiles; from the third image
// on all images are a single tile, which for the usual few takes less.
constexpr std::size_t kTiledImages = 2;
// Code of the program and its libraries, the window's widgets not among it.
constexpr std::size_t kProgramBytes = std::size_t{24} << 20;

std::size_t kvCacheBytes(const LanguageConfig& config, Precision precision) {
  // MLA caches the latent and the rotated key that all heads share, MHA each head's key and value.
  const std::size_t heads = config.useMla ? 1 : config.numKeyValueHeads;
  const std::size_t valueWidth = config.useMla ? config.kvLoraRank : config.headDim();
  const std::size_t context = config.maxPositionEmbeddings;
  const std::size_t keyWidth = config.useMla ? config.qkRopeHeadDim : config.headDim();
  if (precision == Precision::Exact) {
    return config.numHiddenLayers * heads * context * (keyWidth + valueWidth) * sizeof(float);
  }
  // Panels; those of MLA's keys repeat the latent.
  const std::size_t panelWidth = keyWidth + (config.useMla ? config.kvLoraRank : 0);
  return config.numHiddenLayers * heads * sizeof(std::uint32_t) *
         (KvPanels::keyWords(context, panelWidth) + KvPanels::valueWords(context, valueWidth));
}

/// Side of a tile in projected tokens: ceil(27 / 2) = 14.
std::size_t tileSideTokens(const ModelConfig& config) {
  const std::size_t ratio = config.projector.downsampleRatio;
  return (config.vision.gridSide() + ratio - 1) / ratio;
}

/// One tile on its way through the vision tower and the projector; tiles go one by one.
std::size_t tileFloats(const ModelConfig& config, std::size_t threads) {
  const VisionConfig& vision = config.vision;
  const std::size_t patches = vision.patches();
  const std::size_t pixels = kRgb * vision.imageSize * vision.imageSize;
  const std::size_t patchColumns = patches * kRgb * vision.patchSize * vision.patchSize;
  // Residual, its norm, query with key and value, attention output, hidden layer of the MLP.
  const std::size_t blocks = patches * (6 * vision.width + vision.mlpWidth());
  const std::size_t scores = threads * kBlockRows * patches;

  const ProjectorConfig& projector = config.projector;
  const std::size_t tokens = tileSideTokens(config) * tileSideTokens(config);
  const std::size_t unfolded =
      projector.inputDim * projector.downsampleRatio * projector.downsampleRatio;
  // Unfolded blocks, then input and output of a linear layer.
  const std::size_t projected = tokens * (unfolded + 2 * projector.nEmbed * projector.mlpRatio);
  const std::size_t widestInput =
      std::max({vision.mlpWidth(), unfolded, projector.nEmbed * projector.mlpRatio});
  return pixels + patchColumns + blocks + scores + projected + threads * kBlockRows * widestInput;
}

/// Embeddings of the largest images of one conversation.
std::size_t featureFloats(const ModelConfig& config) {
  const auto tilePixels = static_cast<std::size_t>(config.processor.tilePixels());
  const std::size_t side = tileSideTokens(config);
  std::size_t mostTokens = 0;
  for (const Resolution& resolution : config.processor.candidateResolutions) {
    const std::size_t columns = static_cast<std::size_t>(resolution.width) / tilePixels;
    const std::size_t rows = static_cast<std::size_t>(resolution.height) / tilePixels;
    // Global view, separator, tile grid; one newline per row (SPEC section 3.5).
    mostTokens = std::max(mostTokens, side * (side + 1) + 1 + rows * side * (columns * side + 1));
  }
  return kTiledImages * mostTokens * config.projector.nEmbed;
}

/// Strings and tables of the vocabulary: token, bytes and hash node.
std::size_t tokenizerBytes(const LanguageConfig& config) {
  constexpr std::size_t kPerToken = 256;
  return kPerToken * config.vocabSize;
}

/// Per token: queries, new keys and values, and the heads' output, before and after W_V with MLA.
std::size_t attentionWidth(const LanguageConfig& config) {
  const std::size_t heads = config.numAttentionHeads;
  if (!config.useMla) {
    return heads * config.headDim() * 2 + 2 * config.numKeyValueHeads * config.headDim();
  }
  const std::size_t queryLatent = config.qLoraRank.value_or(0);
  return queryLatent + heads * (config.qkHeadDim() + 2 * config.kvLoraRank + config.vHeadDim) +
         2 * (config.kvLoraRank + config.qkRopeHeadDim);
}

/// Per token: gate and up projection of the dense MLP, or of the chosen and the shared experts with
/// gathered inputs, outputs and router scores.
std::size_t mlpWidth(const LanguageConfig& config) {
  const std::size_t dense = 2 * config.intermediateSize;
  if (!config.nRoutedExperts) return dense;
  const std::size_t routed =
      config.numExpertsPerTok * (2 * config.moeIntermediateSize + 2 * config.hiddenSize);
  const std::size_t shared = 2 * config.nSharedExperts.value_or(0) * config.moeIntermediateSize;
  return std::max(dense, routed + shared + *config.nRoutedExperts);
}

/// MLA, BF16: keys and values of every head of one layer, for the whole context, made when many
/// tokens are read at once; and the rows of the cache that they are made from.
std::size_t expandedHeadFloats(const LanguageConfig& config, Precision precision) {
  if (!config.useMla || precision == Precision::Exact) return 0;
  const std::size_t context = config.maxPositionEmbeddings;
  const std::size_t head = KvPanels::keyWords(context, config.qkHeadDim()) +
                           KvPanels::valueWords(context, config.vHeadDim);
  return config.numAttentionHeads * head + context * (config.kvLoraRank + config.qkRopeHeadDim) / 2;
}

std::size_t languageFloats(const LanguageConfig& config, std::size_t chunk, std::size_t threads) {
  constexpr std::size_t kHiddenCopies = 4;  // embeddings, residual, norm, output of a sub-layer
  const std::size_t perToken =
      kHiddenCopies * config.hiddenSize + attentionWidth(config) + mlpWidth(config);
  const std::size_t scores = threads * kBlockRows * config.maxPositionEmbeddings;
  const std::size_t widestInput =
      std::max({config.hiddenSize, config.intermediateSize,
                config.nSharedExperts.value_or(0) * config.moeIntermediateSize,
                config.numAttentionHeads * (config.useMla ? config.vHeadDim : config.headDim())});
  const std::size_t logits = 2 * config.vocabSize;  // and the sampler's probabilities
  return chunk * perToken + scores + threads * kBlockRows * widestInput + logits;
}

}  // namespace

MemoryPlan planMemory(const ModelConfig& config, std::size_t weightBytes, std::size_t prefillChunk,
                      std::size_t threads, Precision precision) {
  const std::size_t chunk = std::min(prefillChunk, config.language.maxPositionEmbeddings);
  const std::size_t usedThreads = std::min<std::size_t>(threads, 4096);
  const std::size_t largestStep = std::max(tileFloats(config, usedThreads),
                                           languageFloats(config.language, chunk, usedThreads) +
                                               expandedHeadFloats(config.language, precision));
  MemoryPlan plan;
  plan.weights = weightBytes;
  plan.kvCache = kvCacheBytes(config.language, precision);
  plan.scratch = largestStep * sizeof(float) + kProgramBytes + tokenizerBytes(config.language) +
                 std::max(featureFloats(config) * sizeof(float), kKeptFeatureBytes);
  plan.available = availableMemoryBytes();
  return plan;
}

std::size_t residentWeightBytes(const Checkpoint& checkpoint, const LanguageConfig& config) {
  std::size_t bytes = checkpoint.fileBytes();
  if (config.tieWordEmbeddings) return bytes;
  for (const StoredTensor* tensor : checkpoint.tensors()) {
    if (tensor->name.starts_with("language.model.embed_tokens.")) bytes -= tensor->bytes.size();
  }
  return bytes;
}

}  // namespace vl
