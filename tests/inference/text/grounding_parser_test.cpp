#include "inference/text/grounding_parser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "inference/base/coordinates.h"
#include "tests/inference/text/test_files.h"

namespace vl {
namespace {

using nlohmann::json;
using Strings = std::vector<std::string>;

void expectEqual(const GroundedText& a, const GroundedText& b, const std::string& context) {
  EXPECT_EQ(a.spans, b.spans) << context;
  EXPECT_EQ(a.warnings, b.warnings) << context;
}

/// Every phrase and box, as "label [x1 y1 x2 y2]..." on the grid.
Strings phrases(const GroundedText& text) {
  Strings lines;
  for (const GroundedSpan& span : text.spans) {
    if (!span.isPhrase) continue;
    std::string line = span.text;
    for (const GridBox& box : span.boxes) {
      for (const double v : {box.x1, box.y1, box.x2, box.y2}) {
        line.append(" ").append(std::to_string(std::lround(v)));
      }
    }
    lines.push_back(line);
  }
  return lines;
}

json goldenCases() { return readTestJson(textData("grounding_cases.json"))["cases"]; }

/// [label, [x1, y1, x2, y2]] of every box, as upstream draws them.
json drawnBoxes(const GroundedText& text, ImageSize size) {
  json drawn = json::array();
  for (const GroundedSpan& span : text.spans) {
    for (const GridBox& box : span.boxes) {
      const PixelBox p = toPixels(box, size);
      drawn.push_back({span.text, {int(p.x1), int(p.y1), int(p.x2), int(p.y2)}});
    }
  }
  return drawn;
}

/// What upstream drew, with its corners ordered and cut to the image, as ours are.
json expectedBoxes(const json& golden) {
  json expected = json::array();
  for (const auto& box : golden["boxes"]) {
    std::array<int, 4> p = box["pixel_box"];
    for (std::size_t i = 0; i < 4; ++i) {
      p[i] = std::clamp(p[i], 0, golden["image_size"][i % 2].get<int>());
    }
    if (p[0] > p[2]) std::swap(p[0], p[2]);
    if (p[1] > p[3]) std::swap(p[1], p[3]);
    expected.push_back({box["label"], p});
  }
  return expected;
}

TEST(GroundingParser, GoodAnswersHaveUpstreamsBoxesAndBadOnesNoFewer) {
  const json cases = goldenCases();
  ASSERT_EQ(cases.size(), 78u);
  for (const auto& golden : cases) {
    const std::string name = golden["name"];
    const GroundedText text = parseGrounding(golden["response"].get<std::string>());
    const json drawn = drawnBoxes(text, {golden["image_size"][0], golden["image_size"][1]});
    const json expected = expectedBoxes(golden);
    if (name == "hex_and_expr" || name == "bool") {
      // Upstream runs the text as Python. These are not numbers, and are reported.
      EXPECT_EQ(drawn, json::array()) << name;
      EXPECT_EQ(text.warnings.size(), 1u) << name;
    } else if (expected.empty() || name == "missing_outer_close_two") {
      EXPECT_GE(drawn.size(), expected.size()) << name;  // upstream gave up, or lost boxes
    } else {
      EXPECT_EQ(drawn, expected) << name;
    }
  }
}

TEST(GroundingParser, AnySplitGivesTheSameResult) {
  for (const auto& golden : goldenCases()) {
    const std::string raw = golden["response"];
    const GroundedText whole = parseGrounding(raw);
    for (std::size_t cut = 0; cut <= raw.size(); ++cut) {
      GroundingParser parser;
      parser.feed(raw.substr(0, cut));
      parser.feed(raw.substr(cut));
      parser.finish();
      expectEqual(parser.result(), whole, raw + " cut at " + std::to_string(cut));
    }
    GroundingParser byteByByte;
    for (const char c : raw) byteByByte.feed(std::string(1, c));
    byteByByte.finish();
    expectEqual(byteByByte.result(), whole, raw + " byte by byte");
  }
}

struct Malformed {
  const char* raw;
  Strings phrases;
  std::string display;
  Strings warnings;
};

TEST(GroundingParser, KeepsWhatIsGoodAndReportsTheRest) {
  const Malformed cases[] = {
      {"<|det|>[[1, 2, 3, 4]]<|/det|>",
       {" 1 2 3 4"},
       "",
       {"A list of boxes has no phrase: \"<|det|>[[1, 2, 3, 4]]\"."}},
      {"a <|ref|>The gir",
       {"The gir"},
       "a The gir",
       {"<|/ref|> is missing: \"<|ref|>The gir\".", "A phrase has no boxes: \"The gir\"."}},
      {"<|ref|>x<|/ref|><|det|>[[1, 2, 3, 4], [580, 27",
       {"x 1 2 3 4"},
       "x",
       {"<|/det|> is missing: \"<|det|>[[1, 2, 3, 4], [580, 27\".",
        "A box is cut off: \"[580, 27\"."}},
      {"<|ref|>x<|/ref|><|det|>[[1, 2, 3, 4]]<|/de",
       {"x 1 2 3 4"},
       "x",
       {"A tag is cut off: \"<|/de\".", "<|/det|> is missing: \"<|det|>[[1, 2, 3, 4]]\"."}},
      {"<|ref|>x<|/ref|><|det|>[[1, 2, 3, 4]], and so on",
       {"x 1 2 3 4"},
       "x, and so on",
       {"<|/det|> is missing: \"<|det|>[[1, 2, 3, 4]], \"."}},
      {"<|ref|>x<|det|>[[1, 2, 3, 4]]<|/det|>",
       {"x 1 2 3 4"},
       "x",
       {"<|/ref|> is missing: \"<|ref|>x\"."}},
      {"<|ref|>x<|/det|>y<|/ref|>",
       {"x"},
       "xy",
       {"<|/ref|> is missing: \"<|ref|>x\".", "A closing tag has no opening tag: \"<|/ref|>\".",
        "A phrase has no boxes: \"x\"."}},
      {"<|ref|>x<|/ref|><|det|>[[1, 2, 3, 4]]<|ref|>y<|/ref|><|det|>[[5, 6, 7, 8]]<|/det|>",
       {"x 1 2 3 4", "y 5 6 7 8"},
       "xy",
       {"<|/det|> is missing: \"<|det|>[[1, 2, 3, 4]]\"."}},
      {"<|ref|>x<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|> <|det|>[[5, 6, 7, 8]]<|/det|>",
       {"x 1 2 3 4 5 6 7 8"},
       "x ",
       {"A phrase has more than one list of boxes: \"<|det|>[[5, 6, 7, 8]]\"."}},
      {"the <|ref|> tag\nand <|ref|>x<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>",
       {"x 1 2 3 4"},
       "the  tag\nand x",
       {"<|/ref|> is missing: \"<|ref|> tag\nand \"."}},
      {"a<|/det|>b<|/ref|>c",
       {},
       "abc",
       {"A closing tag has no opening tag: \"<|/det|>\".",
        "A closing tag has no opening tag: \"<|/ref|>\"."}},
  };
  for (const Malformed& malformed : cases) {
    const GroundedText text = parseGrounding(malformed.raw);
    EXPECT_EQ(phrases(text), malformed.phrases) << malformed.raw;
    EXPECT_EQ(text.displayText(), malformed.display) << malformed.raw;
    EXPECT_EQ(text.warnings, malformed.warnings) << malformed.raw;
  }
}

TEST(GroundingParser, ListsFindTheirPhrases) {
  const std::pair<const char*, Strings> cases[] = {
      // in a row: by order, as upstream
      {"<|ref|>x<|/ref|> <|ref|>y<|/ref|><|det|>[[1,1,1,1]]<|/det|>\n<|det|>[[2,2,2,2]]<|/det|>",
       {"x 1 1 1 1", "y 2 2 2 2"}},
      // prose between: the earliest phrase that still waits
      {"<|ref|>x<|/ref|> and <|ref|>y<|/ref|>: <|det|>[[1,1,1,1]]<|/det|><|det|>[[2,2,2,2]]"
       "<|/det|>",
       {"x 1 1 1 1", "y 2 2 2 2"}},
      // a phrase that never gets a list takes none from a later phrase
      {"<|ref|>x<|/ref|>, then <|ref|>y<|/ref|><|det|>[[2,2,2,2]]<|/det|>", {"x", "y 2 2 2 2"}},
      // lists before their phrases
      {"<|det|>[[1,1,1,1]]<|/det|><|ref|>x<|/ref|><|det|>[[2,2,2,2]]<|/det|><|ref|>y<|/ref|>",
       {"x 1 1 1 1", "y 2 2 2 2"}},
      {"<|det|>[[1,1,1,1]]<|/det|><|det|>[[2,2,2,2]]<|/det|><|ref|>x<|/ref|><|ref|>y<|/ref|>",
       {"x 1 1 1 1", "y 2 2 2 2"}},
      {"<|det|>[[1,1,1,1]]<|/det|> or <|ref|>x<|/ref|><|det|>[[2,2,2,2]]<|/det|>",
       {" 1 1 1 1", "x 2 2 2 2"}},
  };
  for (const auto& [raw, expected] : cases)
    EXPECT_EQ(phrases(parseGrounding(raw)), expected) << raw;
}

TEST(GroundingParser, ShowsAnAnswerWhileItIsWritten) {
  GroundingParser parser;
  const auto spans = [&] { return parser.result().spans; };
  parser.feed("The ");
  EXPECT_EQ(spans(), (std::vector<GroundedSpan>{{"The ", false, {}, false}}));
  parser.feed("<|re");
  EXPECT_EQ(parser.result().displayText(), "The ");  // may become a tag
  parser.feed("f|>c");
  EXPECT_EQ(spans().back(), (GroundedSpan{"c", true, {}, false}));
  parser.feed("at<|/ref|><|det|>[[1,2,3,4");
  EXPECT_EQ(spans().back(), (GroundedSpan{"cat", true, {}, false}));
  parser.feed("],[5,");
  EXPECT_EQ(spans().back(), (GroundedSpan{"cat", true, {{1, 2, 3, 4}}, false}));
  parser.feed("6,7,8]]<|/det|>");
  EXPECT_EQ(spans().back(), (GroundedSpan{"cat", true, {{1, 2, 3, 4}, {5, 6, 7, 8}}, true}));
  parser.feed(" sits.");
  parser.finish();
  EXPECT_EQ(parser.result().displayText(), "The cat sits.");
  EXPECT_EQ(spans().size(), 3u);
  EXPECT_TRUE(parser.result().warnings.empty());
}

TEST(GroundingParser, APhraseWithoutBoxesIsCompleteAtTheEnd) {
  GroundingParser parser;
  parser.feed("<|ref|>x<|/ref|> stands");
  EXPECT_FALSE(parser.result().spans.front().complete);
  parser.finish();
  EXPECT_TRUE(parser.result().spans.front().complete);
}

TEST(GroundingParser, WhatOnlyLooksLikeATagIsText) {
  for (const char* raw : {"<", "a < b", "<<", "<|", "<|ref", "<|ref|x", "<|<|ref", "<||>",
                          "<|REF|>", "<image>", "<｜end▁of▁sentence｜>", "<|User|>"}) {
    const std::string text = std::string(raw) + "!";
    EXPECT_EQ(parseGrounding(text).displayText(), text);
    EXPECT_TRUE(parseGrounding(text).warnings.empty()) << text;
  }
  EXPECT_EQ(parseGrounding("a <").displayText(), "a <");
}

TEST(GroundingParser, TheGroundingTagSaysNothing) {
  const GroundedText text = parseGrounding("<|grounding|>a <|ref|>x<|grounding|><|/ref|>");
  EXPECT_EQ(text.displayText(), "a x");
}

TEST(GroundingParser, HostileTextTakesLinearTime) {
  // Each would take minutes to hours if any step looked back over what was written.
  for (const char* piece :
       {"<", "<|ref|>", "<|/ref|>", "<|det|>", "<|/det|>", "<|ref|>a\n", "<|ref|>a<|/ref|>",
        "<|det|>[[1,2,3,4]]<|/det|>", "[", "<|det|>[1", "[1,2,3,4]", "<|ref|>x<|/ref|> y "}) {
    for (const char* opening : {"", "<|ref|>x<|/ref|><|det|>"}) {
      std::string raw = opening;
      while (raw.size() < 1'000'000) raw += piece;
      GroundingParser parser;
      for (std::size_t at = 0; at < raw.size(); at += 5) parser.feed(raw.substr(at, 5));
      parser.finish();
      EXPECT_LE(parser.result().displayText().size(), raw.size());
    }
  }
}

TEST(GroundingParser, KnowsABoxFromItsFirstNumberOn) {
  GroundingParser parser;
  const auto after = [&](std::string_view text) {
    parser.feed(text);
    return parser.unfinished();
  };
  EXPECT_EQ(after("A <|ref|>dog<|/ref|><|det|>[[10"), std::nullopt);  // may go on with digits
  EXPECT_EQ(after("0,"), (UnfinishedBox{"dog", {100, 0, 999, 999}}));
  EXPECT_EQ(after(" 20"), (UnfinishedBox{"dog", {100, 0, 999, 999}}));
  EXPECT_EQ(after("0, 50"), (UnfinishedBox{"dog", {100, 200, 999, 999}}));
  EXPECT_EQ(after("0, 700"), (UnfinishedBox{"dog", {100, 200, 500, 999}}));
  EXPECT_EQ(after("]"), std::nullopt);  // complete: it is among the boxes now
  EXPECT_EQ(after(", [1, "), (UnfinishedBox{"dog", {1, 0, 999, 999}}));
  EXPECT_EQ(after("2, 3, 4]]<|/det|> and"), std::nullopt);
}

TEST(GroundingParser, AnUnfinishedBoxStaysOnTheGridAndIsNoGuess) {
  const auto unfinished = [](std::string_view numbers) {
    GroundingParser parser;
    parser.feed("<|ref|>a<|/ref|><|det|>[[" + std::string(numbers));
    return parser.unfinished();
  };
  EXPECT_EQ(unfinished("-5, 2000, "), (UnfinishedBox{"a", {0, 999, 999, 999}}));
  EXPECT_EQ(unfinished("900, 1, 100, "), (UnfinishedBox{"a", {100, 1, 900, 999}}));
  EXPECT_EQ(unfinished("x, "), std::nullopt);
  EXPECT_EQ(unfinished(""), std::nullopt);
  EXPECT_EQ(unfinished("1, 2, 3, 4, 5, 6, "), (UnfinishedBox{"a", {1, 2, 3, 4}}));
}

}  // namespace
}  // namespace vl
