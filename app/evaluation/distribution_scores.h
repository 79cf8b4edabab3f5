#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "app/evaluation/scores.h"

namespace vl {

/// A reference is sure of its best token when its logit leads by more than this.
inline constexpr float kSureMargin = 0.5F;

/// How a model's next-token distribution differs from the reference's at one place.
struct PlaceDifference {
  double divergence = 0;  // Kullback-Leibler, reference || model, in nats
  bool sameBest = false;  // the same token is likeliest, the first of equals
  bool isSure = false;    // the reference's margin is above kSureMargin
};

/// Requires as many logits of the model as of the reference, and at least two. None when one of
/// them is not finite. Sums in F64.
std::optional<PlaceDifference> compareLogits(std::span<const float> reference,
                                             std::span<const float> model);

/// Differences over many places.
class DistributionScores {
 public:
  void add(const PlaceDifference& difference);

  std::size_t places() const { return divergences_.size(); }
  /// Both 0 without places.
  double meanDivergence() const;
  /// The smallest value that at least 99 % of the places do not exceed.
  double divergence99() const;
  Share agreement() const { return agreement_; }
  Share sureAgreement() const { return sureAgreement_; }  // of the places with isSure

 private:
  std::vector<double> divergences_;
  Share agreement_;
  Share sureAgreement_;
};

/// Squared differences and squares of the reference, over any number of vectors.
class RelativeRms {
 public:
  /// Requires equal sizes.
  void add(std::span<const float> reference, std::span<const float> model);
  /// Root of the sum of squared differences, divided by the root of the sum of squares. None for a
  /// reference of zeros.
  std::optional<double> value() const;

 private:
  double differences_ = 0;
  double squares_ = 0;
};

}  // namespace vl
