// The bundled model through vl2 eval, on a small suite that training never saw.
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>

#include "tests/app/vl2_process.h"

namespace vl::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path kSuite = VL_TEST_DATA "/starter-suite";

// With sanitizers an item takes seconds.
#ifdef __SANITIZE_ADDRESS__
constexpr bool kIsSlow = true;
#else
constexpr bool kIsSlow = false;
#endif

/// The suite, or where an item is slow one item of each metric, in `folder`.
fs::path suiteFor(const ScratchFolder& folder) {
  if (!kIsSlow) return kSuite / "suite.json";
  const json suite = readJson(kSuite / "suite.json");
  json few = json::array();
  for (const std::string metric : {"cer", "exact", "boxes", "deny"}) {
    for (const json& item : suite["items"]) {
      if (item["metric"] != metric) continue;
      few.push_back(item);
      break;
    }
  }
  fs::copy(kSuite / "images", folder / "images");
  writeFile(folder / "suite.json", json{{"items", few}}.dump());
  return folder / "suite.json";
}

/// Mean over the categories that have the metric. A category has two items: one by itself says
/// little, and a model that rounds differently may turn it.
std::optional<double> meanOf(const json& categories, const std::string& metric) {
  double sum = 0;
  std::size_t count = 0;
  for (const auto& [name, scores] : categories.items()) {
    if (!scores[metric].is_number()) continue;
    sum += scores[metric].get<double>();
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

TEST(StarterModel, ScoresWhatItScoredWhenItWasBundled) {
  const ScratchFolder folder;
  const std::string model = VL_SOURCE_DIR "/resources/models/starter";
  const Finished run = runVl2({"eval", "--json", "--model", model, "--suite",
                               suiteFor(folder).string(), "--max-tokens", "300"});
  ASSERT_EQ(run.exitCode, 0) << run.err;
  const json found = jsonOf(run);
  if (kIsSlow) return;  // a few items run; too few to score
  const json thresholds = readJson(kSuite / "thresholds.json");
  for (const std::string metric : {"cer", "exact", "recall", "precision", "deny"}) {
    const std::optional<double> score = meanOf(found["categories"], metric);
    ASSERT_TRUE(score) << metric;
    ASSERT_TRUE(thresholds[metric].is_number()) << metric;
    if (metric == "cer") {
      EXPECT_LE(*score, thresholds[metric].get<double>()) << run.out;
    } else {
      EXPECT_GE(*score, thresholds[metric].get<double>()) << metric << '\n' << run.out;
    }
  }
}

}  // namespace
}  // namespace vl::test
