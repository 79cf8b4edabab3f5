#include "inference/weights/json_file.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/inference/weights/test_files.h"

namespace vl {
namespace {

std::string complaintAbout(const std::string& text) {
  const auto tree = parseJson(text, "x.json");
  if (tree) return "";
  EXPECT_EQ(tree.error().code, ErrorCode::Corrupt);
  return tree.error().what;
}

TEST(ParseJson, ReadsNestedValues) {
  const auto tree = parseJson(R"({"a":[1,2.5,{"b":null}],"c":"\u00e9"})", "x.json");
  ASSERT_TRUE(tree);
  EXPECT_EQ((*tree)["a"][1], 2.5);
  EXPECT_EQ((*tree)["c"], "é");
}

TEST(ParseJson, RefusesAKeyThatOccursTwiceInOneObjectOnly) {
  EXPECT_EQ(complaintAbout(R"({"a":1,"b":{"x":1,"x":2}})"),
            "x.json: key 'x' occurs twice in one object");
  EXPECT_EQ(complaintAbout(R"({"a":{"x":1},"b":{"x":2}})"), "");
}

TEST(ParseJson, LimitsTheDepthOfNesting) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(complaintAbout(nested(kMaxJsonDepth)), "");
  EXPECT_NE(complaintAbout(nested(kMaxJsonDepth + 1)).find("nested deeper"), std::string::npos);
  EXPECT_NE(complaintAbout(std::string(1'000'000, '[')).find("nested deeper"), std::string::npos);
}

TEST(ParseJson, RefusesWhatIsNotJson) {
  for (const char* text : {"", "{", "{}x", "{'a':1}", R"({"a":})", "// c\n{}", R"("\ud800")",
                           "\"\xc3\"", "\xff\xfe{}", "[1e999999]"}) {
    EXPECT_NE(complaintAbout(text).find("not valid JSON at byte"), std::string::npos) << text;
  }
}

TEST(ReadJsonFile, RefusesAFileOverTheLimitWithoutParsingIt) {
  const TempFolder folder;
  writeText(folder / "x.json", "[1,2,3]");
  EXPECT_TRUE(readJsonFile(folder / "x.json", 7));
  const auto tooLarge = readJsonFile(folder / "x.json", 6);
  ASSERT_FALSE(tooLarge);
  EXPECT_EQ(tooLarge.error().code, ErrorCode::Corrupt);
  const auto missing = readJsonFile(folder / "y.json", 6);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace vl
