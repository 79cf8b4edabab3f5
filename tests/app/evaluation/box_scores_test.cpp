#include "app/evaluation/box_scores.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

namespace vl {
namespace {

using Boxes = std::vector<GridBox>;

TEST(IntersectionOverUnion, EqualsHandComputedCases) {
  const GridBox square{0, 0, 10, 10};
  EXPECT_EQ(intersectionOverUnion(square, square), 1);
  EXPECT_EQ(intersectionOverUnion(square, {0, 0, 10, 5}), 0.5);
  EXPECT_EQ(intersectionOverUnion(square, {5, 5, 15, 15}), 25.0 / 175);
  EXPECT_EQ(intersectionOverUnion(square, {10, 0, 20, 10}), 0);   // an edge in common
  EXPECT_EQ(intersectionOverUnion(square, {20, 20, 30, 30}), 0);  // apart in both directions
  EXPECT_EQ(intersectionOverUnion(square, {2, 2, 2, 8}), 0);      // no area
  EXPECT_EQ(intersectionOverUnion({5, 5, 5, 5}, {5, 5, 5, 5}), 0);
}

TEST(MatchedBoxes, CountsHalfAnOverlapAndNoLess) {
  EXPECT_EQ(matchedBoxes(Boxes{{0, 0, 10, 5}}, Boxes{{0, 0, 10, 10}}), 1u);
  EXPECT_EQ(matchedBoxes(Boxes{{0, 0, 10, 4.9}}, Boxes{{0, 0, 10, 10}}), 0u);
  EXPECT_EQ(matchedBoxes({}, Boxes{{0, 0, 10, 10}}), 0u);
  EXPECT_EQ(matchedBoxes(Boxes{{0, 0, 10, 10}}, {}), 0u);
}

TEST(MatchedBoxes, UsesEachBoxOnce) {
  const GridBox box{0, 0, 10, 10};
  EXPECT_EQ(matchedBoxes(Boxes{box, box, box}, Boxes{box}), 1u);
  EXPECT_EQ(matchedBoxes(Boxes{box}, Boxes{box, box}), 1u);
  EXPECT_EQ(matchedBoxes(Boxes{box, box}, Boxes{box, box}), 2u);
}

TEST(MatchedBoxes, FindsThePairsThatTakingTheNearestFirstMisses) {
  // The first found box overlaps both expected ones and the left one more; the second only that.
  const Boxes expected{{0, 0, 100, 10}, {20, 0, 120, 10}};
  const Boxes found{{5, 0, 105, 10}, {-30, 0, 70, 10}};
  EXPECT_GT(intersectionOverUnion(found[0], expected[0]),
            intersectionOverUnion(found[0], expected[1]));
  EXPECT_LT(intersectionOverUnion(found[1], expected[1]), kMinOverlap);
  EXPECT_EQ(matchedBoxes(found, expected), 2u);
}

/// Every way to give each expected box at most one found box.
std::size_t bestOfAll(const Boxes& found, const Boxes& expected) {
  std::vector<std::size_t> order(std::max(found.size(), expected.size()));
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::size_t best = 0;
  do {
    std::size_t pairs = 0;
    for (std::size_t e = 0; e < expected.size(); ++e) {
      pairs += order[e] < found.size() &&
               intersectionOverUnion(found[order[e]], expected[e]) >= kMinOverlap;
    }
    best = std::max(best, pairs);
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

TEST(MatchedBoxes, EqualsTryingAllPairsOnCrowdedBoxes) {
  std::mt19937 random(5);
  const auto boxes = [&](std::size_t count) {
    Boxes made;
    for (std::size_t i = 0; i < count; ++i) {
      const double x = static_cast<double>(random() % 12);
      const double y = static_cast<double>(random() % 4);
      made.push_back({x, y, x + 20, y + 20});
    }
    return made;
  };
  for (int i = 0; i < 300; ++i) {
    const Boxes found = boxes(random() % 6);
    const Boxes expected = boxes(random() % 6);
    ASSERT_EQ(matchedBoxes(found, expected), bestOfAll(found, expected)) << i;
  }
}

TEST(MatchedBoxes, ManyEqualBoxesTakeNoRecursion) {
  EXPECT_EQ(matchedBoxes(Boxes(600, {0, 0, 10, 10}), Boxes(500, {0, 0, 10, 10})), 500u);
}

}  // namespace
}  // namespace vl
