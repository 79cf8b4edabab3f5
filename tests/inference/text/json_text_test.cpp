#include "inference/text/json_text.h"

#include <gtest/gtest.h>

#include "tests/inference/text/test_files.h"

namespace vl {
namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(JsonText, RefusesDeepNestingBeforeParsing) {
  EXPECT_TRUE(parseJson(nested(64), "x.json"));
  const Result<nlohmann::json> deep = parseJson(nested(65), "x.json");
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().code, ErrorCode::Unsupported);
  EXPECT_FALSE(parseJson(std::string(5'000'000, '['), "x.json"));
}

TEST(JsonText, BracketsInStringsAreNoNesting) {
  const std::string text = "[\"" + std::string(1000, '[') + "\\\"" + std::string(1000, '{') + "\"]";
  EXPECT_TRUE(parseJson(text, "x.json"));
}

TEST(JsonText, NamesTheFileThatIsNotJson) {
  for (const char* text : {"", "{", "{\"a\": 1,}", "[1 2]", "\"\xFF\"", "1e999", "\"\\ud800\""}) {
    const Result<nlohmann::json> document = parseJson(text, "x.json");
    ASSERT_FALSE(document) << text;
    EXPECT_EQ(document.error().code, ErrorCode::Corrupt);
    EXPECT_NE(document.error().what.find("x.json"), std::string::npos);
  }
}

TEST(JsonText, MembersOfAnotherTypeAreAbsent) {
  const nlohmann::json object = {{"text", "a"}, {"number", 1}, {"null", nullptr}, {"flag", true}};
  EXPECT_EQ(*stringMember(object, "text"), "a");
  EXPECT_EQ(stringMember(object, "number"), nullptr);
  EXPECT_EQ(member(object, "null"), nullptr);
  EXPECT_EQ(member(nlohmann::json::array(), "text"), nullptr);
  EXPECT_TRUE(flagMember(object, "flag"));
  EXPECT_FALSE(flagMember(object, "number"));
}

TEST(JsonText, ReadsOnlyFilesOfTheExpectedSize) {
  const std::filesystem::path file = textData("micro-tiny") / "special_tokens_map.json";
  const std::uintmax_t bytes = std::filesystem::file_size(file);
  EXPECT_TRUE(readTextFile(file, bytes));
  EXPECT_EQ(readTextFile(file, bytes - 1).error().code, ErrorCode::Unsupported);
  EXPECT_EQ(readTextFile(file / "none", bytes).error().code, ErrorCode::NotFound);
  EXPECT_EQ(readTextFile(file.parent_path(), bytes).error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace vl
