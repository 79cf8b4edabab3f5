#pragma once

#include <cstddef>
#include <vector>

#include "inference/kernels/compute.h"
#include "inference/kernels/linear_input.h"
#include "inference/language/expanded_heads.h"
#include "inference/language/kv_cache.h"
#include "inference/language/rope.h"
#include "inference/tensor/matrix.h"
#include "inference/weights/weight_reader.h"

namespace vl {

/// Multi-head latent attention: DeepSeek-V2 paper (arXiv:2405.04434), section 2.1; SPEC
/// section 7.2. The cache holds one latent and one rotated key per token, shared by all heads. Few
/// new tokens are attended in the absorbed form, where queries are taken into the space of the
/// latent; many, in Precision::Fast, with the keys and values of each head expanded
/// (expandingPays).
///
/// Holds weights only. The checkpoint must outlive it.
class MlaAttention {
 public:
  /// Reads q_proj (or q_a_proj, q_a_layernorm, q_b_proj), kv_a_proj_with_mqa, kv_a_layernorm,
  /// kv_b_proj, o_proj; failures are in reader.status().
  MlaAttention(WeightReader& reader, const LanguageConfig& config);

  /// Writes rows [cache.length(), + tokens) of `layer` and the output before the residual add; does
  /// not advance the cache.
  ///   x, out  F32 [tokens, hidden]; must not overlap
  ///   angles  of positions [cache.length(), + tokens)
  /// Requires cache.length() + tokens <= cache.capacity().
  void forward(Compute& compute, MatrixView<const float> x, const RopeAngles& angles,
               std::size_t layer, KvCache& cache, MatrixView<float> out) const;

 private:
  void project(Compute& compute, LinearInput& x, MatrixView<float> queries) const;
  void compress(Compute& compute, LinearInput& x, const RopeAngles& angles,
                MatrixView<float> entries) const;
  void absorbKey(std::size_t head, MatrixView<const float> query, std::span<float> weightRow,
                 MatrixView<float> absorbed) const;
  void expandValue(std::size_t head, MatrixView<const float> latents, std::span<float> weightRow,
                   MatrixView<float> attended) const;
  MatrixView<float> ofHead(MatrixView<float> rows, std::size_t head) const;
  void absorbKeys(Compute& compute, MatrixView<const float> queries, LinearInput& halves,
                  MatrixView<float> absorbed) const;
  void expandValues(Compute& compute, LinearInput& latents, MatrixView<float> attended) const;
  // Both write the entries [tokens, rope + latent] to the cache and attend. attendPanels chooses
  // between the two forms.
  void attendRows(Compute& compute, MatrixView<const float> queries,
                  MatrixView<const float> entries, std::size_t layer, KvCache& cache,
                  MatrixView<float> attended) const;
  void attendPanels(Compute& compute, MatrixView<const float> queries,
                    MatrixView<const float> entries, std::size_t layer, KvCache& cache,
                    MatrixView<float> attended) const;
  void attendAbsorbed(Compute& compute, MatrixView<const float> queries, LinearInput& halves,
                      const KvPanels& panels, std::size_t begin, MatrixView<float> attended) const;
  void attendExpanded(Compute& compute, LinearInput& halves, const KvPanels& panels,
                      std::size_t begin, MatrixView<float> attended) const;

  MlaShape shape_;
  float scale_;
  Linear q_;                  // without q_lora_rank; else q_b_proj
  Linear qA_;                 // with q_lora_rank only
  std::vector<float> qNorm_;  // with q_lora_rank only
  Linear kvA_;
  std::vector<float> kvNorm_;
  WeightMatrix kvB_;  // [heads * (nope + value), latent]: per head nope rows, then value rows
  Linear o_;
};

}  // namespace vl
