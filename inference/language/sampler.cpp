#include "inference/language/sampler.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace vl {

Sampler::Sampler(const SamplingOptions& options, std::uint64_t seed, std::size_t vocabSize,
                 std::span<const std::int32_t> prompt)
    : options_(options), random_(seed), seen_(vocabSize, false) {
  for (const std::int32_t id : prompt) addToHistory(id);
}

void Sampler::addToHistory(std::int32_t id) {
  const auto index = static_cast<std::size_t>(id);
  if (seen_[index]) return;
  seen_[index] = true;
  history_.push_back(id);
}

void Sampler::penalise(std::span<float> logits) const {
  if (options_.repetitionPenalty == 1.0) return;
  const auto penalty = static_cast<float>(options_.repetitionPenalty);
  for (const std::int32_t id : history_) {
    float& logit = logits[static_cast<std::size_t>(id)];
    logit = logit >= 0 ? logit / penalty : logit * penalty;
  }
}

std::int32_t Sampler::next(std::span<float> logits) {
  assert(logits.size() == seen_.size());
  if (options_.temperature <= 0) {
    return static_cast<std::int32_t>(std::max_element(logits.begin(), logits.end()) -
                                     logits.begin());
  }
  const std::vector<Candidate> drawn = candidates(logits);
  // 53 random bits in [0, 1): the standard's distributions differ between libraries.
  double left = static_cast<double>(random_() >> 11) * 0x1p-53;
  std::int32_t id = drawn.back().id;
  for (const Candidate& candidate : drawn) {
    left -= candidate.probability;
    if (left < 0) {
      id = candidate.id;
      break;
    }
  }
  addToHistory(id);
  return id;
}

std::vector<Candidate> Sampler::candidates(std::span<float> logits) const {
  penalise(logits);
  for (float& logit : logits) logit /= static_cast<float>(options_.temperature);

  std::vector<std::int32_t> order(logits.size());
  std::iota(order.begin(), order.end(), 0);
  const auto logit = [&](std::int32_t id) { return logits[static_cast<std::size_t>(id)]; };
  if (options_.topK > 0 && options_.topK < order.size()) {  // keeps ties with the k-th value
    const auto kth = order.begin() + static_cast<std::ptrdiff_t>(options_.topK - 1);
    std::nth_element(order.begin(), kth, order.end(),
                     [&](std::int32_t a, std::int32_t b) { return logit(a) > logit(b); });
    const float smallest = logit(*kth);
    std::erase_if(order, [&](std::int32_t id) { return logit(id) < smallest; });
  }
  std::sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
    return logit(a) != logit(b) ? logit(a) > logit(b) : a < b;
  });

  std::vector<Candidate> kept;
  double sum = 0;
  for (const std::int32_t id : order) {
    const double p = std::exp(static_cast<double>(logit(id)) - logit(order.front()));
    kept.push_back({id, static_cast<float>(p)});
    sum += p;
  }
  // From the improbable end: drop while the dropped part is at most 1 - top_p, never the best.
  double dropped = 0;
  while (kept.size() > 1 && options_.topP < 1.0) {
    dropped += kept.back().probability / sum;
    if (dropped > 1.0 - options_.topP) break;
    kept.pop_back();
  }
  while (kept.size() > 1 && kept.back().probability < options_.minP * kept.front().probability) {
    kept.pop_back();
  }

  double total = 0;
  for (const Candidate& candidate : kept) total += candidate.probability;
  for (Candidate& candidate : kept) {
    candidate.probability = static_cast<float>(candidate.probability / total);
  }
  return kept;
}

}  // namespace vl
