#include "app/evaluation/scores.h"

#include <gtest/gtest.h>

#include <string>

namespace vl {
namespace {

SuiteItem item(Metric metric, std::string expected = {}, std::vector<GridBox> boxes = {}) {
  SuiteItem made;
  made.metric = metric;
  made.expected = std::move(expected);
  made.boxes = std::move(boxes);
  return made;
}

GenerateSummary answer(std::string text, const std::vector<GridBox>& boxes = {}) {
  GenerateSummary summary;
  summary.raw = text;
  summary.text = std::move(text);
  for (const GridBox& box : boxes) {
    summary.boxes.push_back({.label = "", .image = 0, .grid = box, .pixels = {}});
  }
  return summary;
}

const GridBox kLeft{0, 0, 100, 100};
const GridBox kRight{500, 0, 600, 100};
const GridBox kBelow{0, 500, 100, 600};

TEST(Scores, CerIsEditsOfExpectedCharacters) {
  const SuiteItem asked = item(Metric::Cer, "abcd");
  const Scores scores = scoresOf(asked, answer("abxd"));
  EXPECT_EQ(scores.cer.part, 1u);
  EXPECT_EQ(scores.cer.whole, 4u);
  EXPECT_EQ(singleScore(asked.metric, scores), 0.25);
  EXPECT_FALSE(scores.exact.value());
  EXPECT_FALSE(scores.precisionValue());
}

TEST(Scores, TextIsComparedWithoutGroundingTags) {
  GenerateSummary grounded = answer("abcd");
  grounded.raw = "<|ref|>abcd<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>";
  EXPECT_EQ(scoresOf(item(Metric::Exact, "ABCD."), grounded).exact.part, 1u);
}

TEST(Scores, BoxesGiveRecallAndPrecision) {
  const SuiteItem asked = item(Metric::Boxes, "", {kLeft, kRight});
  const Scores scores = scoresOf(asked, answer("", {kLeft, kBelow, kLeft}));
  EXPECT_EQ(scores.recall.value(), 0.5);
  EXPECT_EQ(scores.precisionValue(), 1.0 / 3);
  EXPECT_EQ(singleScore(asked.metric, scores), 2.0 / 5);
  const Scores missed = scoresOf(asked, answer(""));
  EXPECT_EQ(missed.recall.value(), 0);
  EXPECT_EQ(missed.precisionValue(), 0);
  EXPECT_EQ(singleScore(asked.metric, missed), 0);
}

TEST(Scores, DenyNeedsADenialWithoutBoxes) {
  const SuiteItem asked = item(Metric::Deny);
  EXPECT_EQ(singleScore(asked.metric, scoresOf(asked, answer("There is no cat."))), 1);
  EXPECT_EQ(singleScore(asked.metric, scoresOf(asked, answer("There is no cat.", {kLeft}))), 0);
  EXPECT_EQ(singleScore(asked.metric, scoresOf(asked, answer("A cat."))), 0);
  EXPECT_EQ(singleScore(asked.metric, scoresOf(asked, answer(""))), 0);
  GenerateSummary malformed = answer("There is no cat.");
  malformed.raw = "There is no cat.<|det|>[[1, 2";
  EXPECT_EQ(singleScore(asked.metric, scoresOf(asked, malformed)), 0);
}

TEST(CategoryScores, SumBeforeTheyDivide) {
  CategoryScores categories;
  categories.add("b", scoresOf(item(Metric::Cer, "a"), answer("x")));
  categories.add("a", scoresOf(item(Metric::Exact, "yes"), answer("yes")));
  categories.add("b", scoresOf(item(Metric::Cer, "abcdefghi"), answer("abcdefghi")));
  categories.add("b", scoresOf(item(Metric::Exact, "yes"), answer("no")));
  ASSERT_EQ(categories.all().size(), 2u);
  EXPECT_EQ(categories.all()[0].first, "b");
  const Scores& first = categories.all()[0].second;
  EXPECT_EQ(first.items, 3u);
  EXPECT_EQ(first.cer.value(), 0.1);  // not the mean of 1 and 0
  EXPECT_EQ(first.exact.value(), 0);
  EXPECT_EQ(categories.all()[1].second.exact.value(), 1);
}

}  // namespace
}  // namespace vl
