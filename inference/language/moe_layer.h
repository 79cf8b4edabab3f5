#pragma once

#include <optional>
#include <stop_token>
#include <vector>

#include "inference/kernels/compute.h"
#include "inference/language/mlp.h"
#include "inference/language/router.h"

namespace vl {

/// DeepSeekMoE feed-forward layer (arXiv:2401.06066; SPEC section 7.4): each token's chosen
/// experts, weighted, plus the shared experts, which every token passes. Holds weights only. The
/// checkpoint must outlive it.
class MoeLayer {
 public:
  /// Failures are in reader.status(). Requires config.nRoutedExperts.
  MoeLayer(WeightReader& reader, const LanguageConfig& config);

  /// x, out F32 [tokens, hidden]; out is overwritten and must not overlap x.
  /// routing receives expertsPerToken choices per token, token after token, each ordered by expert.
  /// Looks at `stop` between experts; returns false, with out undefined, when it is set.
  bool forward(Compute& compute, MatrixView<const float> x, MatrixView<float> out,
               std::vector<RoutedExpert>& routing, const std::stop_token& stop) const;

 private:
  Router router_;
  std::vector<Mlp> experts_;
  std::optional<Mlp> shared_;  // all shared experts as one wide MLP
};

}  // namespace vl
