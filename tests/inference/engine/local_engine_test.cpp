#include "inference/engine/local_engine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/inference/engine/engine_fixture.h"

namespace vl {
namespace {

using test::greedyRequest;
using test::loadEngine;
using test::picture;
using test::Recorder;

TEST(LocalEngine, StreamsWhatTheSummarySaysAndReportsStagesInOrder) {
  const auto engine = loadEngine("micro-tiny");
  Recorder recorder;
  const auto summary =
      engine->generate(greedyRequest({userMessage({picture("rings_500x300.png")}, "What is it?")}),
                       recorder.callbacks(), {});
  ASSERT_TRUE(summary) << summary.error().what;
  EXPECT_FALSE(summary->raw.empty());
  EXPECT_EQ(recorder.text, summary->raw);
  EXPECT_EQ(summary->usage.completionTokens, 8u);
  EXPECT_EQ(summary->stopReason, StopReason::TokenLimit);
  EXPECT_EQ(summary->usage.imageTokens, 617u);  // 2 x 1 tiles, SPEC section 3.5
  EXPECT_EQ(summary->timings.tiles, 3u);
  ASSERT_EQ(summary->images.size(), 1u);
  EXPECT_EQ(summary->images[0], (ImageSize{500, 300}));

  std::vector<Stage> stages;
  for (const StageProgress& p : recorder.progress) {
    EXPECT_LE(p.done, p.total);
    if (stages.empty() || stages.back() != p.stage) stages.push_back(p.stage);
  }
  EXPECT_EQ(stages, (std::vector<Stage>{Stage::DecodeImages, Stage::EncodeTiles, Stage::Prefill,
                                        Stage::Decode}));
}

TEST(LocalEngine, FollowUpEncodesNoTileAndPrefillsOnlyWhatIsNewWithTheResultOfAColdRun) {
  for (const std::string name : {"micro-tiny", "micro-small", "micro-base"}) {
    SCOPED_TRACE(name);
    const auto warm = loadEngine(name);
    std::vector<ChatMessage> conversation{
        userMessage({picture("rings_500x300.png")}, "What is it?")};
    const auto first = warm->generate(greedyRequest(conversation), {}, {});
    ASSERT_TRUE(first) << first.error().what;
    conversation.push_back(textMessage(ChatRole::Assistant, "A ring."));
    conversation.push_back(textMessage(ChatRole::User, "Which colour?"));
    const auto second = warm->generate(greedyRequest(conversation), {}, {});
    ASSERT_TRUE(second) << second.error().what;
    EXPECT_EQ(second->timings.tiles, 0u);
    EXPECT_GE(second->usage.reusedTokens, first->usage.promptTokens);
    EXPECT_LT(second->usage.reusedTokens, second->usage.promptTokens);

    const auto cold = loadEngine(name)->generate(greedyRequest(conversation), {}, {});
    ASSERT_TRUE(cold) << cold.error().what;
    EXPECT_EQ(cold->usage.reusedTokens, 0u);
    EXPECT_EQ(second->raw, cold->raw);
  }
}

TEST(LocalEngine, AnotherPictureInTheSamePlaceIsNotReused) {
  const auto engine = loadEngine("micro-small");
  const auto ask = [&](LocalEngine& with, const std::string& file) {
    return with.generate(greedyRequest({userMessage({picture(file)}, "What is it?")}), {}, {});
  };
  ASSERT_TRUE(ask(*engine, "checker_200x90_c13.png"));
  const auto warm = ask(*engine, "noise_64x64_s7.png");
  ASSERT_TRUE(warm) << warm.error().what;
  EXPECT_GT(warm->timings.tiles, 0u);
  const auto cold = ask(*loadEngine("micro-small"), "noise_64x64_s7.png");
  ASSERT_TRUE(cold) << cold.error().what;
  EXPECT_EQ(warm->raw, cold->raw);
}

TEST(LocalEngine, ThirdImageSwitchesTilingOffForAll) {
  const auto engine = loadEngine("micro-tiny");
  const auto image = picture("rings_500x300.png");
  const auto two = engine->generate(greedyRequest({userMessage({image, image}, "?")}), {}, {});
  const auto three =
      engine->generate(greedyRequest({userMessage({image, image, image}, "?")}), {}, {});
  ASSERT_TRUE(two) << two.error().what;
  ASSERT_TRUE(three) << three.error().what;
  EXPECT_EQ(two->usage.imageTokens, 2u * 617);
  EXPECT_EQ(three->usage.imageTokens, 3u * 421);
  EXPECT_EQ(three->timings.tiles, 1u);  // one file three times, global view only
}

TEST(LocalEngine, TilingCanBeSwitchedOff) {
  const auto engine = loadEngine("micro-tiny");
  GenerateRequest request = greedyRequest({userMessage({picture("rings_500x300.png")}, "?")});
  request.tiling = false;
  const auto untiled = engine->generate(request, {}, {});
  ASSERT_TRUE(untiled) << untiled.error().what;
  EXPECT_EQ(untiled->usage.imageTokens, 421u);
  EXPECT_EQ(untiled->timings.tiles, 1u);
}

TEST(LocalEngine, TypedControlTokensAreTextUnlessRawSpecialsAreAskedFor) {
  const auto engine = loadEngine("micro-tiny");
  GenerateRequest request =
      greedyRequest({textMessage(ChatRole::User, "a<｜end▁of▁sentence｜><|User|>b")});
  const auto literal = engine->generate(request, {}, {});
  request.rawSpecials = true;
  const auto raw = engine->generate(request, {}, {});
  ASSERT_TRUE(literal) << literal.error().what;
  ASSERT_TRUE(raw) << raw.error().what;
  EXPECT_GT(literal->usage.promptTokens, raw->usage.promptTokens + 4);
}

TEST(LocalEngine, SameSeedGivesTheSameSampledAnswer) {
  const auto engine = loadEngine("micro-base");
  GenerateRequest request = greedyRequest({textMessage(ChatRole::User, "Tell me.")}, 16);
  request.sampling = {.temperature = 1.5, .topP = 1.0, .seed = 11};
  const auto first = engine->generate(request, {}, {});
  const auto second = engine->generate(request, {}, {});
  request.sampling.seed = 12;
  const auto third = engine->generate(request, {}, {});
  ASSERT_TRUE(first && second && third);
  EXPECT_EQ(first->raw, second->raw);
  EXPECT_NE(first->raw, third->raw);
  EXPECT_EQ(first->seed, 11u);
}

TEST(LocalEngine, RefusesAConversationThatLeavesNoRoomAndSaysWhatTakesIt) {
  const auto engine = loadEngine("micro-tiny");
  std::string text;
  for (int i = 0; i < 2500; ++i) text += "stone ";
  const auto image = picture("rings_500x300.png");
  const auto refused = engine->generate(greedyRequest({userMessage({image, image}, text)}), {}, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::ContextFull);
  EXPECT_NE(refused.error().what.find("images 1234: 617, 617"), std::string::npos)
      << refused.error().what;
  EXPECT_NE(refused.error().what.find("4096"), std::string::npos) << refused.error().what;
}

TEST(LocalEngine, StopsWhereTheContextEnds) {
  const auto engine = loadEngine("micro-tiny");
  const auto promptTokens = [&](const std::string& text) {
    GenerateRequest request = greedyRequest({textMessage(ChatRole::User, text)}, 0);
    const auto summary = engine->generate(request, {}, {});
    EXPECT_TRUE(summary) << summary.error().what;
    return summary ? summary->usage.promptTokens : engine->contextTokens();
  };
  std::string text;
  for (int i = 0; i < 100; ++i) text += "stone ";
  const std::size_t perHundredWords = promptTokens(text + text) - promptTokens(text);
  std::string longText;
  for (std::size_t used = perHundredWords; used < engine->contextTokens() - perHundredWords;
       used += perHundredWords) {
    longText += text;
  }
  const std::size_t room = engine->contextTokens() - promptTokens(longText);
  // Random weights rarely end by themselves; the limit is what must stop it.
  const auto filled =
      engine->generate(greedyRequest({textMessage(ChatRole::User, longText)}, room + 1), {}, {});
  ASSERT_TRUE(filled) << filled.error().what;
  ASSERT_NE(filled->stopReason, StopReason::EndOfSequence) << "choose another text";
  EXPECT_EQ(filled->stopReason, StopReason::ContextFull);
  EXPECT_EQ(filled->usage.completionTokens, room);
}

TEST(LocalEngine, CancelDuringAnyStageKeepsWhatThereIsAndTheNextAnswerIsRight) {
  const auto question = userMessage({picture("rings_500x300.png")}, "What is it?");
  const auto expected = loadEngine("micro-small")->generate(greedyRequest({question}), {}, {});
  ASSERT_TRUE(expected) << expected.error().what;
  for (const Stage stage :
       {Stage::DecodeImages, Stage::EncodeTiles, Stage::Prefill, Stage::Decode}) {
    const auto engine = loadEngine("micro-small", 64);
    std::stop_source stop;
    GenerateCallbacks on;
    on.progress = [&](const StageProgress& p) {
      if (p.stage == stage) stop.request_stop();
    };
    const auto cancelled = engine->generate(greedyRequest({question}), on, stop.get_token());
    ASSERT_TRUE(cancelled) << cancelled.error().what;
    EXPECT_EQ(cancelled->stopReason, StopReason::Cancelled);
    EXPECT_EQ(cancelled->usage.completionTokens, stage == Stage::Decode ? 1u : 0u);
    const auto next = engine->generate(greedyRequest({question}), {}, {});
    ASSERT_TRUE(next) << next.error().what;
    EXPECT_EQ(next->raw, expected->raw);
  }
}

TEST(LocalEngine, BadImagesAreErrorsAndTheEngineGoesOn) {
  const auto engine = loadEngine("micro-tiny");
  const auto folder = std::filesystem::temp_directory_path();
  const auto notAnImage = folder / "vl-engine-test-not-an-image.png";
  std::ofstream(notAnImage) << "no picture";
  const auto ask = [&](const std::filesystem::path& path) {
    return engine->generate(greedyRequest({userMessage({path}, "?")}), {}, {});
  };
  const auto missing = ask(folder / "vl-engine-test-missing.png");
  const auto broken = ask(notAnImage);
  const auto directory = ask(folder);
  std::filesystem::resize_file(notAnImage, std::uintmax_t{1} << 36);  // sparse; a film, say
  const auto film = ask(notAnImage);
  std::filesystem::remove(notAnImage);
  ASSERT_FALSE(film);
  EXPECT_EQ(film.error().code, ErrorCode::Unsupported) << film.error().what;
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::NotFound);
  ASSERT_FALSE(broken);
  EXPECT_NE(broken.error().what.find(notAnImage.string()), std::string::npos);
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().code, ErrorCode::Io);
  EXPECT_TRUE(ask(picture("noise_64x64_s7.png")));
}

TEST(LocalEngine, RefusesAnEmptyConversationAndAMisplacedSystemMessage) {
  const auto engine = loadEngine("micro-tiny");
  const auto empty = engine->generate(greedyRequest({}), {}, {});
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code, ErrorCode::InvalidArgument);
  const auto late = engine->generate(
      greedyRequest({textMessage(ChatRole::User, "a"), textMessage(ChatRole::System, "b")}), {},
      {});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::InvalidArgument);
}

TEST(LocalEngine, ContinuesAnAnswerThatWasStopped) {
  const auto engine = loadEngine("micro-base");
  const auto question = textMessage(ChatRole::User, "Tell me about rings.");
  const auto whole = engine->generate(greedyRequest({question}, 12), {}, {});
  ASSERT_TRUE(whole) << whole.error().what;
  const auto rest = engine->generate(
      greedyRequest({question, textMessage(ChatRole::Assistant, "Rings are")}), {}, {});
  ASSERT_TRUE(rest) << rest.error().what;
  EXPECT_EQ(rest->usage.completionTokens, 8u);
  EXPECT_GT(rest->usage.promptTokens, whole->usage.promptTokens);
}

/// An engine that keeps features in the folder.
std::unique_ptr<LocalEngine> loadWithCache(const std::string& name,
                                           const std::filesystem::path& folder) {
  auto engine =
      LocalEngine::load({.folder = test::checkpoint(name), .threads = 2, .featureFolder = folder});
  return engine ? std::move(engine).value() : nullptr;
}

TEST(LocalEngine, AnswersTheSameFromTheFeaturesOfAnEarlierRunOfTheSameModel) {
  const test::ScratchFolder scratch;
  const auto request = greedyRequest({userMessage({picture("rings_500x300.png")}, "What is it?")});
  const auto plain = loadEngine("micro-small")->generate(request, {}, {});
  const auto first = loadWithCache("micro-small", scratch.path())->generate(request, {}, {});
  const auto second = loadWithCache("micro-small", scratch.path())->generate(request, {}, {});
  const auto other = loadWithCache("micro-base", scratch.path())->generate(request, {}, {});
  ASSERT_TRUE(plain && first && second && other);
  EXPECT_EQ(first->timings.tiles, 3u);
  EXPECT_EQ(first->raw, plain->raw);
  EXPECT_EQ(second->timings.tiles, 0u);
  EXPECT_EQ(second->raw, plain->raw);
  EXPECT_EQ(other->timings.tiles, 3u);
}

TEST(LocalEngine, TilesAndOrientationAreOthersOfTheSamePicture) {
  const test::ScratchFolder scratch;
  const auto image = picture("rings_500x300.png");
  GenerateRequest request = greedyRequest({userMessage({image}, "?")});
  ASSERT_TRUE(loadWithCache("micro-tiny", scratch.path())->generate(request, {}, {}));
  request.rawSpecials = true;
  const auto asStored = loadWithCache("micro-tiny", scratch.path())->generate(request, {}, {});
  const auto untiled =
      loadWithCache("micro-tiny", scratch.path())
          ->generate(greedyRequest({userMessage({image, image, image}, "?")}), {}, {});
  ASSERT_TRUE(asStored && untiled);
  EXPECT_EQ(asStored->timings.tiles, 3u);
  EXPECT_EQ(untiled->timings.tiles, 1u);
}

TEST(LocalEngine, RemembersPicturesOfEarlierConversations) {
  const auto engine = loadEngine("micro-tiny");
  const auto tilesOf = [&](const std::string& file) {
    const auto summary =
        engine->generate(greedyRequest({userMessage({picture(file)}, "?")}), {}, {});
    EXPECT_TRUE(summary) << summary.error().what;
    return summary ? summary->timings.tiles : 0;
  };
  EXPECT_EQ(tilesOf("rings_500x300.png"), 3u);
  EXPECT_EQ(tilesOf("noise_64x64_s7.png"), 1u);
  EXPECT_EQ(tilesOf("rings_500x300.png"), 0u);
}

TEST(LocalEngine, RunsTokensThatAreGivenAndKeepsThem) {
  const auto engine = loadEngine("micro-small", 4);
  const std::vector<TokenId> prompt{0, 11, 12, 13, 14, 15, 16};
  const std::vector<TokenId> answer{17, 18};
  const auto first = engine->runTokens(prompt, answer, {});
  ASSERT_TRUE(first) << first.error().what;
  EXPECT_EQ(first->reusedTokens, 0u);
  EXPECT_GT(first->prefillMs, 0);
  EXPECT_GT(first->decodeMs, 0);
  std::vector<TokenId> longer = prompt;
  longer.insert(longer.end(), {17, 18, 19});
  const auto second = engine->runTokens(longer, {}, {});
  ASSERT_TRUE(second) << second.error().what;
  EXPECT_EQ(second->reusedTokens, prompt.size() + answer.size());
}

TEST(LocalEngine, RunsNoTokensThatAreWrongOrTooMany) {
  const auto engine = loadEngine("micro-tiny");
  const auto codeOf = [&](const std::vector<TokenId>& prompt, const std::vector<TokenId>& answer,
                          const std::stop_token& stop = {}) {
    const auto run = engine->runTokens(prompt, answer, stop);
    return run ? ErrorCode::Internal : run.error().code;
  };
  const std::size_t context = engine->contextTokens();
  EXPECT_EQ(codeOf({}, {1}), ErrorCode::InvalidArgument);
  EXPECT_EQ(codeOf({-1}, {}), ErrorCode::InvalidArgument);
  EXPECT_EQ(codeOf({1}, {1 << 20}), ErrorCode::InvalidArgument);
  EXPECT_EQ(codeOf(std::vector<TokenId>(context + 1, 1), {}), ErrorCode::ContextFull);
  EXPECT_EQ(codeOf({1, 2}, std::vector<TokenId>(context - 1, 1)), ErrorCode::ContextFull);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(codeOf({1}, {}, stop.get_token()), ErrorCode::Cancelled);
}

TEST(LocalEngine, LoadingWhatIsNotThereOrTooLargeIsAClearError) {
  const auto missing = LocalEngine::load({.folder = "/nonexistent/model"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::NotFound);

  std::stop_source stop;
  stop.request_stop();
  const auto cancelled =
      LocalEngine::load({.folder = test::checkpoint("micro-tiny")}, stop.get_token());
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace vl
