#include "app/evaluation/distribution_scores.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace vl {
namespace {

/// log(sum(exp(logits))), and which is the largest.
struct Normalizer {
  std::size_t best = 0;
  double logSum = 0;
};

Normalizer normalizerOf(std::span<const float> logits) {
  const auto best = std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (const float logit : logits) sum += std::exp(double{logit} - double{*best});
  return {static_cast<std::size_t>(best - logits.begin()), *best + std::log(sum)};
}

bool allFinite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(),
                     [](float value) { return std::isfinite(value); });
}

float secondBest(std::span<const float> logits, std::size_t best) {
  float second = logits[best == 0 ? 1 : 0];
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (i != best) second = std::max(second, logits[i]);
  }
  return second;
}

}  // namespace

std::optional<PlaceDifference> compareLogits(std::span<const float> reference,
                                             std::span<const float> model) {
  assert(reference.size() == model.size() && reference.size() >= 2);
  if (!allFinite(reference) || !allFinite(model)) return std::nullopt;
  const Normalizer p = normalizerOf(reference);
  const Normalizer q = normalizerOf(model);
  double divergence = 0;
  for (std::size_t i = 0; i < reference.size(); ++i) {
    const double logP = reference[i] - p.logSum;
    const double logQ = model[i] - q.logSum;
    divergence += std::exp(logP) * (logP - logQ);
  }
  return PlaceDifference{
      .divergence = std::max(divergence, 0.0),  // rounding can make nothing negative
      .sameBest = p.best == q.best,
      .isSure = reference[p.best] - secondBest(reference, p.best) > kSureMargin};
}

void DistributionScores::add(const PlaceDifference& difference) {
  divergences_.push_back(difference.divergence);
  const std::size_t same = difference.sameBest ? 1 : 0;
  agreement_.part += same;
  agreement_.whole += 1;
  if (!difference.isSure) return;
  sureAgreement_.part += same;
  sureAgreement_.whole += 1;
}

double DistributionScores::meanDivergence() const {
  if (divergences_.empty()) return 0;
  return std::accumulate(divergences_.begin(), divergences_.end(), 0.0) /
         static_cast<double>(divergences_.size());
}

double DistributionScores::divergence99() const {
  if (divergences_.empty()) return 0;
  std::vector<double> sorted = divergences_;
  const std::size_t rank = (sorted.size() * 99 + 99) / 100;  // rounded up, from 1
  const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(sorted.begin(), at, sorted.end());
  return *at;
}

void RelativeRms::add(std::span<const float> reference, std::span<const float> model) {
  assert(reference.size() == model.size());
  for (std::size_t i = 0; i < reference.size(); ++i) {
    const double difference = double{model[i]} - double{reference[i]};
    differences_ += difference * difference;
    squares_ += double{reference[i]} * double{reference[i]};
  }
}

std::optional<double> RelativeRms::value() const {
  if (squares_ == 0) return std::nullopt;
  return std::sqrt(differences_ / squares_);
}

}  // namespace vl
