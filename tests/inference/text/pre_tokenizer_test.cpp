#include "inference/text/pre_tokenizer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "inference/text/token_codec.h"
#include "tests/inference/text/test_files.h"

namespace vl {
namespace {

using nlohmann::json;
using Pieces = std::vector<std::string>;

const json kByteLevel = {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}};

json split(const char* pattern, const char* behavior = "Isolated", bool invert = false) {
  return {{"type", "Split"},
          {"pattern", {{"Regex", pattern}}},
          {"behavior", behavior},
          {"invert", invert}};
}

json sequence(std::initializer_list<json> steps) {
  json list = json::array();
  for (const json& step : steps) list.push_back(step);
  return {{"type", "Sequence"}, {"pretokenizers", list}};
}

Pieces pieces(const json& description, std::string_view text) {
  const Result<PreTokenizer> preTokenizer = PreTokenizer::parse(description);
  EXPECT_TRUE(preTokenizer) << preTokenizer.error().what;
  RegexSearch search;
  Pieces found;
  preTokenizer->split(text, search, [&](std::string_view piece) { found.emplace_back(piece); });
  return found;
}

TEST(PreTokenizer, CutsAsHuggingFaceForEveryBehaviorAndOption) {
  const json goldens = readTestJson(textData("pre_tokenizers.json"));
  json tokenizer = readTestJson(textData("micro-tiny") / "tokenizer.json");
  ASSERT_GE(goldens["variants"].size(), 30u);
  for (const auto& variant : goldens["variants"]) {
    tokenizer["pre_tokenizer"] = variant["pre_tokenizer"];
    Result<TokenizerFile> file = parseTokenizerFile(tokenizer.dump());
    ASSERT_TRUE(file) << file.error().what;
    const TokenCodec codec(std::move(*file));
    for (std::size_t i = 0; i < goldens["texts"].size(); ++i) {
      EXPECT_EQ(json(codec.encode(goldens["texts"][i].get<std::string>(), SpecialsPolicy::All)),
                variant["ids"][i])
          << variant["pre_tokenizer"] << goldens["texts"][i];
    }
  }
}

TEST(PreTokenizer, AStepSeesThePiecesOfTheStepBefore) {
  const json steps = sequence({split("-"), split("\\s+$"), kByteLevel});
  EXPECT_EQ(pieces(steps, "a  - b "), (Pieces{"a", "  ", "-", " b", " "}));
}

TEST(PreTokenizer, DigitsAreTheWholeCategoryN) {
  const json each = {{"type", "Digits"}, {"individual_digits", true}};
  EXPECT_EQ(pieces(sequence({each, kByteLevel}), "x²½Ⅳ12"), (Pieces{"x", "²", "½", "Ⅳ", "1", "2"}));
}

TEST(PreTokenizer, SequencesNest) {
  EXPECT_EQ(pieces(sequence({sequence({split("b")}), sequence({kByteLevel})}), "abc"),
            (Pieces{"a", "b", "c"}));
}

TEST(PreTokenizer, EmptyTextHasNoPieces) { EXPECT_EQ(pieces(kByteLevel, ""), Pieces()); }

TEST(PreTokenizer, TextStaysWholeWhereAnExpressionGivesUp) {
  const std::string text = std::string(2000, 'a') + " b";
  const json steps = sequence({split("(?:a+)+(?:a+)+(?:a+)+[cd]"), kByteLevel});
  EXPECT_EQ(pieces(steps, text), Pieces{text});
}

TEST(PreTokenizer, RefusesWhatItDoesNotRun) {
  const json stepsPastTheLimit = [] {
    json list = json::array();
    for (int i = 0; i < 40; ++i) list.push_back(split("a"));
    list.push_back(kByteLevel);
    return json{{"type", "Sequence"}, {"pretokenizers", list}};
  }();
  const std::pair<json, ErrorCode> cases[] = {
      {json::object(), ErrorCode::Corrupt},
      {json("ByteLevel"), ErrorCode::Corrupt},
      {json{{"type", 7}}, ErrorCode::Corrupt},
      {json{{"type", "Sequence"}}, ErrorCode::Corrupt},
      {sequence({}), ErrorCode::Unsupported},
      {sequence({split("a")}), ErrorCode::Unsupported},
      {sequence({kByteLevel, split("a")}), ErrorCode::Unsupported},
      {sequence({kByteLevel, kByteLevel}), ErrorCode::Unsupported},
      {sequence({json{{"type", "Metaspace"}}, kByteLevel}), ErrorCode::Unsupported},
      {sequence({split("("), kByteLevel}), ErrorCode::Unsupported},
      {sequence({split("a", "Sideways"), kByteLevel}), ErrorCode::Unsupported},
      {sequence({json{{"type", "Split"}, {"behavior", "Isolated"}}, kByteLevel}),
       ErrorCode::Corrupt},
      {sequence({json{{"type", "Split"}, {"pattern", "a"}, {"behavior", "Isolated"}}}),
       ErrorCode::Corrupt},
      {sequence({json{{"type", "Split"}, {"pattern", {{"Regex", "a"}}}}}), ErrorCode::Corrupt},
      {stepsPastTheLimit, ErrorCode::Unsupported},
  };
  for (const auto& [description, code] : cases) {
    const Result<PreTokenizer> parsed = PreTokenizer::parse(description);
    ASSERT_FALSE(parsed) << description;
    EXPECT_EQ(parsed.error().code, code) << description << parsed.error().what;
  }
}

}  // namespace
}  // namespace vl
