#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

#include "tests/app/vl2_process.h"
#include "tests/support/golden.h"

namespace vl::test {
namespace {

using nlohmann::json;

// tests/data/README.md: logits in float32.
constexpr double kLogitBound = 3e-3;
constexpr std::size_t kSteps = 24;
constexpr std::size_t kTop = 5;

const std::string kModels = VL_MODEL_DATA "/goldens/model/";

/// A case of the manifest as --conversation takes it: the images go to the messages whose tags
/// name them.
json conversationOf(const json& golden, const std::string& checkpoint) {
  json conversation = golden["conversation"];
  std::size_t next = 0;
  for (json& message : conversation) {
    const std::string content = message["content"];
    message["images"] = json::array();
    for (std::size_t at = content.find("<image>"); at != std::string::npos;
         at = content.find("<image>", at + 1)) {
      const std::filesystem::path image(golden["images"][next++].get<std::string>());
      message["images"].push_back((std::filesystem::path(kModels) / checkpoint / image).string());
    }
  }
  EXPECT_EQ(next, golden["images"].size());
  return conversation;
}

void expectSameSteps(const json& steps, const Golden& golden) {
  const auto ids = golden.ints("greedy_ids");
  const auto topIds = golden.ints("greedy_top5_ids");
  const auto topLogits = golden.floats("greedy_top5_logits");
  ASSERT_EQ(steps.size(), kSteps);
  ASSERT_EQ(topLogits.size(), kSteps * kTop);
  for (std::size_t s = 0; s < kSteps; ++s) {
    EXPECT_EQ(steps[s]["id"], ids[s]) << "step " << s;
    ASSERT_EQ(steps[s]["top"].size(), kTop);
    for (std::size_t k = 0; k < kTop; ++k) {
      const double expected = topLogits[s * kTop + k];
      EXPECT_NEAR(steps[s]["top"][k]["logit"].get<double>(), expected, kLogitBound)
          << "step " << s << ", rank " << k;
      // Ranks closer than the bound may change places.
      const auto closer = [&](std::size_t other) {
        return other < kTop && std::abs(topLogits[s * kTop + other] - expected) < kLogitBound;
      };
      if (closer(k + 1) || (k > 0 && closer(k - 1))) continue;
      EXPECT_EQ(steps[s]["top"][k]["id"], topIds[s * kTop + k]) << "step " << s << ", rank " << k;
    }
  }
}

class TraceTest : public testing::TestWithParam<std::string> {};

TEST_P(TraceTest, EqualsTheOfficialCodeInEveryCase) {
  const std::string checkpoint = GetParam();
  const ScratchFolder folder;
  const json cases = readJson(kModels + checkpoint + "/manifest.json")["cases"];
  ASSERT_EQ(cases.size(), 6u);
  for (const auto& [name, golden] : cases.items()) {
    SCOPED_TRACE(name);
    const std::filesystem::path file = folder / (name + ".json");
    writeFile(file, conversationOf(golden, checkpoint).dump());
    const Finished run = runVl2(
        {"trace", "--model", microModel(checkpoint), "--conversation", file.string(), "--json"});
    ASSERT_EQ(run.exitCode, 0) << run.err;
    const json trace = jsonOf(run);
    const Golden expected("goldens/model/" + checkpoint + "/" + name + ".safetensors");
    EXPECT_EQ(trace["input_ids"], json(expected.ints("input_ids")));
    const json crops = golden["images"].empty() ? json::array() : golden["images_spatial_crop"];
    EXPECT_EQ(trace["crops"], crops);
    expectSameSteps(trace["steps"], expected);
  }
}

TEST_P(TraceTest, PrefillChunkAndTokenLimitChangeNothingElse) {
  const std::string checkpoint = GetParam();
  const ScratchFolder folder;
  const json cases = readJson(kModels + checkpoint + "/manifest.json")["cases"];
  writeFile(folder / "c.json", conversationOf(cases["text_only"], checkpoint).dump());
  const Finished run =
      runVl2({"trace", "--model", microModel(checkpoint), "--conversation",
              (folder / "c.json").string(), "--prefill-chunk", "7", "--max-tokens", "3"});
  ASSERT_EQ(run.exitCode, 0) << run.err;
  const json steps = jsonOf(run)["steps"];
  ASSERT_EQ(steps.size(), 3u);
  for (std::size_t s = 0; s < steps.size(); ++s) {
    EXPECT_EQ(steps[s]["id"], cases["text_only"]["greedy_ids"][s]);
  }
}

INSTANTIATE_TEST_SUITE_P(EveryCheckpoint, TraceTest,
                         testing::Values("micro-tiny", "micro-small", "micro-base"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(TraceInput, MalformedConversationsAreBadInput) {
  const ScratchFolder folder;
  const std::string file = (folder / "c.json").string();
  for (const std::string text :
       {"", "{", "{}", "[1]", R"([{"role": "<|User|>"}])", R"([{"role": 1, "content": "a"}])",
        R"([{"role": "<|User|>", "content": "a", "images": "b"}])",
        R"([{"role": "<|User|>", "content": "a", "images": [1]}])",
        R"([{"role": "nobody", "content": "a"}])",
        R"([{"role": "<|User|>", "content": "<image>", "images": []}])",
        R"([{"role": "<|User|>", "content": "<image>", "images": ["no.png"]},
            {"role": "<|Assistant|>", "content": ""}])"}) {
    writeFile(file, text);
    const Finished run = runVl2({"trace", "--model", microModel(), "--conversation", file});
    EXPECT_EQ(run.exitCode, 3) << text;
    EXPECT_NE(run.err.find("vl2: "), std::string::npos) << text;
    EXPECT_EQ(run.out, "") << text;
  }
}

TEST(TraceInput, ImagePathsStartAtTheFilesFolder) {
  const ScratchFolder folder;
  std::filesystem::copy_file(goldenImage("noise_64x64_s7.png"), folder / "here.png");
  writeFile(folder / "c.json",
            R"([{"role": "<|User|>", "content": "<image>\nwhat?", "images": ["here.png"]},
                {"role": "<|Assistant|>", "content": ""}])");
  const Finished run = runVl2({"trace", "--model", microModel(), "--conversation",
                               (folder / "c.json").string(), "--max-tokens", "1"});
  ASSERT_EQ(run.exitCode, 0) << run.err;
  EXPECT_EQ(jsonOf(run)["crops"], json({{1, 1}}));
}

}  // namespace
}  // namespace vl::test
