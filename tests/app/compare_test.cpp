#include <gtest/gtest.h>

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

Words compare(const std::string& model, Words more = {}) {
  Words words{"compare", "--model",   model, "--reference", microModel(), "--max-tokens",
              "2",       "--threads", "1"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST(Compare, AModelIsNoDifferentFromItself) {
  const Finished run = runVl2(compare(microModel(), {"--json", "--exact"}));
  ASSERT_EQ(run.exitCode, 0) << run.err;
  const json found = jsonOf(run);
  EXPECT_GT(found["prompts"], 10);
  for (const char* part : {"all", "answer", "prompt"}) {
    const json& scores = found[part];
    EXPECT_GT(scores["places"], 20) << part;
    EXPECT_EQ(scores["kl_mean"], 0) << part;
    EXPECT_EQ(scores["kl_p99"], 0) << part;
    EXPECT_EQ(scores["top1_agreement"], 1) << part;
    EXPECT_TRUE(scores["sure_places"].is_number_unsigned()) << part;
    EXPECT_TRUE(scores.contains("sure_top1_agreement")) << part;
  }
  EXPECT_EQ(found["all"]["places"], found["answer"]["places"].get<std::size_t>() +
                                        found["prompt"]["places"].get<std::size_t>());
  EXPECT_EQ(found["projector_relative_rms"], 0);
  ASSERT_EQ(found["images"].size(), 3u);  // each sample once
  for (const json& image : found["images"]) EXPECT_EQ(image["relative_rms"], 0);
}

TEST(Compare, SeesAConvertedModelAndAsksASuite) {
  const ScratchFolder scratch;
  const std::string converted = (scratch / "q4").string();
  ASSERT_EQ(runVl2({"convert", microModel(), converted, "--type", "q4"}).exitCode, 0);
  json items = json::array();
  for (int i = 0; i < 5; ++i) {
    items.push_back({{"id", std::to_string(i)},
                     {"category", "c"},
                     {"question", "How are you?"},
                     {"metric", "exact"},
                     {"answer", "Fine."}});
  }
  writeFile(scratch / "suite.json", json{{"items", items}}.dump());
  const std::string suite = (scratch / "suite.json").string();
  const json less =
      jsonOf(runVl2(compare(converted, {"--json", "--exact", "--suite", suite, "--limit", "2"})));
  EXPECT_GT(less["all"]["kl_mean"], 0);
  EXPECT_GE(less["all"]["kl_p99"], less["all"]["kl_mean"]);
  EXPECT_LT(less["all"]["top1_agreement"], 1);
  const Finished text = runVl2(compare(converted, {"--suite", suite}));
  EXPECT_EQ(text.exitCode, 0) << text.err;
  EXPECT_NE(text.out.find("projector output: relative RMS"), std::string::npos) << text.out;
}

TEST(Compare, ModelsWithOtherTokensAreExitThree) {
  const Finished run = runVl2(compare(microModel("micro-base")));
  EXPECT_EQ(run.exitCode, 3);
  EXPECT_NE(run.err.find("cannot be compared"), std::string::npos) << run.err;
  EXPECT_EQ(runVl2(compare("/nonexistent")).exitCode, 3);
}

TEST(Compare, CtrlCEndsIt) {
  Vl2Process process(compare(microModel()));
  ASSERT_TRUE(process.waitForErr("prompt 1 of"));
  const auto start = std::chrono::steady_clock::now();
  process.signal(SIGINT);
  const Finished run = process.finish();
  EXPECT_LT(std::chrono::steady_clock::now() - start, kInterruptBound);
  EXPECT_EQ(run.exitCode, 130) << run.err;
  EXPECT_EQ(run.out, "");
}

}  // namespace
}  // namespace vl::test
