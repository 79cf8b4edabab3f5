#include "app/cli/arguments.h"

#include <gtest/gtest.h>

#include <array>

namespace vl::test {
namespace {

using Numbers = std::vector<std::size_t>;

/// --list as it is typed, of numbers from 1 to 9; nothing typed: {7}.
Result<Numbers> listOf(const std::vector<std::string>& words) {
  static constexpr std::array kOptions{Option{"--list", "N,...", ""}};
  const Result<Arguments> arguments = Arguments::parse(kOptions, words);
  if (!arguments) return arguments.error();
  return arguments->counts("--list", {7}, 1, 9);
}

TEST(Arguments, TakesNumbersWithCommasBetweenThem) {
  EXPECT_EQ(*listOf({"--list", "3"}), Numbers{3});
  EXPECT_EQ(*listOf({"--list=9,1,1"}), (Numbers{9, 1, 1}));
  EXPECT_EQ(*listOf({}), Numbers{7});
}

TEST(Arguments, RefusesAListWithAnythingElse) {
  for (const std::string list : {"", ",", "1,", ",1", "1,,2", "1, 2", "0", "10", "1,x", "-1"}) {
    const Result<Numbers> numbers = listOf({"--list=" + list});
    ASSERT_FALSE(numbers) << list;
    EXPECT_NE(numbers.error().what.find('"' + list + '"'), std::string::npos)
        << numbers.error().what;
  }
}

}  // namespace
}  // namespace vl::test
