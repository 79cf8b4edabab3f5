#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <variant>
#include <vector>

#include "inference/base/result.h"
#include "inference/kernels/compute.h"
#include "inference/language/kv_cache.h"
#include "inference/language/mha_attention.h"
#include "inference/language/mla_attention.h"
#include "inference/language/moe_layer.h"
#include "inference/weights/model_config.h"

namespace vl {

/// Looks at activations on their way; for tests and tracing. Any may be empty.
struct LanguageObserver {
  std::function<void(std::size_t layer, MatrixView<const float>)> layerOutput;  // [tokens, hidden]
  std::function<void(std::size_t layer, std::span<const RoutedExpert>)> routing;  // see MoeLayer
};

/// The DeepSeekMoE decoder (SPEC section 7): pre-norm layers of MHA or MLA and a dense or
/// mixture-of-experts feed-forward part.
///
/// Activations F32. Not thread-safe. The checkpoint must outlive it.
class LanguageModel {
 public:
  /// Error: Corrupt, naming the tensor that is missing or has another shape.
  static Result<LanguageModel> load(Checkpoint& checkpoint, const LanguageConfig& config);

  const LanguageConfig& config() const { return config_; }

  /// Embedding of one token; requires 0 <= id < vocabSize. out [hidden].
  void embed(std::int32_t id, std::span<float> out) const;

  /// Runs all layers over new tokens and appends them to the cache.
  ///   x  F32 [tokens, hidden]: embeddings in, output of the last layer (before the final norm) out
  /// Requires cache.length() + tokens <= cache.capacity(). Looks at `stop` between layers and
  /// experts; returns false when it is set, with the cache as before and x undefined.
  bool forward(Compute& compute, MatrixView<float> x, KvCache& cache, const std::stop_token& stop,
               const LanguageObserver* observer = nullptr) const;

  /// Final norm. x, out [tokens, hidden]; out may be x.
  void finalNorm(Compute& compute, MatrixView<const float> x, MatrixView<float> out) const;
  /// lm_head. normed [tokens, hidden], out [tokens, vocabSize].
  void logits(Compute& compute, MatrixView<const float> normed, MatrixView<float> out) const;

 private:
  struct Layer {
    std::vector<float> inputNorm;
    std::variant<MhaAttention, MlaAttention> attention;
    std::vector<float> postAttentionNorm;
    std::variant<Mlp, MoeLayer> feedForward;
  };

  explicit LanguageModel(const LanguageConfig& config);
  static Layer readLayer(WeightReader& reader, const LanguageConfig& config, std::size_t index);

  LanguageConfig config_;
  Rope rope_;
  WeightMatrix embedTokens_;  // [vocabSize, hidden]
  std::vector<Layer> layers_;
  std::vector<float> norm_;
  WeightMatrix lmHead_;  // [vocabSize, hidden]; embedTokens_ when they are tied
};

}  // namespace vl
