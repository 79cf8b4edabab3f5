#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "inference/base/result.h"

namespace vl {

enum class TopkMethod { Greedy, GroupLimitedGreedy, NoauxTc };
enum class ScoringFunc { Softmax, Sigmoid };
enum class RopeScalingType { Linear, Dynamic, Yarn };

/// SPEC section 7.3; defaults are those of the official code.
struct RopeScaling {
  RopeScalingType type = RopeScalingType::Linear;
  double factor = 1.0;
  std::size_t originalMaxPositionEmbeddings = 4096;
  double betaFast = 32.0;
  double betaSlow = 1.0;
  double mscale = 1.0;
  double mscaleAllDim = 0.0;
};

/// language_config of config.json; names are the file's, defaults those of the official config
/// class (SPEC section 1.2).
struct LanguageConfig {
  std::size_t vocabSize = 102400;
  std::size_t hiddenSize = 4096;
  std::size_t intermediateSize = 11008;
  std::size_t moeIntermediateSize = 1407;
  std::size_t numHiddenLayers = 30;
  std::size_t numAttentionHeads = 32;
  std::size_t numKeyValueHeads = 32;
  std::optional<std::size_t> nSharedExperts;
  std::optional<std::size_t> nRoutedExperts;  // none: every layer is dense
  double routedScalingFactor = 1.0;
  std::size_t kvLoraRank = 512;                 // MLA only
  std::optional<std::size_t> qLoraRank = 1536;  // MLA only; none: one q_proj
  std::size_t qkRopeHeadDim = 64;               // MLA only
  std::size_t qkNopeHeadDim = 128;              // MLA only
  std::size_t vHeadDim = 128;                   // MLA only
  TopkMethod topkMethod =
      TopkMethod::Greedy;  // has no usable default: required with routed experts
  std::size_t nGroup = 1;
  std::size_t topkGroup = 1;
  std::size_t numExpertsPerTok = 0;  // required with routed experts
  std::size_t moeLayerFreq = 1;
  std::size_t firstKDenseReplace = 0;
  bool normTopkProb = false;
  ScoringFunc scoringFunc = ScoringFunc::Softmax;
  std::size_t maxPositionEmbeddings = 2048;
  double rmsNormEps = 1e-6;
  double ropeTheta = 10000.0;
  std::optional<RopeScaling> ropeScaling;
  bool attentionBias = false;
  bool useMla = true;
  bool tieWordEmbeddings = false;  // the embedding matrix also is the output head

  /// Whether layer i holds routed experts (SPEC section 7.4).
  bool isMoeLayer(std::size_t layer) const {
    return nRoutedExperts.has_value() && layer >= firstKDenseReplace && layer % moeLayerFreq == 0;
  }
  /// MHA: width of one head.
  std::size_t headDim() const { return hiddenSize / numAttentionHeads; }
  /// MLA: query and key width of one head.
  std::size_t qkHeadDim() const { return qkNopeHeadDim + qkRopeHeadDim; }
};

/// vision_config of config.json: the SigLIP tower.
struct VisionConfig {
  std::size_t imageSize = 384;
  std::size_t patchSize = 16;
  std::size_t width = 1024;
  std::size_t layers = 24;
  std::size_t heads = 16;
  double mlpRatio = 4.0;

  std::size_t gridSide() const { return imageSize / patchSize; }   // patches: 384 / 14 = 27
  std::size_t patches() const { return gridSide() * gridSide(); }  // 729
  std::size_t headDim() const { return width / heads; }            // 1152 / 16 = 72
  std::size_t mlpWidth() const {                                   // trunc(1152 * 3.7362)
    return static_cast<std::size_t>(static_cast<double>(width) * mlpRatio);
  }
};

/// projector_config of config.json: downsample_mlp_gelu.
struct ProjectorConfig {
  std::size_t inputDim = 1152;
  std::size_t nEmbed = 2048;
  std::size_t depth = 2;
  std::size_t mlpRatio = 1;
  std::size_t downsampleRatio = 2;
};

/// Width and height of one local view, in pixels.
struct Resolution {
  int width = 0;
  int height = 0;
  bool operator==(const Resolution&) const = default;
};

/// processor_config.json (SPEC section 1.3). The tile side is candidateResolutions[0].width.
struct ProcessorConfig {
  std::vector<Resolution> candidateResolutions;  // in file order, which breaks ties
  std::size_t patchSize = 14;
  std::size_t downsampleRatio = 2;
  std::array<float, 3> imageMean{0.5f, 0.5f, 0.5f};
  std::array<float, 3> imageStd{0.5f, 0.5f, 0.5f};
  bool normalize = true;
  std::string imageToken = "<image>";
  std::string padToken = "<｜▁pad▁｜>";

  int tilePixels() const { return candidateResolutions.front().width; }
};

/// What `vl2 convert` did, as written to config.json under "quantization_config".
struct QuantizationConfig {
  std::string type;  // "q8_0" or "q4"
};

struct ModelConfig {
  LanguageConfig language;
  VisionConfig vision;
  ProjectorConfig projector;
  ProcessorConfig processor;
  bool globalViewFirst = true;  // global_view_pos == "head"
  std::optional<QuantizationConfig> quantization;
};

/// Reads config.json and processor_config.json of a checkpoint folder. Missing keys take the
/// official defaults, unknown keys are ignored, an explicit null stays none where a field can be
/// none. Errors: NotFound; Corrupt for broken JSON, wrong types and impossible values (zero sizes,
/// heads that do not divide, numExpertsPerTok > nRoutedExperts, sizes that overflow, ...);
/// Unsupported for a tile_tag, activation or projector that is not the official one.
Result<ModelConfig> loadModelConfig(const std::filesystem::path& folder);

}  // namespace vl
