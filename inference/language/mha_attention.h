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
/// Activations F32. Holds weights only; scratch is taken per call. The checkpoint must outlive it.
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
  std::size_t heads_;
  std::size_t kvHeads_;
  std::size_t headDim_;
  Linear q_;
  Linear k_;
  Linear v_;
  Linear o_;
};

}  // namespace vl
