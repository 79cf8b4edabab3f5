// LocalEngine::score() and project(): what comparing two models is built on.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/inference/engine/engine_fixture.h"

namespace vl {
namespace {

using test::loadEngine;
using test::picture;

constexpr float kChunkBound = 1e-3F;  // tests/data/README.md: incremental and one-shot prefill

using Rows = std::vector<std::vector<float>>;

struct Scored {
  ScoredText text;
  Rows rows;
};

std::vector<ChatMessage> question() {
  return {userMessage({picture("noise_64x64_s7.png")}, "What is in this picture?")};
}

Scored score(LocalEngine& engine, std::optional<std::vector<TokenId>> answer = {}) {
  Scored scored;
  const ScoreRequest request{
      .conversation = question(), .answer = std::move(answer), .maxTokens = 5};
  Result<ScoredText> text = engine.score(request,
                                         [&](std::span<const float> logits) {
                                           scored.rows.emplace_back(logits.begin(), logits.end());
                                         },
                                         {});
  if (!text) {
    ADD_FAILURE() << text.error().what;
    return scored;
  }
  scored.text = std::move(*text);
  return scored;
}

TokenId bestOf(const std::vector<float>& logits) {
  return static_cast<TokenId>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

void expectNear(const Rows& a, const Rows& b, float bound) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t r = 0; r < a.size(); ++r) {
    ASSERT_EQ(a[r].size(), b[r].size());
    for (std::size_t i = 0; i < a[r].size(); ++i) {
      ASSERT_NEAR(a[r][i], b[r][i], bound) << "row " << r << ", token " << i;
    }
  }
}

TEST(Scoring, OwnAnswerIsTheGreedyOneAndHasARowForEachToken) {
  const auto engine = loadEngine("micro-tiny");
  ASSERT_NE(engine, nullptr);
  const Scored scored = score(*engine);
  const auto traced = engine->trace(question(), 5, {});
  ASSERT_TRUE(traced);
  ASSERT_EQ(scored.text.answer.size(), 5u);  // random weights do not end the sentence
  ASSERT_EQ(scored.rows.size(), scored.text.promptPlaces + 6);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(scored.text.answer[i], traced->steps[i].id);
    EXPECT_EQ(scored.text.answer[i], bestOf(scored.rows[scored.text.promptPlaces + i]));
  }
  EXPECT_EQ(scored.text.promptIds, traced->inputIds);
}

TEST(Scoring, PromptPlacesAreThoseBeforeText) {
  const auto engine = loadEngine("micro-tiny");
  ASSERT_NE(engine, nullptr);
  const Scored scored = score(*engine);
  std::size_t text = 0;
  const TokenId image = engine->tokenizer().specials().image;
  for (const TokenId id : scored.text.promptIds) text += id == image ? 0 : 1;
  EXPECT_EQ(scored.text.promptPlaces, text - 1);  // nothing comes before the first token
}

TEST(Scoring, AGivenAnswerIsFollowed) {
  const auto engine = loadEngine("micro-small");
  ASSERT_NE(engine, nullptr);
  const Scored own = score(*engine);
  const Scored followed = score(*engine, own.text.answer);
  EXPECT_EQ(followed.text.answer, own.text.answer);
  expectNear(followed.rows, own.rows, 0);
  std::vector<TokenId> other = own.text.answer;
  other[0] = other[0] == 7 ? 8 : 7;
  const Scored elsewhere = score(*engine, other);
  const std::size_t first = own.text.promptPlaces;
  expectNear({elsewhere.rows[first]}, {own.rows[first]}, 0);
  EXPECT_NE(elsewhere.rows[first + 1], own.rows[first + 1]);
}

TEST(Scoring, RowsDoNotDependOnThePassesOfThePrompt) {
  const auto inOnePass = loadEngine("micro-small", 2048);
  const auto inMany = loadEngine("micro-small", 7);
  ASSERT_TRUE(inOnePass && inMany);
  const Scored expected = score(*inOnePass);
  expectNear(score(*inMany, expected.text.answer).rows, expected.rows, kChunkBound);
}

TEST(Scoring, RefusesWhatCannotBeScored) {
  const auto engine = loadEngine("micro-tiny");
  ASSERT_NE(engine, nullptr);
  const auto codeOf = [&](const ScoreRequest& request, const std::stop_token& stop = {}) {
    const auto scored = engine->score(
        request, [](std::span<const float>) {}, stop);
    return scored ? ErrorCode::Internal : scored.error().code;
  };
  using Ids = std::vector<TokenId>;
  EXPECT_EQ(codeOf({.conversation = question(), .answer = Ids{-1}}), ErrorCode::InvalidArgument);
  EXPECT_EQ(codeOf({.conversation = question(), .answer = Ids{1 << 20}}),
            ErrorCode::InvalidArgument);
  EXPECT_EQ(codeOf({.conversation = question(), .answer = Ids(engine->contextTokens(), 1)}),
            ErrorCode::ContextFull);
  EXPECT_EQ(codeOf({.conversation = {userMessage({"none.png"}, "What?")}}), ErrorCode::NotFound);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(codeOf({.conversation = question()}, stop.get_token()), ErrorCode::Cancelled);
}

TEST(Projection, HasEachViewOnce) {
  const auto engine = loadEngine("micro-tiny");
  ASSERT_NE(engine, nullptr);
  const auto one = engine->project({picture("noise_64x64_s7.png")}, {});
  ASSERT_TRUE(one) << one.error().what;
  EXPECT_EQ(one->size(), 1u);  // 1 x 1: the tile is the global view
  const auto three = engine->project({picture("rings_500x300.png")}, {});
  ASSERT_TRUE(three) << three.error().what;
  ASSERT_EQ(three->size(), 3u);  // 2 x 1
  for (const Matrix& view : *three) {
    EXPECT_EQ(view.rows(), 196u);  // 14 x 14
    EXPECT_EQ(view.cols(), three->front().cols());
  }
  std::stop_source stop;
  stop.request_stop();
  const auto cancelled = engine->project({picture("rings_500x300.png")}, stop.get_token());
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().code, ErrorCode::Cancelled);
  EXPECT_FALSE(engine->project({"none.png"}, {}));
}

}  // namespace
}  // namespace vl
