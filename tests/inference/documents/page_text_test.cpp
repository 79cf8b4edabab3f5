#include "inference/documents/page_text.h"

#include <gtest/gtest.h>

#include <string>

namespace vl {
namespace {

TEST(PageText, WordsAreReadable) {
  EXPECT_TRUE(isReadableText("A page of words.\nAnd another line."));
  EXPECT_TRUE(
      isReadableText("\xe6\x9c\xac\xe9\xa1\xb5\xe6\x9c\x89\xe5\xbe\x88\xe5\xa4\x9a\xe6\x96"
                     "\x87\xe5\xad\x97\xe5\x8f\xaf\xe8\xaf\xbb"));  // nine Chinese words
}

TEST(PageText, APageNumberOnAScanIsNoTextLayer) {
  for (const char* text : {"", " \n\n ", "17", "- 3 -", "\xc2\xa0\xc2\xa0"}) {
    EXPECT_FALSE(isReadableText(text)) << text;
  }
}

TEST(PageText, GlyphsWithoutAMeaningAreNoTextLayer) {
  std::string privateUse;
  for (int i = 0; i < 30; ++i) privateUse += "\xee\x80\x81";
  EXPECT_FALSE(isReadableText(privateUse));
  EXPECT_FALSE(isReadableText(std::string(40, '\xff')));
  EXPECT_TRUE(isReadableText(std::string(60, 'a') + "\xef\xbf\xbd"));  // one of many
}

TEST(PageText, MarkupIsEscaped) {
  EXPECT_EQ(markdownOf("a *b* _c_ <d> [e] `f` \\"),
            "a \\*b\\* \\_c\\_ \\<d\\> \\[e\\] \\`f\\` \\\\\n");
  EXPECT_EQ(markdownOf("# no heading\n- no item\n1. no item\n12) neither\n> no quotation"),
            "\\# no heading\n\\- no item\n1\\. no item\n12\\) neither\n\\> no quotation\n");
  EXPECT_EQ(markdownOf("2024 was a year"), "2024 was a year\n");
}

TEST(PageText, EmptyLinesPartParagraphsAndIndentationIsNoCode) {
  EXPECT_EQ(markdownOf("one\ntwo\n\n\n\n     three"), "one\ntwo\n\nthree\n");
  EXPECT_EQ(markdownOf(""), "");
}

}  // namespace
}  // namespace vl
