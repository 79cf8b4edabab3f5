// Whole conversations, from text and picture files to greedy tokens, against the official code.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "tests/inference/engine/engine_fixture.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr float kLogitBound = 3e-3f;  // tests/data/README.md
constexpr const char* kCases[] = {"text_only", "multi_turn_text", "one_image",
                                  "two_image", "three_image",     "multi_turn_image"};

std::vector<ChatMessage> conversationOf(const json& golden, const std::filesystem::path& folder) {
  std::vector<ChatMessage> conversation;
  std::size_t next = 0;
  for (const json& turn : golden.at("conversation")) {
    const std::string content = turn.at("content");
    std::vector<std::filesystem::path> images;
    for (std::size_t at = content.find("<image>"); at != std::string::npos;
         at = content.find("<image>", at + 1)) {
      images.push_back(folder / golden.at("images").at(next++).get<std::string>());
    }
    Result<ChatMessage> message =
        upstreamMessage(turn.at("role").get<std::string>(), content, images);
    EXPECT_TRUE(message) << message.error().what;
    conversation.push_back(std::move(message).value());
  }
  return conversation;
}

class GoldenConversations : public testing::TestWithParam<std::tuple<const char*, std::size_t>> {};

TEST_P(GoldenConversations, IdsCropsLogitsAndGreedyTokensEqual) {
  const auto [checkpoint, chunk] = GetParam();
  const std::unique_ptr<LocalEngine> engine = test::loadEngine(checkpoint, chunk);
  ASSERT_NE(engine, nullptr);
  const std::string name = "goldens/model/" + std::string(checkpoint);
  std::ifstream file(test::modelData() / name / "manifest.json");
  const json cases = json::parse(file).at("cases");
  for (const std::string caseName : kCases) {
    SCOPED_TRACE(caseName);
    const test::Golden golden(name + "/" + caseName + ".safetensors");
    const auto conversation = conversationOf(cases.at(caseName), test::modelData() / name);
    const Result<Trace> trace = engine->trace(conversation, 24, std::stop_token{});
    ASSERT_TRUE(trace) << trace.error().what;
    EXPECT_EQ(trace->inputIds, golden.ints("input_ids"));

    std::vector<std::int32_t> crops;
    for (const TileGrid& grid : trace->crops) {
      crops.push_back(static_cast<std::int32_t>(grid.columns));
      crops.push_back(static_cast<std::int32_t>(grid.rows));
    }
    if (crops.empty()) crops = {0, 0};  // how upstream says "no image"
    EXPECT_EQ(crops, golden.ints("images_spatial_crop"));

    const auto greedy = golden.ints("greedy_ids");
    const auto topIds = golden.ints("greedy_top5_ids");
    const auto topLogits = golden.floats("greedy_top5_logits");
    ASSERT_EQ(trace->steps.size(), greedy.size());
    for (std::size_t step = 0; step < greedy.size(); ++step) {
      ASSERT_EQ(trace->steps[step].id, greedy[step]) << "step " << step;
      ASSERT_EQ(trace->steps[step].top.size(), 5u);
      for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_NEAR(trace->steps[step].top[i].logit, topLogits[step * 5 + i], kLogitBound);
      }
      EXPECT_EQ(trace->steps[step].top[0].id, topIds[step * 5]);
    }
  }
}

std::string chunkName(const testing::TestParamInfo<std::tuple<const char*, std::size_t>>& param) {
  std::string name = std::get<0>(param.param);
  name.replace(name.find('-'), 1, "_");
  return name + "_chunk_" + std::to_string(std::get<1>(param.param));
}

INSTANTIATE_TEST_SUITE_P(MicroCheckpoints, GoldenConversations,
                         testing::Combine(testing::Values("micro-tiny", "micro-small",
                                                          "micro-base"),
                                          testing::Values(std::size_t{64}, std::size_t{512})),
                         chunkName);

}  // namespace
}  // namespace vl
