#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "inference/base/sampling_options.h"

namespace vl {

/// A token that may be drawn, and its probability.
struct Candidate {
  std::int32_t id = 0;
  float probability = 0;
};

/// Chooses tokens by the rules of Hugging Face transformers 4.38 (SPEC section 9): repetition
/// penalty, temperature, top-k, top-p, min-p, softmax, draw. Equal seeds give equal draws on every
/// machine. Not thread-safe.
class Sampler {
 public:
  /// prompt: token ids that the repetition penalty counts from the start, <image> included.
  Sampler(const SamplingOptions& options, std::uint64_t seed, std::size_t vocabSize,
          std::span<const std::int32_t> prompt);

  /// The next token; `logits` [vocabSize] is scratch afterwards. The token joins the penalised
  /// ones.
  std::int32_t next(std::span<float> logits);

  /// The tokens that next() would draw from, most probable first; `logits` is scratch afterwards.
  /// Requires temperature > 0.
  std::vector<Candidate> candidates(std::span<float> logits) const;

 private:
  void penalise(std::span<float> logits) const;
  void addToHistory(std::int32_t id);

  SamplingOptions options_;
  std::mt19937_64 random_;
  std::vector<bool> seen_;             // [vocabSize]
  std::vector<std::int32_t> history_;  // distinct ids with seen_ set
};

}  // namespace vl
