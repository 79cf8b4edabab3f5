#include "inference/language/sampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "tests/support/golden.h"

namespace vl {
namespace {

TEST(Sampler, KeepsTheTokensAndProbabilitiesOfTheGoldens) {
  std::ifstream file(test::modelData() / "goldens/units/sampler.json");
  const nlohmann::json goldens = nlohmann::json::parse(file);
  ASSERT_GE(goldens.at("cases").size(), 11u);
  for (const auto& c : goldens.at("cases")) {
    SCOPED_TRACE(c.at("name").get<std::string>());
    std::vector<float> logits = c.at("logits");
    const std::vector<std::int32_t> history = c.at("history_ids");
    const std::vector<float> probabilities = c.at("probs");
    const SamplingOptions options{.temperature = c.at("temperature"),
                                  .topP = c.at("top_p"),
                                  .topK = c.at("top_k"),
                                  .repetitionPenalty = c.at("repetition_penalty")};
    const Sampler sampler(options, 1, logits.size(), history);
    std::set<std::int32_t> kept;
    for (const Candidate& candidate : sampler.candidates(logits)) {
      kept.insert(candidate.id);
      EXPECT_NEAR(candidate.probability, probabilities[static_cast<std::size_t>(candidate.id)],
                  1e-5);
    }
    EXPECT_EQ(kept, c.at("kept").get<std::set<std::int32_t>>());
  }
}

TEST(Sampler, ZeroTemperatureIsGreedyWithoutPenalty) {
  const std::vector<std::int32_t> prompt{2};
  Sampler sampler({.temperature = 0, .repetitionPenalty = 5.0}, 1, 4, prompt);
  std::vector<float> logits{0.0f, 1.0f, 3.0f, 2.9f};
  EXPECT_EQ(sampler.next(logits), 2);
}

TEST(Sampler, PenalisesWhatItHasDrawn) {
  Sampler sampler({.temperature = 0.01, .repetitionPenalty = 2.0}, 1, 3, {});
  std::vector<float> logits{2.0f, 1.5f, 0.0f};
  EXPECT_EQ(sampler.next(logits), 0);
  logits = {2.0f, 1.5f, 0.0f};
  EXPECT_EQ(sampler.next(logits), 1);
}

TEST(Sampler, MinPDropsTokensFarBelowTheBest) {
  const Sampler sampler(
      {.temperature = 1, .topP = 1, .minP = 0.5, .topK = 0, .repetitionPenalty = 1}, 1, 3, {});
  std::vector<float> logits{0.0f, -0.5f, -1.0f};  // relative probabilities 1, 0.61, 0.37
  const auto candidates = sampler.candidates(logits);
  ASSERT_EQ(candidates.size(), 2u);
  EXPECT_EQ(candidates[1].id, 1);
}

TEST(Sampler, EqualSeedsDrawEquallyAndFrequenciesFollowProbabilities) {
  const SamplingOptions options{.temperature = 1, .topP = 1, .topK = 0, .repetitionPenalty = 1};
  Sampler a(options, 42, 2, {});
  Sampler b(options, 42, 2, {});
  int ones = 0;
  constexpr int kDraws = 4000;
  for (int i = 0; i < kDraws; ++i) {
    std::vector<float> first{0.0f, 1.0986123f};  // 1 : 3
    std::vector<float> second = first;
    const std::int32_t id = a.next(first);
    ASSERT_EQ(id, b.next(second));
    ones += id;
  }
  // binomial with p = 0.75: standard deviation 0.0068, bound at five of them
  EXPECT_NEAR(static_cast<double>(ones) / kDraws, 0.75, 0.035);
}

}  // namespace
}  // namespace vl
