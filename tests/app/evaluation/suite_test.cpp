#include "app/evaluation/suite.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "inference/engine/conversation.h"

namespace vl {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// A folder with suite.json, images/a.png and images/b.png, beside secret.png.
class SuiteTest : public testing::Test {
 protected:
  SuiteTest() {
    fs::create_directories(folder_ / "suite/images");
    for (const char* name : {"suite/images/a.png", "suite/images/b.png", "secret.png"}) {
      write(folder_ / name, "x");
    }
  }
  ~SuiteTest() override { fs::remove_all(folder_); }

  static void write(const fs::path& path, const std::string& content) {
    std::ofstream(path, std::ios::binary) << content;
  }

  Result<std::vector<SuiteItem>> read(const std::string& content) const {
    write(folder_ / "suite/suite.json", content);
    return readSuite(folder_ / "suite/suite.json");
  }
  Result<std::vector<SuiteItem>> readItem(const json& item) const {
    return read(json{{"items", {item}}}.dump());
  }

  const fs::path folder_ =
      fs::temp_directory_path() / ("vl-suite-test-" + std::to_string(::getpid()));
  const json good_{{"id", "1"},
                   {"category", "boxes"},
                   {"images", {"images/a.png", "images/b.png"}},
                   {"question", "Where?"},
                   {"metric", "boxes"},
                   {"answer", ""},
                   {"boxes", {{0, 1.5, 2, 999}}}};
};

TEST_F(SuiteTest, ReadsAnItem) {
  const auto items = readItem(good_);
  ASSERT_TRUE(items) << items.error().what;
  ASSERT_EQ(items->size(), 1u);
  const SuiteItem& item = items->front();
  EXPECT_EQ(item.id, "1");
  EXPECT_EQ(item.category, "boxes");
  EXPECT_EQ(item.metric, Metric::Boxes);
  EXPECT_EQ(item.boxes, std::vector<GridBox>({{0, 1.5, 2, 999}}));
  const std::vector<ChatMessage> conversation{item.question};
  const std::vector<ImageFile> images = imagesOf(conversation);
  ASSERT_EQ(images.size(), 2u);
  EXPECT_EQ(images[0].path.filename(), "a.png");
  EXPECT_EQ(images[1].path.filename(), "b.png");
  EXPECT_EQ(std::get<std::string>(item.question.parts.back()), "Where?");
}

TEST_F(SuiteTest, ImageTagsPlaceTheImages) {
  json item = good_;
  item["question"] = "Is <image> in <image>?";
  const auto items = readItem(item);
  ASSERT_TRUE(items) << items.error().what;
  const auto& parts = items->front().question.parts;
  ASSERT_EQ(parts.size(), 5u);
  EXPECT_EQ(std::get<std::string>(parts[0]), "Is ");
  EXPECT_EQ(std::get<ImageFile>(parts[1]).path.filename(), "a.png");
  EXPECT_EQ(std::get<ImageFile>(parts[3]).path.filename(), "b.png");
  item["question"] = "Is <image> there?";
  EXPECT_EQ(readItem(item).error().code, ErrorCode::Corrupt);
}

TEST_F(SuiteTest, TextItemsNeedNeitherImagesNorBoxes) {
  for (const char* metric : {"cer", "exact"}) {
    const json item{
        {"id", "1"}, {"category", "c"}, {"question", "q"}, {"metric", metric}, {"answer", "a"}};
    EXPECT_TRUE(readItem(item)) << metric;
  }
  EXPECT_TRUE(readItem({{"id", "1"}, {"category", "c"}, {"question", "q"}, {"metric", "deny"}}));
}

TEST_F(SuiteTest, RefusesWhatIsNoSuite) {
  for (const char* content :
       {"", "{", "[]", "3", "{}", R"({"items": 3})", R"({"items": []})", R"({"items": [3]})",
        R"({"items": [[]]})", R"({"items": [{}]})", R"({"items": [], "items": []})"}) {
    const auto items = read(content);
    ASSERT_FALSE(items) << content;
    EXPECT_EQ(items.error().code, ErrorCode::Corrupt) << content;
    EXPECT_NE(items.error().what.find("suite.json"), std::string::npos) << items.error().what;
  }
  EXPECT_FALSE(read("{\"items\":" + std::string(100'000, '[') + '}'));
  EXPECT_FALSE(read(std::string(17 << 20, ' ')));
  EXPECT_EQ(readSuite(folder_ / "none.json").error().code, ErrorCode::NotFound);
}

TEST_F(SuiteTest, RefusesWrongTypesAndValuesByName) {
  const json box = json::array({0, 0, 1, 1});
  const std::vector<std::pair<const char*, json>> wrong{
      {"id", nullptr},
      {"id", 3},
      {"id", ""},
      {"category", json::array()},
      {"category", " "},
      {"question", "\n"},
      {"question", std::string(70'000, 'q')},
      {"metric", "wer"},
      {"metric", 1},
      {"answer", json::object()},
      {"answer", std::string(70'000, 'a')},
      {"images", "images/a.png"},
      {"images", {3}},
      {"images", json::array()},
      {"boxes", "none"},
      {"boxes", json::array()},
      {"boxes", {3}},
      {"boxes", {{1, 2, 3}}},
      {"boxes", {{1, 2, 3, "4"}}},
      {"boxes", {{-1, 2, 3, 4}}},
      {"boxes", {{0, 0, 1000, 4}}},
      {"boxes", {{5, 0, 5, 4}}},
      {"boxes", {{5, 4, 6, 3}}},
      {"boxes", {{0, 0, 1, 1e300}}},
      {"boxes", json(1001, box)},
  };
  for (const auto& [key, value] : wrong) {
    json item = good_;
    item[key] = value;
    const auto items = readItem(item);
    ASSERT_FALSE(items) << key << ' ' << value;
    EXPECT_EQ(items.error().code, ErrorCode::Corrupt) << items.error().what;
    EXPECT_NE(items.error().what.find("item 1"), std::string::npos) << items.error().what;
  }
  for (const char* key : {"id", "category", "question", "metric", "boxes", "images"}) {
    json item = good_;
    item.erase(key);
    EXPECT_FALSE(readItem(item)) << key;
  }
}

TEST_F(SuiteTest, RefusesABlankExpectedText) {
  for (const char* metric : {"cer", "exact"}) {
    json item = good_;
    item["metric"] = metric;
    EXPECT_FALSE(readItem(item)) << metric;  // "answer" is ""
    item["answer"] = "x";
    EXPECT_TRUE(readItem(item)) << metric;
  }
}

TEST_F(SuiteTest, RefusesAnIdThatComesTwice) {
  const auto items = read(json{{"items", {good_, good_}}}.dump());
  ASSERT_FALSE(items);
  EXPECT_NE(items.error().what.find("item 2 (1)"), std::string::npos) << items.error().what;
}

TEST_F(SuiteTest, RefusesImagesOutsideItsFolder) {
  fs::create_symlink(folder_ / "secret.png", folder_ / "suite/images/link.png");
  fs::create_symlink(folder_, folder_ / "suite/up");
  for (const std::string& name :
       {std::string("../secret.png"), std::string("images/../../secret.png"),
        (folder_ / "secret.png").string(), (folder_ / "suite/images/a.png").string(),
        std::string("images/link.png"), std::string("up/secret.png"), std::string("../none.png"),
        std::string("images/a.png\0", 13), std::string()}) {
    json item = good_;
    item["images"] = {name};
    const auto items = readItem(item);
    ASSERT_FALSE(items) << name;
    EXPECT_EQ(items.error().code, ErrorCode::Corrupt) << items.error().what;
  }
}

TEST_F(SuiteTest, AllowsLinksAndDetoursWithinItsFolder) {
  fs::create_symlink("a.png", folder_ / "suite/images/link.png");
  json item = good_;
  item["images"] = {"images/link.png", "./images/../images/b.png"};
  EXPECT_TRUE(readItem(item));
}

TEST_F(SuiteTest, NamesAnImageThatIsMissing) {
  for (const char* name : {"images/none.png", "images", "."}) {
    json item = good_;
    item["images"] = {name};
    const auto items = readItem(item);
    ASSERT_FALSE(items) << name;
    EXPECT_EQ(items.error().code, ErrorCode::NotFound) << items.error().what;
    EXPECT_NE(items.error().what.find(name), std::string::npos) << items.error().what;
  }
}

}  // namespace
}  // namespace vl
