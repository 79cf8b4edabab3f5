#include "inference/text/box_list.h"

#include <gtest/gtest.h>

#include <cmath>

namespace vl {
namespace {

using Boxes = std::vector<GridBox>;

struct Read {
  Boxes boxes;
  std::vector<std::string> warnings;
  std::string prose;  // what was left over
};

Read read(std::string_view text) {
  Read result;
  const BoxListOutput out{result.boxes, result.warnings};
  BoxListReader reader;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (reader.take(text[i], out)) continue;
    result.prose = std::string(reader.tail()) + std::string(text.substr(i));
    break;
  }
  reader.finish(out);
  return result;
}

TEST(ParseBox, ReadsDecimalLiterals) {
  EXPECT_EQ(parseBox("1,2,3,4").box, (GridBox{1, 2, 3, 4}));
  EXPECT_EQ(parseBox(" 1.5 ,\n2.25, +3.75, 4. ").box, (GridBox{1.5, 2.25, 3.75, 4}));
  EXPECT_EQ(parseBox("1e2, .5, 3E2, 1_0").box, (GridBox{100, 0.5, 300, 10}));
  EXPECT_EQ(parseBox("01, 002, 3, 4,").box, (GridBox{1, 2, 3, 4}));
  EXPECT_EQ(parseBox("1,2,3,4").complaint, "");
}

TEST(ParseBox, NeverEvaluates) {
  for (const char* text : {"",
                           " ",
                           "1,2,3",
                           "1,,2,3,4",
                           ",1,2,3,4",
                           "1 2 3 4",
                           "1,2,3,4,,",
                           "a,b,c,d",
                           "0x10,2,3,4",
                           "2+3,2,3,4",
                           "1*1,2,3,4",
                           "True,2,3,4",
                           "'1',2,3,4",
                           "(1,2,3,4)",
                           "nan,2,3,4",
                           "inf,2,3,4",
                           "--1,2,3,4",
                           "+-1,2,3,4",
                           "1__0,2,3,4",
                           "_1,2,3,4",
                           "1_,2,3,4",
                           "1e,2,3,4",
                           "1e999,2,3,4",
                           "1.2.3,2,3,4",
                           ".,2,3,4",
                           "1， 2， 3， 4",
                           "１,２,３,４",
                           "1;2;3;4",
                           "1,2,3,4 5"}) {
    const ParsedBox parsed = parseBox(text);
    EXPECT_FALSE(parsed.box) << text;
    EXPECT_NE(parsed.complaint, "") << text;
  }
}

TEST(ParseBox, ClampsToTheGridAndSaysSo) {
  const ParsedBox parsed = parseBox("-10, -0.0, 1000, 99999999999999999999");
  EXPECT_EQ(parsed.box, (GridBox{0, 0, 999, 999}));
  EXPECT_FALSE(std::signbit(parsed.box->y1));
  EXPECT_NE(parsed.complaint, "");
}

TEST(ParseBox, OrdersSwappedCorners) {
  EXPECT_EQ(parseBox("900,800,100,200").box, (GridBox{100, 200, 900, 800}));
  EXPECT_EQ(parseBox("900,100,100,200").box, (GridBox{100, 100, 900, 200}));
}

TEST(ParseBox, NumbersPastTheFourthDoNotCount) {
  const ParsedBox parsed = parseBox("1,2,3,4,5,6");
  EXPECT_EQ(parsed.box, (GridBox{1, 2, 3, 4}));
  EXPECT_NE(parsed.complaint, "");
}

TEST(BoxListReader, ReadsListsNestedAtWill) {
  const Boxes two = {{1, 2, 3, 4}, {5, 6, 7, 8}};
  for (const char* text :
       {"[[1,2,3,4],[5,6,7,8]]", " [ [1,2,3,4] , [5,6,7,8] ] ", "[1,2,3,4],[5,6,7,8]",
        "[1,2,3,4][5,6,7,8]", "[[[1,2,3,4]],[[5,6,7,8]]]", "[[1,2,3,4],\n[5,6,7,8],]"}) {
    const Read result = read(text);
    EXPECT_EQ(result.boxes, two) << text;
    EXPECT_TRUE(result.warnings.empty()) << text << result.warnings.front();
  }
}

TEST(BoxListReader, KeepsTheGoodBoxesAmongBadOnes) {
  const std::pair<const char*, std::size_t> cases[] = {
      {"[[1,2,3,4],[a,b],[5,6,7,8]]", 1}, {"[[1,2,3,4],[5,[5,6,7,8]]", 2},
      {"[[1,2,3,4],(9,9),[5,6,7,8]]", 1}, {"[[1,2,3,4];[5,6,7,8]]", 1},
      {"[[1,2,3,4],[],[5,6,7,8]]", 1},    {"x[[1,2,3,4],[5,6,7,8]]", 1},
      {"[[1,2,3,4],[5,6,7,8],[9,9,9", 1}, {"[1,2,3,4]],[5,6,7,8]]", 2},
  };
  for (const auto& [text, warnings] : cases) {
    const Read result = read(text);
    EXPECT_EQ(result.boxes, (Boxes{{1, 2, 3, 4}, {5, 6, 7, 8}})) << text;
    EXPECT_EQ(result.warnings.size(), warnings) << text;
  }
}

TEST(BoxListReader, ABoxCountsOnceItIsClosed) {
  Boxes boxes;
  std::vector<std::string> warnings;
  BoxListReader reader;
  for (const char c : std::string_view("[[1,2,3,44")) reader.take(c, {boxes, warnings});
  EXPECT_TRUE(boxes.empty());
  reader.take(']', {boxes, warnings});
  EXPECT_EQ(boxes, (Boxes{{1, 2, 3, 44}}));
  EXPECT_TRUE(warnings.empty());
}

TEST(BoxListReader, ProseBehindTheListIsNotTaken) {
  const Read result = read("[[1,2,3,4]], and more [sic]");
  EXPECT_EQ(result.boxes.size(), 1u);
  EXPECT_EQ(result.prose, ", and more [sic]");
  EXPECT_TRUE(result.warnings.empty());
}

TEST(BoxListReader, NothingIsSaidAboutAnEmptyListButAboutNone) {
  EXPECT_TRUE(read("[]").warnings.empty());
  EXPECT_EQ(read("").warnings.size(), 1u);
  EXPECT_EQ(read(" ").warnings.size(), 1u);
}

TEST(BoxListReader, WarningsQuoteTheRawText) {
  EXPECT_EQ(read("[[one, two]]").warnings,
            std::vector<std::string>{"A box could not be read: \"[one, two]\"."});
}

}  // namespace
}  // namespace vl
