#include "app/evaluation/distribution_scores.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace vl {
namespace {

using Logits = std::vector<float>;

/// Logits of given probabilities, shifted: only differences matter.
Logits logitsOf(const std::vector<double>& probabilities, double shift) {
  Logits logits;
  for (const double p : probabilities) {
    logits.push_back(static_cast<float>(std::log(p) + shift));
  }
  return logits;
}

// Logits of at most 10 in F32: an error of 5e-7 in each, twice.
constexpr double kRounding = 1e-6;

TEST(CompareLogits, DivergenceEqualsAHandComputedCase) {
  // 1/2 log(1/2 / 1/4) + 1/4 log(1/4 / 1/4) + 1/4 log(1/4 / 1/2) = 1/4 log 2
  const auto found = compareLogits(logitsOf({0.5, 0.25, 0.25}, 3), logitsOf({0.25, 0.25, 0.5}, -8));
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->divergence, std::log(2.0) / 4, kRounding);
  EXPECT_FALSE(found->sameBest);
  EXPECT_TRUE(found->isSure);  // log 2 is 0.69
}

TEST(CompareLogits, DivergenceIsOfTheReferenceFromTheModel) {
  // 0.9 log(0.9 / 0.5) + 0.1 log(0.1 / 0.5) is not 0.5 log(0.5 / 0.9) + 0.5 log(0.5 / 0.1).
  const Logits sharp = logitsOf({0.9, 0.1}, 0);
  const Logits flat = logitsOf({0.5, 0.5}, 0);
  EXPECT_NEAR(compareLogits(sharp, flat)->divergence, 0.3680642, kRounding);
  EXPECT_NEAR(compareLogits(flat, sharp)->divergence, 0.5108256, kRounding);
}

TEST(CompareLogits, AShiftIsNoDifferenceAndLargeLogitsDoNotOverflow) {
  const auto found = compareLogits(Logits{1000, 999, -1000}, Logits{-3000, -3001, -5000});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->divergence, 0);
  EXPECT_TRUE(found->sameBest);
}

TEST(CompareLogits, IsSureAboveTheMarginOnly) {
  EXPECT_FALSE(compareLogits(Logits{0, 0.5, 0}, Logits{0, 1, 0})->isSure);
  EXPECT_TRUE(compareLogits(Logits{0, 0.50001F, 0}, Logits{0, 1, 0})->isSure);
  EXPECT_FALSE(compareLogits(Logits{2, 2}, Logits{3, 3})->isSure);
  EXPECT_TRUE(compareLogits(Logits{2, 2}, Logits{3, 3})->sameBest);
}

TEST(CompareLogits, NotFiniteIsNoDifferenceButNone) {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
        -std::numeric_limits<float>::infinity()}) {
    EXPECT_FALSE(compareLogits(Logits{0, bad}, Logits{0, 1}));
    EXPECT_FALSE(compareLogits(Logits{0, 1}, Logits{bad, 1}));
  }
}

TEST(DistributionScores, CountAndAverage) {
  DistributionScores scores;
  EXPECT_EQ(scores.meanDivergence(), 0);
  EXPECT_EQ(scores.divergence99(), 0);
  EXPECT_FALSE(scores.agreement().value());
  scores.add({.divergence = 1, .sameBest = true, .isSure = true});
  scores.add({.divergence = 2, .sameBest = false, .isSure = false});
  scores.add({.divergence = 6, .sameBest = true, .isSure = false});
  scores.add({.divergence = 3, .sameBest = false, .isSure = true});
  EXPECT_EQ(scores.places(), 4u);
  EXPECT_EQ(scores.meanDivergence(), 3);
  EXPECT_EQ(scores.divergence99(), 6);
  EXPECT_EQ(scores.agreement().value(), 0.5);
  EXPECT_EQ(scores.sureAgreement().value(), 0.5);
}

TEST(DistributionScores, The99thPercentileLeavesOneInAHundredAbove) {
  DistributionScores scores;
  for (int i = 200; i > 0; --i) scores.add({.divergence = static_cast<double>(i)});
  EXPECT_EQ(scores.divergence99(), 198);
}

TEST(RelativeRms, IsTheRootOfSquaredDifferencesOverSquares) {
  RelativeRms rms;
  EXPECT_FALSE(rms.value());
  rms.add(Logits{3, 0}, Logits{3, 1});
  rms.add(Logits{4}, Logits{4});
  EXPECT_EQ(rms.value(), 0.2);  // sqrt(1 / 25)
}

}  // namespace
}  // namespace vl
