#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/app/vl2_process.h"

namespace vl::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// The product promises 200 ms; a loaded machine and sanitizers take their part.
constexpr std::chrono::seconds kInterruptBound{3};

constexpr const char* kImage = "noise_64x64_s7.png";

json item(const std::string& id, const std::string& metric) {
  return {{"id", id},
          {"category", metric},
          {"images", {kImage}},
          {"question", "What is this?"},
          {"metric", metric},
          {"answer", "a picture"},
          {"boxes", {{10, 20, 30, 40}}}};
}

/// A suite in a folder with the image of its items.
class Eval : public testing::Test {
 protected:
  Eval() { fs::copy_file(goldenImage(kImage), folder_ / kImage); }

  Words words(const std::vector<json>& items, Words more = {}) const {
    writeFile(folder_ / "suite.json", json{{"items", items}}.dump());
    Words words{
        "eval",   "--model",      microModel(), "--suite", (folder_ / "suite.json").string(),
        "--json", "--max-tokens", "4"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  const ScratchFolder folder_;
};

TEST_F(Eval, JsonHasEveryKeyAndNullForOtherMetrics) {
  const Finished run =
      runVl2(words({item("1", "cer"), item("2", "exact"), item("3", "boxes"), item("4", "deny")}));
  ASSERT_EQ(run.exitCode, 0) << run.err;
  const json found = jsonOf(run);
  const json& categories = found["categories"];
  ASSERT_EQ(categories.size(), 4u);
  for (const auto& [category, scores] : categories.items()) {
    EXPECT_EQ(scores["n"], 1) << category;
    for (const std::string key : {"cer", "exact", "recall", "precision", "deny"}) {
      const bool applies =
          key == category || (category == "boxes" && (key == "recall" || key == "precision"));
      EXPECT_EQ(scores[key].is_number(), applies) << category << ' ' << key;
      EXPECT_EQ(scores[key].is_null(), !applies) << category << ' ' << key;
    }
  }
  ASSERT_EQ(found["items"].size(), 4u);
  EXPECT_EQ(found["items"][2]["id"], "3");
  for (const json& entry : found["items"]) {
    EXPECT_TRUE(entry["output"].is_string());
    EXPECT_TRUE(entry["score"].is_number());
  }
}

TEST_F(Eval, AnswersAreThoseOfAskAndAreScored) {
  const Finished asked =
      runVl2({"ask", "--model", microModel(), "--temperature", "0", "--json", "--max-tokens", "4",
              "--image", goldenImage(kImage), "What is this?"});
  const json answer = jsonOf(asked);
  json right = item("right", "exact");
  right["answer"] = answer["text"];
  const json found = jsonOf(runVl2(words({right, item("wrong", "exact")})));
  EXPECT_EQ(found["items"][0]["output"], answer["raw"]);
  EXPECT_EQ(found["items"][0]["score"], 1);
  EXPECT_EQ(found["items"][1]["output"], answer["raw"]);
  EXPECT_EQ(found["items"][1]["score"], 0);
  EXPECT_EQ(found["categories"]["exact"]["exact"], 0.5);
}

TEST_F(Eval, WithoutJsonItIsATable) {
  Words asText = words({item("1", "deny")});
  asText.erase(std::find(asText.begin(), asText.end(), "--json"));
  const Finished run = runVl2(asText);
  ASSERT_EQ(run.exitCode, 0) << run.err;
  EXPECT_EQ(run.out.find("category"), 0u) << run.out;
  EXPECT_NE(run.out.find("\ndeny"), std::string::npos) << run.out;
}

TEST_F(Eval, AnItemThatCannotBeAskedIsReportedAndTheOthersAreAsked) {
  writeFile(folder_ / "broken.png", "\x89PNG\r\n\x1a\n");
  json broken = item("broken", "cer");
  broken["images"] = {"broken.png"};
  const Finished run = runVl2(words({broken, item("good", "cer")}));
  EXPECT_EQ(run.exitCode, 3);
  EXPECT_NE(run.err.find("item broken: "), std::string::npos) << run.err;
  const json found = jsonOf(run);
  EXPECT_TRUE(found["items"][0]["error"].is_string());
  EXPECT_EQ(found["items"][0]["score"], 1);  // every character is missing
  EXPECT_FALSE(found["items"][1].contains("error"));
  EXPECT_EQ(found["categories"]["cer"]["n"], 2);
}

TEST_F(Eval, AWrongSuiteIsExitThreeBeforeTheModelIsLoaded) {
  json missing = item("1", "exact");
  missing["images"] = {"missing.png"};
  json outside = item("1", "exact");
  outside["images"] = {goldenImage(kImage)};
  for (const auto& items : {std::vector<json>{missing}, {outside}, {json()}, {}}) {
    const Finished run = runVl2(words(items));
    EXPECT_EQ(run.exitCode, 3);
    EXPECT_EQ(run.out, "");
    EXPECT_NE(run.err.find("suite.json"), std::string::npos) << run.err;
    EXPECT_EQ(run.err.find("loading"), std::string::npos) << run.err;
  }
}

TEST_F(Eval, CtrlCPrintsTheScoresSoFar) {
  std::vector<json> items;
  items.reserve(2000);
  for (int i = 0; i < 2000; ++i) items.push_back(item(std::to_string(i), "cer"));
  Vl2Process process(words(items, {"--threads", "1"}));
  ASSERT_TRUE(process.waitForErr("item 1 of 2000"));
  const auto start = std::chrono::steady_clock::now();
  process.signal(SIGINT);
  const Finished run = process.finish();
  EXPECT_LT(std::chrono::steady_clock::now() - start, kInterruptBound);
  EXPECT_EQ(run.exitCode, 130) << run.err;
  EXPECT_LT(jsonOf(run)["items"].size(), 2000u);
}

}  // namespace
}  // namespace vl::test
