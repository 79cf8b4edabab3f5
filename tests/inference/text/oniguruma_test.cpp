#include "inference/text/oniguruma.h"

#include <gtest/gtest.h>

#include "tests/inference/text/test_files.h"

namespace vl {
namespace {

TEST(Oniguruma, RewritesWhatPcre2SpellsDifferently) {
  const std::pair<const char*, const char*> cases[] = {
      {"a|\\s", "a|\\p{White_Space}"}, {"[^\\S\\r]", "[^\\P{White_Space}\\r]"},
      {"\\u4e2D", "\\x{4e2D}"},        {"\\x41\\x{1F600}", "\\x{41}\\x{1F600}"},
      {"x|\\v", "x|\\x{0B}"},          {"\\中", "中"},
  };
  for (const auto& [pattern, expected] : cases) {
    const Result<std::string> rewritten = pcre2FromOniguruma(pattern);
    ASSERT_TRUE(rewritten) << pattern << ": " << rewritten.error().what;
    EXPECT_EQ(*rewritten, expected);
  }
}

TEST(Oniguruma, LeavesWhatBothReadAlike) {
  for (const char* pattern :
       {"\\p{N}{1,3}", "[一-龥]+", "[!\"#\\-.\\[\\\\\\]^_`{|}~][A-Za-z]+", "a{2}b{3,}c*?d++",
        "(?:a|b)(?=c)(?!d)(?<=e)(?<!f)(?>g)(?i:h)(i)", "^.$", "\\p{^Lu}\\P{Zs}\\d\\D\\n\\.\\ ",
        "'s|'t", "[&a]", "a}b]", ""}) {
    const Result<std::string> rewritten = pcre2FromOniguruma(pattern);
    ASSERT_TRUE(rewritten) << pattern << ": " << rewritten.error().what;
    EXPECT_EQ(*rewritten, pattern);
  }
}

TEST(Oniguruma, RefusesWhatPcre2ReadsDifferently) {
  for (const char* pattern :
       {"\\w",     "\\W",   "\\b",         "\\B",    "\\h",      "\\R",          "\\X",     "\\K",
        "\\G",     "\\A",   "\\z",         "\\1",    "\\k<a>",   "\\g<a>",       "\\Qa\\E", "\\C",
        "\\N",     "[\\w]", "[[:alpha:]]", "[a[b]]", "[a&&b]",   "[]a]",         "[^]a]",   "[a",
        "(?<n>a)", "(?i)a", "(?m:a)",      "(?#a)",  "(?|a)",    "(*ACCEPT)",    "(*UTF)a", "a{,3}",
        "a{3}+",   "a{3}?", "a{",          "a{b}",   "\\p{Han}", "\\p{Alpha}",   "\\pL",    "\\p{L",
        "\\p",     "\\x80", "\\x{}",       "\\x{12", "\\u12",    "\\x{1234567}", "a\\"}) {
    const Result<std::string> rewritten = pcre2FromOniguruma(pattern);
    ASSERT_FALSE(rewritten) << pattern << " became " << *rewritten;
    EXPECT_EQ(rewritten.error().code, ErrorCode::Unsupported);
  }
}

TEST(Oniguruma, KeepsOutOfRunsThatHaveFailedOnlyWhereNothingChanges) {
  EXPECT_EQ(*pcre2FromOniguruma("\\s+$"), "(?:\\G|(?<!\\p{White_Space}))\\p{White_Space}+$");
  EXPECT_EQ(*pcre2FromOniguruma("[ab]+c"), "(?:\\G|(?<![ab]))[ab]+c");
  for (const char* pattern : {"a+", "a+?b", "a++b", "a+b|c", "a*b", "(a)+b", "^+b", "ab+c"}) {
    EXPECT_EQ(*pcre2FromOniguruma(pattern), pattern);
  }
}

TEST(Oniguruma, AcceptsEveryExpressionOfTheKnownTokenizers) {
  for (const char* folder : {"full", "micro-small"}) {
    const nlohmann::json file = readTestJson(textData(folder) / "tokenizer.json");
    for (const auto& step : file["pre_tokenizer"]["pretokenizers"]) {
      if (step["type"] != "Split") continue;
      EXPECT_TRUE(pcre2FromOniguruma(step["pattern"]["Regex"].get<std::string>()));
    }
  }
}

}  // namespace
}  // namespace vl
