#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "inference/engine/answer_stream.h"
#include "inference/engine/kv_session.h"
#include "tests/inference/engine/engine_fixture.h"

namespace vl {
namespace {

std::vector<PromptPosition> positions(const std::vector<std::int32_t>& ids) {
  std::vector<PromptPosition> result;
  result.reserve(ids.size());
  for (const std::int32_t id : ids) result.push_back({.token = id});
  return result;
}

class KvSessionTest : public testing::Test {
 protected:
  static LanguageConfig config() {
    LanguageConfig config;
    config.numHiddenLayers = 1;
    config.kvLoraRank = 2;
    config.qkRopeHeadDim = 2;
    return config;
  }
  void hold(const std::vector<PromptPosition>& prompt) {
    session_.cache().advance(prompt.size());
    session_.append(prompt);
  }
  KvSession session_{config(), 32, Precision::Exact};
};

TEST_F(KvSessionTest, KeepsTheCommonBeginningOnly) {
  EXPECT_EQ(session_.reuse(positions({1, 2})), 0u);
  hold(positions({1, 2, 3, 4}));
  EXPECT_EQ(session_.reuse(positions({1, 2, 9, 4, 5})), 2u);
  EXPECT_EQ(session_.cache().length(), 2u);
}

TEST_F(KvSessionTest, AlwaysLeavesTheLastPositionToRun) {
  hold(positions({1, 2, 3}));
  EXPECT_EQ(session_.reuse(positions({1, 2, 3})), 2u);
}

TEST_F(KvSessionTest, TellsImagesApartByContentAndRow) {
  Prompt prompt{.ids = {7, 9, 9, 8, 8}, .images = {{1, 2}}};
  const std::vector<ImageSource> one(1, ImageSource{.tokens = 2, .fingerprint = 111});
  const std::vector<ImageSource> other(1, ImageSource{.tokens = 2, .fingerprint = 222});
  hold(positionsOf(prompt, one));
  EXPECT_EQ(session_.reuse(positionsOf(prompt, other)), 1u);
}

class AnswerStreamTest : public testing::Test {
 protected:
  void SetUp() override {
    Result<Tokenizer> tokenizer =
        Tokenizer::load(test::checkpoint("micro-tiny"), "<image>", "<｜▁pad▁｜>");
    ASSERT_TRUE(tokenizer) << tokenizer.error().what;
    tokenizer_ = std::make_unique<Tokenizer>(std::move(tokenizer).value());
  }
  GenerateSummary run(const std::string& text, std::optional<std::size_t> image) {
    const GenerateCallbacks on = recorder_.callbacks();
    AnswerStream stream(*tokenizer_, on, image, {1998, 999});
    for (const TokenId id : tokenizer_->encode(text, SpecialsPolicy::GroundingOnly)) {
      stream.push(id);
    }
    GenerateSummary summary;
    stream.finish(summary);
    return summary;
  }
  std::unique_ptr<Tokenizer> tokenizer_;
  test::Recorder recorder_;
};

TEST_F(AnswerStreamTest, HandsOutEachBoxOnceInPixelsOfItsImage) {
  const std::string raw =
      "See <|ref|>the 红 box<|/ref|><|det|>[[0, 100, 999, 200], [1, 2, 3, 4]]<|/det|>!";
  const GenerateSummary summary = run(raw, 3);
  EXPECT_EQ(summary.raw, raw);
  EXPECT_EQ(summary.text, "See the 红 box!");
  ASSERT_EQ(summary.boxes.size(), 2u);
  EXPECT_EQ(recorder_.boxes, summary.boxes);
  EXPECT_EQ(summary.boxes[0].label, "the 红 box");
  EXPECT_EQ(summary.boxes[0].image, 3u);
  EXPECT_EQ(summary.boxes[0].pixels, (PixelBox{0, 100, 1998, 200}));
  EXPECT_TRUE(summary.warnings.empty());
}

TEST_F(AnswerStreamTest, KeepsGoodBoxesAndReportsBadOnes) {
  const GenerateSummary summary =
      run("<|ref|>a<|/ref|><|det|>[[1, 2, 3, 4], [5, x, 7, 8]]<|/det|>", 0);
  EXPECT_EQ(summary.boxes.size(), 1u);
  EXPECT_FALSE(summary.warnings.empty());
}

TEST_F(AnswerStreamTest, BoxesWithoutAnImageAreAWarning) {
  const GenerateSummary summary = run("<|ref|>a<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>", {});
  EXPECT_TRUE(summary.boxes.empty());
  EXPECT_TRUE(recorder_.boxes.empty());
  EXPECT_EQ(summary.warnings.size(), 1u);
}

TEST_F(AnswerStreamTest, HalfACodePointIsNotStreamed) {
  const std::vector<TokenId> ids = tokenizer_->encode("𝔘", SpecialsPolicy::GroundingOnly);
  ASSERT_GT(ids.size(), 1u) << "the character is meant to take several tokens";
  const GenerateCallbacks on = recorder_.callbacks();
  AnswerStream stream(*tokenizer_, on, std::nullopt, {});
  for (std::size_t i = 0; i + 1 < ids.size(); ++i) stream.push(ids[i]);
  EXPECT_EQ(recorder_.text, "");
  stream.push(ids.back());
  EXPECT_EQ(recorder_.text, "𝔘");
}

}  // namespace
}  // namespace vl
