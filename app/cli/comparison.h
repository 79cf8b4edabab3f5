#pragma once

#include <cstddef>
#include <filesystem>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/json_text.h"
#include "app/evaluation/distribution_scores.h"
#include "inference/engine/local_engine.h"

namespace vl {

/// Compares a model with a reference, prompt by prompt. Both are loaded at once: the reference's
/// logits are then kept of one prompt only (places * vocabulary * 4 bytes: 55 MB for 128 answer
/// tokens of the official vocabulary) instead of gigabytes of them in a file, and what both take
/// together is mapped weights for the most part.
class Comparison {
 public:
  /// Both must outlive it.
  Comparison(LocalEngine& reference, LocalEngine& model) : reference_(reference), model_(model) {}

  /// Adds the places of a prompt and of the reference's greedy answer, which both models read, and
  /// the prompt's images unless they came before. Errors: as LocalEngine::score(); Unsupported
  /// when the models have different tokens or sizes; Internal for logits that are not finite.
  Status add(const ChatMessage& prompt, std::size_t maxTokens, const std::stop_token& stop);

  OrderedJson json() const;
  std::string text() const;

 private:
  Status addLogits(const ChatMessage& prompt, std::size_t maxTokens, const std::stop_token& stop);
  Status addImage(const ImageFile& image, const std::stop_token& stop);

  LocalEngine& reference_;
  LocalEngine& model_;
  std::size_t prompts_ = 0;
  DistributionScores all_;
  DistributionScores inPrompts_;
  DistributionScores inAnswers_;
  RelativeRms allImages_;
  std::vector<std::pair<std::filesystem::path, double>> images_;  // relative RMS of each
};

}  // namespace vl
