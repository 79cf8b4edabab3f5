#pragma once

#include <cstddef>

#include "inference/kernels/compute.h"
#include "inference/language/kv_cache.h"
#include "inference/language/rope.h"
#include "inference/tensor/matrix.h"
#include "inference/weights/weight_reader.h"

namespace vl {

/// Llama attention, grouped kv heads included (SPEC section 7.1).
///
/// Holds weights only. The checkpoint must outlive it.
class MhaAttention {
 public:
  /// Reads q_proj, k_proj, v_proj, o_proj; failures are in reader.status().
  MhaAttention(WeightReader& reader, const LanguageConfig& config);

  /// Writes rows [cache.length(), + tokens) of `layer` and the output before the residual add; does
  /// not advance the cache.
  ///   x, out  F32 [tokens, hidden]; must not overlap
  ///   angles  of positions [cache.length(), + tokens)
  /// Requires cache.length() + tokens <= cache.capacity().
  void forward(Compute& compute, MatrixView<const float> x, const RopeAngles& angles,
               std::size_t layer, KvCache& cache, MatrixView<float> out) const;

 private:
  void rotate(Compute& compute, MatrixView<float> rows, const RopeAngles& angles) const;
  // Both write keys and values [tokens, kvHeads * headDim] to the cache and attend.
  void attendRows(Compute& compute, MatrixView<const float> queries, MatrixView<const float> keys,
                  MatrixView<const float> values, std::size_t layer, KvCache& cache,
                  MatrixView<float> attended) const;
  void attendPanels(Compute& compute, MatrixView<const float> queries, MatrixView<const float> keys,
                    MatrixView<const float> values, std::size_t layer, KvCache& cache,
                    MatrixView<float> attended) const;

  std::size_t heads_;
  std::size_t kvHeads_;
  std::size_t headDim_;
  float scale_;
  Linear q_;
  Linear k_;
  Linear v_;
  Linear o_;
};

}  // namespace vl
