#include "inference/tensor/checked_size.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <limits>

namespace vl {
namespace {

constexpr std::size_t kMax = std::numeric_limits<std::size_t>::max();

TEST(CheckedMultiply, GivesProductsThatFitAndNothingElse) {
  EXPECT_EQ(checkedMultiply(0, kMax), 0u);
  EXPECT_EQ(checkedMultiply(kMax, 0), 0u);
  EXPECT_EQ(checkedMultiply(kMax, 1), kMax);
  EXPECT_EQ(checkedMultiply(kMax / 3, 3), kMax);
  EXPECT_EQ(checkedMultiply(kMax / 3 + 1, 3), std::nullopt);
  EXPECT_EQ(checkedMultiply(std::size_t{1} << 32, std::size_t{1} << 32), std::nullopt);
}

TEST(CheckedProduct, OfNothingIsOneAndOverflowShowsAtAnyStep) {
  EXPECT_EQ(checkedProduct({}), 1u);
  EXPECT_EQ(checkedProduct(std::array<std::size_t, 3>{2, 3, 4}), 24u);
  EXPECT_EQ(checkedProduct(std::array<std::size_t, 3>{0, kMax, kMax}), 0u);
  EXPECT_EQ(checkedProduct(std::array<std::size_t, 3>{kMax, kMax, 0}), std::nullopt);
}

}  // namespace
}  // namespace vl
