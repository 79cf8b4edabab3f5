#include "app/evaluation/text_scores.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace vl {
namespace {

TEST(NormalizedText, MakesEveryRunOfWhiteSpaceOneSpace) {
  EXPECT_EQ(normalizedText("  a \t\r\n b\u00A0\u2003c\u3000"), U"a b c");
  EXPECT_EQ(normalizedText(" \n "), U"");
  EXPECT_EQ(normalizedText("a\u200Bb"), U"a\u200Bb");  // not white space
}

TEST(NormalizedText, CountsCodePointsAndReplacesWhatIsNoUtf8) {
  EXPECT_EQ(normalizedText("h\u00E9\U0001F600").size(), 3u);
  EXPECT_EQ(normalizedText("a\xFF\x62"), U"a\uFFFDb");
  EXPECT_EQ(normalizedText("a\xE2\x82"), U"a\uFFFD");  // cut off
}

TEST(EditDistance, EqualsHandCountedCases) {
  EXPECT_EQ(editDistance(U"", U""), 0u);
  EXPECT_EQ(editDistance(U"", U"abc"), 3u);
  EXPECT_EQ(editDistance(U"abc", U""), 3u);
  EXPECT_EQ(editDistance(U"kitten", U"sitting"), 3u);  // k to s, e to i, g added
  EXPECT_EQ(editDistance(U"flaw", U"lawn"), 2u);       // f removed, n added
  EXPECT_EQ(editDistance(U"ab", U"ba"), 2u);           // no transposition
  EXPECT_EQ(editDistance(U"aab", U"ab"), 1u);
  EXPECT_EQ(editDistance(U"aaa", U"aa"), 1u);  // beginning and end overlap
}

/// The definition, without shortcuts.
std::size_t plainDistance(std::u32string_view a, std::u32string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
      } else {
        const std::size_t replaced = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, replaced});
      }
    }
  }
  return d[a.size()][b.size()];
}

TEST(EditDistance, EqualsItsDefinitionOnRandomTexts) {
  std::mt19937 random(3);
  const auto text = [&] {
    std::u32string letters(random() % 12, U'a');
    for (char32_t& c : letters) c += random() % 3;
    return letters;
  };
  for (int i = 0; i < 2000; ++i) {
    const std::u32string a = text();
    const std::u32string b = text();
    ASSERT_EQ(editDistance(a, b), plainDistance(a, b)) << i;
  }
}

TEST(CharacterErrors, AreEditsOfTheNormalisedTextAndItsLength) {
  const CharacterErrors same = characterErrors("Total  12.50\n", "Total\n12.50");
  EXPECT_EQ(same.edits, 0u);
  EXPECT_EQ(same.characters, 11u);
  EXPECT_EQ(characterErrors("total 12,5", "Total 12.50").edits, 3u);  // t, comma, 0
  EXPECT_EQ(characterErrors("much too long", "no").edits, 12u);       // more than was expected
  const CharacterErrors none = characterErrors("", "caf\u00E9");
  EXPECT_EQ(none.edits, 4u);
  EXPECT_EQ(none.characters, 4u);
}

TEST(IsExact, IgnoresCapitalsWhiteSpaceAndOneFullStop) {
  EXPECT_TRUE(isExact(" The room\nis 170.", "the room is 170"));
  EXPECT_TRUE(isExact("the room is 170 .", "The room is 170."));
  EXPECT_FALSE(isExact("The room is 17.", "The room is 170."));
  EXPECT_FALSE(isExact("Wait..", "Wait"));
  EXPECT_FALSE(isExact("yes!", "yes"));
  EXPECT_FALSE(isExact("\u00C9t\u00E9", "\u00E9t\u00E9"));  // only A to Z are folded
  EXPECT_TRUE(isExact(".", ""));
}

TEST(IsDenial, NeedsANegation) {
  for (const char* answer :
       {"There is no blue star in the image.", "There are no shorts.", "No.", "NO, nothing",
        "I can't see one.", "it isn\u2019t there", "None", "The picture does not show it."}) {
    EXPECT_TRUE(isDenial(answer)) << answer;
  }
  for (const char* answer : {"", "...", "The blue star.", "Yes, there is no doubt.", "nose", "knot",
                             "It is in the north.", "1 star"}) {
    EXPECT_FALSE(isDenial(answer)) << answer;
  }
}

}  // namespace
}  // namespace vl
