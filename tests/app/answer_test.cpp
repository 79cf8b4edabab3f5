#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>

#include "tests/app/vl2_process.h"

namespace vl::test {
namespace {

using nlohmann::json;

// The product promises 200 ms; a loaded machine and sanitizers take their part.
constexpr std::chrono::seconds kInterruptBound{3};

Words ask(Words more) {
  Words words{"ask", "--model", microModel(), "--temperature", "0"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

void expectAnswerKeys(const json& answer) {
  for (const char* key : {"text", "raw", "stop_reason"})
    EXPECT_TRUE(answer[key].is_string()) << key;
  for (const char* key : {"boxes", "warnings"}) EXPECT_TRUE(answer[key].is_array()) << key;
  for (const char* key : {"prompt_tokens", "image_tokens", "completion_tokens"}) {
    EXPECT_TRUE(answer["usage"][key].is_number_unsigned()) << key;
  }
  for (const char* key : {"load_ms", "image_ms", "vision_ms", "tiles", "prefill_ms", "ttft_ms",
                          "decode_ms", "tokens_per_s"}) {
    EXPECT_TRUE(answer["timings"][key].is_number()) << key;
  }
}

TEST(Ask, JsonHasEveryKey) {
  const Finished run = runVl2(
      ask({"--json", "--max-tokens", "5", "--image", goldenImage(), "Describe this image."}));
  ASSERT_EQ(run.exitCode, 0) << run.err;
  const json answer = jsonOf(run);
  expectAnswerKeys(answer);
  EXPECT_EQ(answer["usage"]["image_tokens"], 617);
  EXPECT_EQ(answer["usage"]["completion_tokens"], 5);
  EXPECT_EQ(answer["timings"]["tiles"], 3);
  EXPECT_EQ(answer["stop_reason"], "token_limit");
}

TEST(Ask, TextOnStdoutIsTheAnswerOfJson) {
  const Finished text = runVl2(ask({"--max-tokens", "8", "hello"}));
  ASSERT_EQ(text.exitCode, 0) << text.err;
  const json answer = jsonOf(runVl2(ask({"--max-tokens", "8", "--json", "hello"})));
  EXPECT_EQ(text.out, answer["text"].get<std::string>() + '\n');
}

TEST(Ask, BoxesComeInTheFormatsOfOtherPrograms) {
  const auto boxes = [](const char* format) {
    return runVl2(ask({"--max-tokens", "3", "--image", goldenImage(), "--boxes", format, "hello"}));
  };
  const json coco = jsonOf(boxes("coco"));
  ASSERT_EQ(coco["images"].size(), 1u);
  EXPECT_EQ(coco["images"][0]["file_name"],
            std::filesystem::path(goldenImage()).filename().string());
  EXPECT_TRUE(coco["annotations"].empty());
  EXPECT_TRUE(jsonOf(boxes("labelme"))["shapes"].empty());
  EXPECT_EQ(boxes("csv").out, "image,width,height,label,x1,y1,x2,y2\r\n");
  EXPECT_EQ(boxes("odd").exitCode, 2);
  EXPECT_EQ(runVl2(ask({"--boxes", "coco", "hello"})).exitCode, 2);  // no image
}

TEST(Ask, PromptFromStdinIsThePrompt) {
  const Finished typed = runVl2(ask({"--max-tokens", "8", "What is this?"}));
  const Finished piped = runVl2(ask({"--max-tokens", "8", "-"}), "What is this?\n");
  EXPECT_EQ(piped.exitCode, 0) << piped.err;
  EXPECT_EQ(piped.out, typed.out);
}

TEST(Ask, TheSameSeedGivesTheSameAnswer) {
  const Words words{"ask", "--model", microModel(), "--temperature", "1.5", "--top-p",
                    "1",   "--seed",  "7",          "--max-tokens",  "12",  "hello"};
  const Finished first = runVl2(words);
  EXPECT_EQ(first.exitCode, 0) << first.err;
  EXPECT_NE(first.err.find("seed 7"), std::string::npos) << first.err;
  EXPECT_EQ(runVl2(words).out, first.out);
}

TEST(Ask, AnnotatedImageIsWritten) {
  const ScratchFolder scratch;
  const std::filesystem::path target = scratch / "boxes.png";
  const Finished run = runVl2(
      ask({"--max-tokens", "2", "--image", goldenImage(), "--annotate", target.string(), "hello"}));
  ASSERT_EQ(run.exitCode, 0) << run.err;
  const json tiles = jsonOf(runVl2({"tiles", "--json", "--model", microModel(), target.string()}));
  EXPECT_EQ(tiles[0]["width"], 500);
  EXPECT_EQ(tiles[0]["height"], 300);
  const Finished nowhere = runVl2(
      ask({"--image", goldenImage(), "--annotate", (scratch / "no/out.png").string(), "hello"}));
  EXPECT_EQ(nowhere.exitCode, 3);
}

TEST(Ask, BadInputIsExitThree) {
  const ScratchFolder scratch;
  writeFile(scratch / "broken.png", "\x89PNG\r\n\x1a\n");
  for (const std::string name : {"missing.png", "broken.png"}) {
    const Finished run = runVl2(ask({"--image", (scratch / name).string(), "hello"}));
    EXPECT_EQ(run.exitCode, 3) << name;
    EXPECT_NE(run.err.find(name), std::string::npos) << run.err;
  }
  std::string tooLong;
  for (int i = 0; i < 5000; ++i) tooLong += "1 ";
  const Finished run = runVl2(ask({"-"}), tooLong);
  EXPECT_EQ(run.exitCode, 3);
  EXPECT_NE(run.err.find("4096"), std::string::npos) << run.err;
}

TEST(Ground, AsksTheOfficialFormGreedily) {
  const Words common{"--model",     microModel(),   "--json", "--image",
                     goldenImage(), "--max-tokens", "6"};
  Words ground{"ground", "the red box"};
  Words asked{"ask", "--temperature", "0", "<|ref|>the red box<|/ref|>"};
  ground.insert(ground.end(), common.begin(), common.end());
  asked.insert(asked.end(), common.begin(), common.end());
  const json found = jsonOf(runVl2(ground));
  expectAnswerKeys(found);
  EXPECT_EQ(found["raw"], jsonOf(runVl2(asked))["raw"]);
}

TEST(Ocr, ReadsFileAfterFileAndReportsTheBadOnes) {
  const std::string good = goldenImage("noise_64x64_s7.png");
  const Words words{"ocr", "--model", microModel(), "--max-tokens", "3", good, "no.png", good};
  const Finished text = runVl2(words);
  EXPECT_EQ(text.exitCode, 3);
  const std::string header = "==> " + good + " <==\n";
  EXPECT_EQ(text.out.find(header), 0u) << text.out;
  EXPECT_NE(text.out.rfind(header), 0u) << text.out;
  EXPECT_NE(text.err.find("no.png"), std::string::npos) << text.err;

  Words asJson = words;
  asJson.insert(asJson.begin() + 1, "--json");
  const Finished run = runVl2(asJson);
  EXPECT_EQ(run.exitCode, 3);
  const json list = jsonOf(run);
  ASSERT_EQ(list.size(), 3u);
  expectAnswerKeys(list[0]);
  EXPECT_EQ(list[0]["file"], good);
  EXPECT_EQ(list[1]["file"], "no.png");
  EXPECT_TRUE(list[1]["error"].is_string());
  EXPECT_EQ(list[2]["raw"], list[0]["raw"]);
}

TEST(Interrupt, KeepsThePartialAnswer) {
  Vl2Process process(ask({"--max-tokens", "4000", "hello"}));
  ASSERT_TRUE(process.waitForOut(""));
  const auto start = std::chrono::steady_clock::now();
  process.signal(SIGINT);
  const Finished run = process.finish();
  EXPECT_LT(std::chrono::steady_clock::now() - start, kInterruptBound);
  EXPECT_EQ(run.exitCode, 130) << run.err;
  EXPECT_GT(run.out.size(), 1u);
  const Finished whole = runVl2(ask({"--max-tokens", "12", "hello"}));
  const std::size_t common = std::min(run.out.size(), whole.out.size()) - 1;  // before line breaks
  EXPECT_EQ(run.out.substr(0, common), whole.out.substr(0, common));
}

TEST(Interrupt, StillWritesJson) {
  Vl2Process process(ask({"--max-tokens", "4000", "--json", "hello"}));
  ASSERT_TRUE(process.waitForErr("answer token"));
  process.signal(SIGINT);
  const Finished run = process.finish();
  EXPECT_EQ(run.exitCode, 130) << run.err;
  const json answer = jsonOf(run);
  expectAnswerKeys(answer);
  EXPECT_EQ(answer["stop_reason"], "cancelled");
  EXPECT_GE(answer["usage"]["completion_tokens"], 1u);
}

TEST(Interrupt, EndsOcrWithWhatWasRead) {
  const std::string image = goldenImage("noise_64x64_s7.png");
  Vl2Process process({"ocr", "--model", microModel(), "--json", image, image, image});
  ASSERT_TRUE(process.waitForErr("answer token"));
  process.signal(SIGINT);
  const Finished run = process.finish();
  EXPECT_EQ(run.exitCode, 130) << run.err;
  EXPECT_EQ(jsonOf(run).back()["stop_reason"], "cancelled");
}

TEST(Answer, FeaturesAreKeptForTheNextRunUnlessThatIsSwitchedOff) {
  const ScratchFolder scratch;
  const Environment environment{{"XDG_CACHE_HOME", (scratch / "cache").string()}};
  const auto tilesOf = [&](const Words& options) {
    Words words{
        "ask",    "--model",       microModel(), "--image", goldenImage(), "--max-tokens", "4",
        "--json", "--temperature", "0",          "?"};
    words.insert(words.end(), options.begin(), options.end());
    Vl2Process process(words, environment);
    const Finished run = process.finish();
    EXPECT_EQ(run.exitCode, 0) << run.err;
    const nlohmann::json answer = jsonOf(run);
    return std::pair(answer["timings"]["tiles"].get<int>(), answer["raw"].get<std::string>());
  };
  const auto cache = [&](const Words& options) {
    Words words{"cache", "--json"};
    words.insert(words.end(), options.begin(), options.end());
    Vl2Process process(words, environment);
    return jsonOf(process.finish());
  };

  const auto off = tilesOf({"--no-cache"});
  EXPECT_EQ(off.first, 3);
  EXPECT_EQ(cache({})["files"], 0);
  EXPECT_EQ(tilesOf({}), off);
  EXPECT_EQ(cache({})["files"], 1);
  EXPECT_GT(cache({})["bytes"], 617 * 80 * 4);  // tokens, hidden size, F32
  EXPECT_EQ(tilesOf({}), std::pair(0, off.second));
  EXPECT_EQ(tilesOf({"--no-cache"}), off);
  EXPECT_EQ(cache({"--clear"})["files"], 0);
  EXPECT_EQ(tilesOf({}), off);
}

}  // namespace
}  // namespace vl::test
