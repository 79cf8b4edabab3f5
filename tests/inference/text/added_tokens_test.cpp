#include "inference/text/added_tokens.h"

#include <gtest/gtest.h>

namespace vl {
namespace {

/// "begin-end=id" of every match, from left to right.
std::vector<std::string> matches(const AddedTokens& tokens, std::string_view text) {
  std::vector<std::string> found;
  std::size_t from = 0;
  while (const auto match = tokens.find(text, from)) {
    found.push_back(std::to_string(match->begin) + "-" + std::to_string(match->end) + "=" +
                    std::to_string(match->id));
    from = match->end;
  }
  return found;
}

using Found = std::vector<std::string>;

TEST(AddedTokens, TheLeftmostAndThereTheLongestWins) {
  const AddedTokens tokens({{"<a>", 1}, {"<a>b", 2}, {"<a>bcd", 3}, {"a>b", 4}, {"b", 5}});
  EXPECT_EQ(matches(tokens, "<a>bcd"), (Found{"0-6=3"}));
  EXPECT_EQ(matches(tokens, "<a>bc"), (Found{"0-4=2"}));
  EXPECT_EQ(matches(tokens, "<a>"), (Found{"0-3=1"}));
  EXPECT_EQ(matches(tokens, "<<a>b<a"), (Found{"1-5=2"}));
  EXPECT_EQ(matches(tokens, "a>bb"), (Found{"0-3=4", "3-4=5"}));
}

TEST(AddedTokens, FindsNothingWhereNothingIs) {
  const AddedTokens tokens({{"<a>", 1}, {"<b>", 2}});
  EXPECT_EQ(matches(tokens, ""), Found());
  EXPECT_EQ(matches(tokens, "<"), Found());
  EXPECT_EQ(matches(tokens, "<c><a"), Found());
  EXPECT_EQ(matches(AddedTokens({}), "<a>"), Found());
}

TEST(AddedTokens, BytesAboveAsciiSortAndMatchAsBytes) {
  const AddedTokens tokens({{"<｜x｜>", 1}, {"<|x|>", 2}, {"é", 3}});
  EXPECT_EQ(matches(tokens, "é<|x|><｜x｜>"), (Found{"0-2=3", "2-7=2", "7-16=1"}));
}

}  // namespace
}  // namespace vl
