#include "inference/language/router.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "inference/kernels/dispatch.h"
#include "inference/kernels/matmul.h"

namespace vl {
namespace {

/// Indices of the `count` largest values, smaller index first among equals.
std::vector<std::size_t> largest(std::span<const float> values, std::size_t count) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      return values[a] != values[b] ? values[a] > values[b] : a < b;
                    });
  order.resize(count);
  return order;
}

float sumOfTwoLargest(std::span<const float> values) {
  const auto top = largest(values, 2);
  return values[top[0]] + values[top[1]];
}

}  // namespace

Router::Router(WeightReader& reader, const LanguageConfig& config)
    : experts_(*config.nRoutedExperts),
      expertsPerToken_(config.numExpertsPerTok),
      method_(config.topkMethod),
      scoring_(config.scoringFunc),
      groups_(config.nGroup),
      groupsKept_(config.topkGroup),
      normalize_(config.normTopkProb && config.numExpertsPerTok > 1),
      scalingFactor_(static_cast<float>(config.routedScalingFactor)) {
  gate_ = reader.matrix("mlp.gate.weight", experts_, config.hiddenSize);
  if (method_ == TopkMethod::NoauxTc) {
    correctionBias_ = reader.vector("mlp.gate.e_score_correction_bias", experts_);
  }
}

std::vector<float> Router::scores(std::span<const float> x) const {
  std::vector<float> scores(experts_);
  std::vector<float> row(x.size());
  for (std::size_t e = 0; e < experts_; ++e) {
    expandRow(gate_, e, row);
    scores[e] = kernels().dotF32(row.data(), x.data(), x.size());
  }
  if (scoring_ == ScoringFunc::Softmax) {
    kernels().softmax(scores.data(), scores.size());
  } else {
    for (float& s : scores) s = 1.0f / (1.0f + std::exp(-s));
  }
  return scores;
}

/// Sets the choice of all experts outside the best groups to 0, not to -infinity: a kept expert
/// with a negative choice loses to a masked one, as in the official code.
void Router::maskGroups(std::span<float> choice) const {
  const std::size_t groupSize = experts_ / groups_;
  std::vector<float> groupScores(groups_);
  for (std::size_t g = 0; g < groups_; ++g) {
    const auto group = choice.subspan(g * groupSize, groupSize);
    groupScores[g] = method_ == TopkMethod::NoauxTc ? sumOfTwoLargest(group)
                                                    : *std::max_element(group.begin(), group.end());
  }
  std::vector<bool> kept(groups_, false);
  for (const std::size_t g : largest(groupScores, groupsKept_)) kept[g] = true;
  for (std::size_t e = 0; e < experts_; ++e) {
    if (!kept[e / groupSize]) choice[e] = 0.0f;
  }
}

void Router::route(std::span<const float> x, std::span<RoutedExpert> out) const {
  assert(out.size() == expertsPerToken_);
  std::vector<float> weights = scores(x);
  std::vector<float> choice = weights;
  for (std::size_t e = 0; e < correctionBias_.size(); ++e) choice[e] += correctionBias_[e];
  if (method_ != TopkMethod::Greedy) maskGroups(choice);
  // The correction bias selects but does not weigh; a masked expert of the group-limited gate
  // counts with the 0 it was masked to.
  if (method_ == TopkMethod::GroupLimitedGreedy) weights = choice;

  std::vector<std::size_t> chosen = largest(choice, expertsPerToken_);
  std::sort(chosen.begin(), chosen.end());
  float sum = 0;
  for (const std::size_t e : chosen) sum += weights[e];
  const float factor = normalize_ ? scalingFactor_ / (sum + 1e-20f) : scalingFactor_;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    out[i] = {chosen[i], weights[chosen[i]] * factor};
  }
}

}  // namespace vl
