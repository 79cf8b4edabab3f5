// Precision::Fast against Precision::Exact on the same weights, for every way they are stored.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "inference/language/language_model.h"
#include "inference/weights/convert.h"
#include "tests/support/golden.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

/// Relative difference of logits. Rounding alone measures 0.02 to 0.06 here; a router of random
/// weights that takes another expert adds more, up to 0.17 with the eight experts per token of
/// micro-base. Unrelated logits of the same size differ by the square root of 2.
constexpr double kMostDifference = 0.25;

struct Case {
  const char* checkpoint;
  std::optional<WeightType> type;  // none: as it is, BF16
};

class FastPrecisionTest : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    fs::path folder = test::modelData() / "checkpoints" / GetParam().checkpoint;
    if (GetParam().type) {
      const fs::path converted =
          fs::path(testing::TempDir()) / ("fast_precision_" + std::string(GetParam().checkpoint));
      fs::remove_all(converted);
      Compute compute(2);
      const Status done =
          convertCheckpoint(folder, converted, *GetParam().type, compute, {}, std::stop_token{});
      ASSERT_TRUE(done) << done.error().what;
      folder = converted;
    }
    Result<ModelConfig> config = loadModelConfig(folder);
    ASSERT_TRUE(config) << config.error().what;
    config_ = config->language;
    Result<Checkpoint> checkpoint = Checkpoint::open(folder);
    ASSERT_TRUE(checkpoint) << checkpoint.error().what;
    checkpoint_ = std::make_unique<Checkpoint>(std::move(checkpoint).value());
    Result<LanguageModel> model = LanguageModel::load(*checkpoint_, config_);
    ASSERT_TRUE(model) << model.error().what;
    model_ = std::make_unique<LanguageModel>(std::move(model).value());
    for (std::size_t i = 0; i < 90; ++i) {
      ids_.push_back(static_cast<std::int32_t>(7 * i % config_.vocabSize));
    }
  }

  /// The logits after each of the last ten tokens.
  std::vector<float> logits(Precision precision, std::size_t threads, std::size_t chunk) {
    constexpr std::size_t kRows = 10;
    Compute compute(threads, precision);
    KvCache cache(config_, ids_.size(), precision);
    Matrix x(ids_.size(), config_.hiddenSize);
    for (std::size_t t = 0; t < ids_.size(); ++t) model_->embed(ids_[t], x.view().row(t));
    for (std::size_t begin = 0; begin < ids_.size(); begin += chunk) {
      const std::size_t count = std::min(chunk, ids_.size() - begin);
      EXPECT_TRUE(model_->forward(compute, x.view().middleRows(begin, count), cache, {}));
    }
    const auto last = x.view().middleRows(ids_.size() - kRows, kRows);
    model_->finalNorm(compute, last, last);
    std::vector<float> logits(kRows * config_.vocabSize);
    model_->logits(compute, last, {logits.data(), kRows, config_.vocabSize});
    return logits;
  }

  LanguageConfig config_;
  std::unique_ptr<Checkpoint> checkpoint_;
  std::unique_ptr<LanguageModel> model_;
  std::vector<std::int32_t> ids_;
};

double relativeDifference(const std::vector<float>& found, const std::vector<float>& expected) {
  double error = 0;
  double energy = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    error += (double{found[i]} - expected[i]) * (double{found[i]} - expected[i]);
    energy += double{expected[i]} * expected[i];
  }
  return std::sqrt(error / energy);
}

TEST_P(FastPrecisionTest, LogitsStayCloseForEveryChunk) {
  const std::vector<float> exact = logits(Precision::Exact, 2, 512);
  for (const std::size_t chunk : {1u, 4u, 7u, 64u, 512u}) {
    EXPECT_LE(relativeDifference(logits(Precision::Fast, 2, chunk), exact), kMostDifference)
        << "chunks of " << chunk;
  }
}

TEST_P(FastPrecisionTest, ResultsDoNotDependOnTheNumberOfThreads) {
  const std::vector<float> one = logits(Precision::Fast, 1, 512);
  for (const std::size_t threads : {2u, 5u}) EXPECT_EQ(logits(Precision::Fast, threads, 512), one);
}

INSTANTIATE_TEST_SUITE_P(EveryStorage, FastPrecisionTest,
                         testing::Values(Case{"micro-tiny", std::nullopt},
                                         Case{"micro-tiny", WeightType::Q8Panels},
                                         Case{"micro-tiny", WeightType::Q4Panels},
                                         Case{"micro-small", std::nullopt},
                                         Case{"micro-small", WeightType::Q8Panels},
                                         Case{"micro-base", WeightType::Q8Panels},
                                         Case{"micro-base", WeightType::Q4Panels}),
                         [](const auto& stored) {
                           std::string name = stored.param.checkpoint;
                           name[5] = '_';
                           const char* type = !stored.param.type                           ? "_bf16"
                                              : *stored.param.type == WeightType::Q8Panels ? "_q8"
                                                                                           : "_q4";
                           return name + type;
                         });

}  // namespace
}  // namespace vl
