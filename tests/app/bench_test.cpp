#include <gtest/gtest.h>

#include <csignal>
#include <set>
#include <string>

#include "app/cli/noise_photo.h"
#include "inference/vision/image.h"
#include "tests/app/vl2_process.h"

namespace vl::test {
namespace {

using nlohmann::json;

Words bench(const Words& options) {
  Words words{"bench", "--model", microModel()};
  words.insert(words.end(), options.begin(), options.end());
  return words;
}

// No times are compared with anything: a busy machine must not fail a test.

TEST(Bench, WritesEveryResultForEveryDepthTileAndThreadCount) {
  const Finished run =
      runVl2(bench({"--prefill", "8", "--decode", "3", "--depth", "0,16", "--tiles", "1,3",
                    "--threads", "1,2", "--repeat", "2", "--json"}));
  ASSERT_EQ(run.exitCode, 0) << run.err;
  const json found = jsonOf(run);
  for (const char* limit : {"read_gbps", "f32_gflops", "bf16_gflops", "int8_gops"}) {
    EXPECT_GT(found["machine"][limit], 0) << limit;
  }
  EXPECT_TRUE(found["machine"]["isa"].is_string());
  EXPECT_GT(found["peak_rss_bytes"], 1 << 20);

  std::multiset<std::string> names;
  for (const json& result : found["results"]) {
    const std::string name = result["name"];
    SCOPED_TRACE(result.dump());
    names.insert(name);
    EXPECT_GT(result["value"], 0);
    EXPECT_LE(result["min"], result["value"]);
    EXPECT_GE(result["max"], result["value"]);
    EXPECT_TRUE(result["threads"] == 1 || result["threads"] == 2);
    EXPECT_EQ(result["share"].is_null(), name == "load");
    if (name == "prefill" || name == "decode") {
      EXPECT_EQ(result["unit"], "tok/s");
      EXPECT_EQ(result["tokens"], name == "prefill" ? 8 : 3);
      EXPECT_TRUE(result["depth"] == 0 || result["depth"] == 16);
    } else if (name == "tile") {
      EXPECT_EQ(result["unit"], "s/tile");
      EXPECT_TRUE(result["tiles"] == 1 || result["tiles"] == 3);
    } else if (name == "first_token") {
      EXPECT_EQ(result["tiles"], 10);
      EXPECT_GT(result["tokens"], 2017);  // of the picture (SPEC section 3.5), and a question
      EXPECT_GT(result["stages_ms"]["vision"], 0);
    } else if (name == "next_question") {
      EXPECT_EQ(result["tiles"], 0);
      EXPECT_GT(result["depth"], 2017);
    }
  }
  EXPECT_EQ(names, (std::multiset<std::string>{"load", "load", "prefill", "prefill", "prefill",
                                               "prefill", "decode", "decode", "decode", "decode",
                                               "tile", "tile", "tile", "tile", "first_token",
                                               "first_token", "next_question", "next_question"}));
}

TEST(Bench, LeavesOutWhatIsSetToZeroAndTellsTheRestInWords) {
  const Finished run = runVl2(bench({"--prefill", "0", "--decode", "2", "--depth", "0", "--tiles",
                                     "0", "--repeat", "1", "--threads", "1"}));
  ASSERT_EQ(run.exitCode, 0) << run.err;
  for (const char* part : {"machine  ", "load  ", "decode  ", "1 thread,", "peak memory"}) {
    EXPECT_NE(run.out.find(part), std::string::npos) << part << run.out;
  }
  for (const char* part : {"prefill  ", "tile  ", "first_token", "1 threads"}) {
    EXPECT_EQ(run.out.find(part), std::string::npos) << part << run.out;
  }
}

TEST(Bench, RefusesWhatTheModelHasNoRoomOrGridForBeforeItLoads) {
  const Finished deep = runVl2(bench({"--depth", "0,4000", "--prefill", "97"}));
  EXPECT_EQ(deep.exitCode, 3);
  EXPECT_NE(deep.err.find("context of 4096"), std::string::npos) << deep.err;
  const Finished odd = runVl2(bench({"--tiles", "1,2"}));
  EXPECT_EQ(odd.exitCode, 3);
  EXPECT_NE(odd.err.find("it makes 1, 3, 4"), std::string::npos) << odd.err;
  EXPECT_EQ(deep.err.find("loading"), std::string::npos) << deep.err;
  EXPECT_EQ(deep.out + odd.out, "");
}

TEST(Bench, InterruptEndsIt) {
  Vl2Process process(bench({"--repeat", "1000", "--json"}));
  ASSERT_TRUE(process.waitForErr("measuring prefill"));
  process.signal(SIGINT);
  const Finished run = process.finish();
  EXPECT_EQ(run.exitCode, 130) << run.err;
  EXPECT_EQ(run.out, "");
}

TEST(NoisePhoto, IsAPictureOfThatSizeThatNoOtherSeedGives) {
  const auto photo = NoisePhoto::make(31, 7, 1);  // rows that need padding
  const auto same = NoisePhoto::make(31, 7, 1);
  const auto other = NoisePhoto::make(31, 7, 2);
  ASSERT_TRUE(photo && same && other);
  const auto image = decodeImageFile(photo->path());
  ASSERT_TRUE(image) << image.error().what;
  EXPECT_EQ(image->size(), (ImageSize{31, 7}));
  EXPECT_EQ(image->pixels, decodeImageFile(same->path())->pixels);
  EXPECT_NE(image->pixels, decodeImageFile(other->path())->pixels);
}

}  // namespace
}  // namespace vl::test
