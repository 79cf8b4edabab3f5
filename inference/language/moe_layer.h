#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "inference/kernels/compute.h"
#include "inference/language/mlp.h"
#include "inference/language/router.h"

namespace vl {

/// DeepSeekMoE feed-forward layer (arXiv:2401.06066; SPEC section 7.4): each token's chosen
/// experts, weighted, plus the shared experts, which every token passes. Tokens are grouped by
/// expert, and small groups are computed together. Holds weights only. The checkpoint must outlive
/// it.
class MoeLayer {
 public:
  /// Failures are in reader.status(). Requires config.nRoutedExperts.
  MoeLayer(WeightReader& reader, const LanguageConfig& config);

  /// x, out F32 [tokens, hidden]; out is overwritten and must not overlap x.
  /// routing receives expertsPerToken choices per token, token after token, each ordered by expert.
  /// Looks at `stop` between batches of experts; returns false, with out undefined, when it is set.
  bool forward(Compute& compute, MatrixView<const float> x, MatrixView<float> out,
               std::vector<RoutedExpert>& routing, const std::stop_token& stop) const;

 private:
  struct Plan;
  void route(Compute& compute, MatrixView<const float> x, std::vector<RoutedExpert>& routing) const;
  Plan plan(std::span<const RoutedExpert> routing) const;
  bool multipliesInt8(const Compute& compute) const;
  /// out += the weighted results of experts [first, last), and of the shared ones with the last.
  void addExperts(Compute& compute, MatrixView<const float> x, const Int8Tiles& rows,
                  std::span<const RoutedExpert> routing, const Plan& plan, std::size_t first,
                  std::size_t last, MatrixView<float> out) const;
  /// The input of one expert, from x, or from `rows` where it is not empty.
  static LinearInput gather(Compute& compute, Arena::Frame& frame, MatrixView<const float> x,
                            const Int8Tiles& rows, std::span<const std::uint32_t> tokens);

  Router router_;
  std::vector<Mlp> experts_;
  std::optional<Mlp> shared_;  // all shared experts as one wide MLP
};

}  // namespace vl
