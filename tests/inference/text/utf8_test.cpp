#include "inference/text/utf8.h"

#include <gtest/gtest.h>

#include <set>

namespace vl {
namespace {

using namespace std::string_literals;
using Kind = Utf8Head::Kind;

constexpr char32_t kLastCodePoint = 0x10FFFF;

bool isSurrogate(char32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

std::string utf8(char32_t codePoint) {
  std::string text;
  appendUtf8(codePoint, text);
  return text;
}

TEST(Utf8, EveryCodePointReadsBackAsWritten) {
  for (char32_t c = 0; c <= kLastCodePoint; ++c) {
    if (isSurrogate(c)) continue;
    const std::string bytes = utf8(c);
    const Utf8Head head = readUtf8(bytes);
    ASSERT_EQ(head.kind, Kind::CodePoint) << std::hex << static_cast<unsigned>(c);
    ASSERT_EQ(head.codePoint, c);
    ASSERT_EQ(head.length, bytes.size());
  }
}

TEST(Utf8, EveryProperPrefixIsCutOff) {
  for (const char32_t c : {U'\u00E9', U'\u4E2D', U'\U0001F600', U'\u0800', U'\U00010000'}) {
    const std::string bytes = utf8(c);
    for (std::size_t length = 1; length < bytes.size(); ++length) {
      const Utf8Head head = readUtf8(bytes.substr(0, length));
      EXPECT_EQ(head.kind, Kind::CutOff);
      EXPECT_EQ(head.length, length);
    }
  }
}

TEST(Utf8, InvalidBytesAreGroupedAsMaximalSubparts) {
  // The examples of the Unicode standard, tables 3-8 to 3-11, and the lead bytes at the edges.
  const std::pair<std::string, std::string> cases[] = {
      {"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41",
       "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"s + "A"},
      {"\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41",
       "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"s + "A"},
      {"\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42",
       "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDA\uFFFD\uFFFD"s + "B"},
      {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", "\uFFFD\uFFFD\uFFFD\uFFFDA"},
      {"\xF5", "\uFFFD"},
      {"a\xE4\xBD", "a\uFFFD"},
  };
  for (const auto& [bytes, expected] : cases) EXPECT_EQ(toValidUtf8(bytes), expected);
}

TEST(Utf8, ValidTextStaysAsItIs) {
  const std::string text = "a\0b\u00E9\u4E2D\U0001F600"s;
  EXPECT_TRUE(isValidUtf8(text));
  EXPECT_EQ(toValidUtf8(text), text);
  EXPECT_FALSE(isValidUtf8("a\xC3"));
}

TEST(Utf8, WholeCodePointsLeaveTheCutOffEnd) {
  std::string out = "x";
  EXPECT_EQ(appendWholeUtf8("a\xFF\xF0\x9F\x98", out), 2u);
  EXPECT_EQ(out, "xa\uFFFD");
}

TEST(Utf8, StripsWhatPythonCallsWhiteSpace) {
  // sorted(c for c in range(0x110000) if chr(c).isspace()), Python 3.11
  const std::set<char32_t> spaces = {0x09,   0x0A,   0x0B,   0x0C,   0x0D,   0x1C,   0x1D,   0x1E,
                                     0x1F,   0x20,   0x85,   0xA0,   0x1680, 0x2000, 0x2001, 0x2002,
                                     0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A,
                                     0x2028, 0x2029, 0x202F, 0x205F, 0x3000};
  for (char32_t c = 0; c <= kLastCodePoint; ++c) {
    if (isSurrogate(c)) continue;
    const std::string space = utf8(c);
    const std::string text = space + "a" + space + "a" + space;
    const bool strips = spaces.count(c) > 0;
    const std::size_t ends = strips ? space.size() : 0;
    ASSERT_EQ(stripLeft(text), text.substr(c == 'a' ? 0 : ends)) << std::hex << unsigned(c);
    ASSERT_EQ(stripRight(text), text.substr(0, text.size() - ends)) << std::hex << unsigned(c);
  }
}

TEST(Utf8, StripLeavesBytesThatAreNoCodePoint) {
  EXPECT_EQ(stripRight("a\x85"), "a\x85");  // U+0085 is C2 85
  EXPECT_EQ(stripRight("\x80\x80\x80\x80\x80"), "\x80\x80\x80\x80\x80");
  EXPECT_EQ(stripLeft("\xC2"), "\xC2");
  EXPECT_EQ(stripRight(" \n"), "");
}

TEST(Utf8, QuotesOfLongTextEndBetweenCodePoints) {
  std::string text = "a";
  while (text.size() < 200) text += "\u4E2D";
  const std::string quote = inQuotes(text);
  EXPECT_TRUE(isValidUtf8(quote));
  EXPECT_LT(quote.size(), 90u);
  EXPECT_EQ(inQuotes("a\xFF"), "\"a\uFFFD\"");
}

}  // namespace
}  // namespace vl
