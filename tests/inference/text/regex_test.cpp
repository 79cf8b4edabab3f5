#include "inference/text/regex.h"

#include <gtest/gtest.h>

#include <set>

#include "inference/text/utf8.h"

namespace vl {
namespace {

using Outcome = RegexSearch::Outcome;

Regex compiled(std::string_view pattern) {
  Result<Regex> regex = Regex::compile(pattern);
  EXPECT_TRUE(regex) << regex.error().what;
  return std::move(*regex);
}

/// All matches, as text.
std::vector<std::string> matches(const Regex& regex, std::string_view text) {
  RegexSearch search;
  std::vector<std::string> found;
  for (std::size_t from = 0; search.find(regex, text, from) == Outcome::Found;) {
    found.emplace_back(text.substr(search.begin(), search.end() - search.begin()));
    from = search.end();
  }
  return found;
}

TEST(Regex, WhiteSpaceIsTheUnicodeProperty) {
  // PropList.txt, White_Space. PCRE2's own \s would add U+180E.
  const std::set<char32_t> spaces = {0x09,   0x0A,   0x0B,   0x0C,   0x0D,   0x20,   0x85,
                                     0xA0,   0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004,
                                     0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A, 0x2028,
                                     0x2029, 0x202F, 0x205F, 0x3000};
  const Regex space = compiled("\\s");
  const Regex other = compiled("[\\S]");
  RegexSearch search;
  for (char32_t c = 0; c < 0x10000; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    appendUtf8(c, text);
    const bool expected = spaces.count(c) > 0;
    ASSERT_EQ(search.find(space, text, 0) == Outcome::Found, expected) << std::hex << unsigned(c);
    ASSERT_EQ(search.find(other, text, 0) == Outcome::Found, !expected) << std::hex << unsigned(c);
  }
}

TEST(Regex, DollarIsTheEndOfALineAsInOniguruma) {
  EXPECT_EQ(matches(compiled("[a-z]$"), "ab\ncd"), (std::vector<std::string>{"b", "d"}));
  EXPECT_EQ(matches(compiled("a$"), "a\u2028"), std::vector<std::string>());
}

TEST(Regex, ALiteralHasNoMetaCharacters) {
  Result<Regex> dot = Regex::literal("a.");
  ASSERT_TRUE(dot);
  EXPECT_EQ(matches(*dot, "aba.a."), (std::vector<std::string>{"a.", "a."}));
}

TEST(Regex, SkippingFailedRunsKeepsEveryMatch) {
  const Regex atEnd = compiled("\\s+$");
  EXPECT_EQ(matches(atEnd, "  a  b   "), (std::vector<std::string>{"   "}));
  const Regex beforeC = compiled("[ab]+c");
  EXPECT_EQ(matches(beforeC, "abdabcabc ac"), (std::vector<std::string>{"abc", "abc", "ac"}));
  RegexSearch search;
  ASSERT_EQ(search.find(beforeC, "aac", 1), Outcome::Found);  // a search may begin inside a run
  EXPECT_EQ(search.begin(), 1u);
}

TEST(Regex, AFailingRunCostsItsLengthOnce) {
  // Trying from every space would be 5 * 10^11 steps: the test would not end.
  const std::string text = std::string(1'000'000, ' ') + "x";
  RegexSearch search;
  EXPECT_EQ(search.find(compiled("\\s+$"), text, 0), Outcome::None);
}

TEST(Regex, CatastrophicPatternsGiveUp) {
  const Regex regex = compiled("(?:a+)+(?:a+)+(?:a+)+[bc]");
  RegexSearch search;
  EXPECT_EQ(search.find(regex, std::string(2000, 'a'), 0), Outcome::GaveUp);
  EXPECT_EQ(search.find(regex, "aab", 0), Outcome::None);  // three runs need three letters
  EXPECT_EQ(search.find(regex, "aaab", 0), Outcome::Found);
}

TEST(Regex, DeepRecursionNeedsNoMachineStack) {
  // Each turn of the group keeps a way back: more than machine code's 32 KiB of stack.
  const std::string text(100'000, 'a');
  RegexSearch search;
  ASSERT_EQ(search.find(compiled("(?:a|b)*$"), text, 0), Outcome::Found);
  EXPECT_EQ(search.end(), text.size());
}

TEST(Regex, RefusesWhatCannotBeCompiled) {
  const std::string tooLong(70'000, 'a');
  const std::string tooManyGroups(5'000, '(');
  for (const std::string& pattern :
       {std::string("("), std::string("a**"), std::string("[z-a]"), std::string("\\x{110000}"),
        std::string("(?<=a*)b"), std::string("(((a{9999}){9999}){9999})"), tooManyGroups,
        tooLong}) {
    const Result<Regex> regex = Regex::compile(pattern);
    ASSERT_FALSE(regex) << pattern.substr(0, 40);
    EXPECT_EQ(regex.error().code, ErrorCode::Unsupported);
    EXPECT_LT(regex.error().what.size(), 400u);
  }
  EXPECT_FALSE(Regex::literal(tooLong));
}

}  // namespace
}  // namespace vl
