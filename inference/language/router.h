#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "inference/tensor/matrix_view.h"
#include "inference/weights/model_config.h"
#include "inference/weights/weight_reader.h"

namespace vl {

/// One expert a token goes to, and how much its output counts.
struct RoutedExpert {
  std::size_t expert = 0;
  float weight = 0;
};

/// Chooses experts (SPEC section 7.4): DeepSeek-V2's softmax gate, plain or limited to groups, and
/// DeepSeek-V3's sigmoid gate with a correction bias (arXiv:2412.19437, section 2.1.2).
/// Computes in F32. Immutable after loading.
class Router {
 public:
  /// Reads mlp.gate.*; failures are in reader.status(). Requires config.nRoutedExperts.
  Router(WeightReader& reader, const LanguageConfig& config);

  std::size_t expertsPerToken() const { return expertsPerToken_; }

  /// The expertsPerToken() experts of one token, ordered by expert.
  void route(std::span<const float> x, std::span<RoutedExpert> out) const;

 private:
  std::vector<float> scores(std::span<const float> x) const;
  void maskGroups(std::span<float> choice) const;

  std::size_t experts_;
  std::size_t expertsPerToken_;
  TopkMethod method_;
  ScoringFunc scoring_;
  std::size_t groups_;
  std::size_t groupsKept_;
  bool normalize_;
  float scalingFactor_;
  WeightMatrix gate_;                  // [experts, hidden]
  std::vector<float> correctionBias_;  // [experts], NoauxTc only
};

}  // namespace vl
