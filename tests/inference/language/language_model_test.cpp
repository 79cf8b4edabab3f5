// The whole decoder against the official model on three micro checkpoints (tests/data/README.md).
#include "inference/language/language_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/golden.h"

namespace vl {
namespace {

// Bounds of tests/data/README.md: about ten times the difference between F32 and F64.
constexpr float kHiddenBound = 1e-3f;
constexpr float kRouterBound = 2e-4f;
constexpr float kLogitBound = 3e-3f;

class LanguageModelTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const auto folder = test::modelData() / "checkpoints" / GetParam();
    Result<ModelConfig> config = loadModelConfig(folder);
    ASSERT_TRUE(config) << config.error().what;
    config_ = *config;
    Result<Checkpoint> checkpoint = Checkpoint::open(folder);
    ASSERT_TRUE(checkpoint) << checkpoint.error().what;
    checkpoint_ = std::make_unique<Checkpoint>(std::move(checkpoint).value());
    Result<LanguageModel> model = LanguageModel::load(*checkpoint_, config_.language);
    ASSERT_TRUE(model) << model.error().what;
    model_ = std::make_unique<LanguageModel>(std::move(model).value());
  }

  test::Golden golden(const std::string& name) const {
    return test::Golden("goldens/model/" + std::string(GetParam()) + "/" + name + ".safetensors");
  }
  Matrix embed(const std::vector<std::int32_t>& ids) const {
    Matrix x(ids.size(), config_.language.hiddenSize);
    for (std::size_t t = 0; t < ids.size(); ++t) model_->embed(ids[t], x.view().row(t));
    return x;
  }
  /// Runs ids in chunks and returns the logits after the last one.
  std::vector<float> lastLogits(const std::vector<std::int32_t>& ids, KvCache& cache,
                                std::size_t chunk) {
    std::vector<float> logits(config_.language.vocabSize);
    for (std::size_t begin = 0; begin < ids.size(); begin += chunk) {
      const std::size_t end = std::min(begin + chunk, ids.size());
      Matrix x = embed({ids.begin() + static_cast<std::ptrdiff_t>(begin),
                        ids.begin() + static_cast<std::ptrdiff_t>(end)});
      EXPECT_TRUE(model_->forward(compute_, x.view(), cache, std::stop_token{}));
      const auto last = x.view().middleRows(x.rows() - 1, 1);
      model_->finalNorm(compute_, last, last);
      model_->logits(compute_, last, {logits.data(), 1, logits.size()});
    }
    return logits;
  }

  ModelConfig config_;
  std::unique_ptr<Checkpoint> checkpoint_;
  std::unique_ptr<LanguageModel> model_;
  Compute compute_{2};
};

TEST_P(LanguageModelTest, EveryLayerRouterAndCacheEqualsTheOfficialModel) {
  const test::Golden expected = golden("text_only");
  const std::vector<std::int32_t> ids = expected.ints("input_ids");
  Matrix x = embed(ids);
  KvCache cache(config_.language, ids.size(), Precision::Exact);
  LanguageObserver observer;
  std::size_t layersSeen = 0;
  std::size_t routersSeen = 0;
  observer.layerOutput = [&](std::size_t layer, MatrixView<const float> out) {
    ++layersSeen;
    EXPECT_LE(test::maxDifference(out, expected.floats("layer_out." + std::to_string(layer))),
              kHiddenBound)
        << "layer " << layer;
  };
  observer.routing = [&](std::size_t layer, std::span<const RoutedExpert> routing) {
    ++routersSeen;
    const auto experts = expected.ints("moe_topk_idx." + std::to_string(layer));
    const auto weights = expected.floats("moe_topk_weight." + std::to_string(layer));
    ASSERT_EQ(routing.size(), experts.size());
    for (std::size_t i = 0; i < routing.size(); ++i) {
      EXPECT_EQ(routing[i].expert, static_cast<std::size_t>(experts[i])) << "layer " << layer;
      EXPECT_NEAR(routing[i].weight, weights[i], kRouterBound) << "layer " << layer;
    }
  };
  ASSERT_TRUE(model_->forward(compute_, x.view(), cache, std::stop_token{}, &observer));
  EXPECT_EQ(layersSeen, config_.language.numHiddenLayers);
  EXPECT_EQ(routersSeen, config_.language.numHiddenLayers - 1);

  model_->finalNorm(compute_, x.view(), x.view());
  EXPECT_LE(test::maxDifference(x.view(), expected.floats("final_norm")), kHiddenBound);

  for (std::size_t layer = 0; layer < config_.language.numHiddenLayers; ++layer) {
    const auto keys = expected.floats("cache_k." + std::to_string(layer));
    const auto values = expected.floats("cache_v." + std::to_string(layer));
    const std::size_t heads = cache.heads();
    for (std::size_t h = 0; h < heads; ++h) {
      const auto slice = [&](const std::vector<float>& all) {
        return std::span(all).subspan(h * all.size() / heads, all.size() / heads);
      };
      EXPECT_LE(test::maxDifference(cache.keys(layer, h).middleRows(0, ids.size()), slice(keys)),
                kHiddenBound);
      EXPECT_LE(
          test::maxDifference(cache.values(layer, h).middleRows(0, ids.size()), slice(values)),
          kHiddenBound);
    }
  }
}

TEST_P(LanguageModelTest, LogitsEqualForEveryPrefillChunk) {
  for (const std::string name : {"text_only", "multi_turn_text"}) {
    const test::Golden expected = golden(name);
    const std::vector<std::int32_t> ids = expected.ints("input_ids");
    const std::vector<float> oneShot = expected.floats("logits_last");
    for (const std::size_t chunk : {1u, 7u, 64u, 512u}) {
      KvCache cache(config_.language, ids.size(), Precision::Exact);
      EXPECT_LE(test::maxDifference(lastLogits(ids, cache, chunk), oneShot), kLogitBound)
          << name << ", chunks of " << chunk;
    }
  }
}

TEST_P(LanguageModelTest, GreedyDecodingGivesTheOfficialTokens) {
  const test::Golden expected = golden("text_only");
  std::vector<std::int32_t> ids = expected.ints("input_ids");
  const std::vector<std::int32_t> greedy = expected.ints("greedy_ids");
  KvCache cache(config_.language, ids.size() + greedy.size(), Precision::Exact);
  std::vector<float> logits = lastLogits(ids, cache, 512);
  for (std::size_t step = 0; step < greedy.size(); ++step) {
    const auto best =
        static_cast<std::int32_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
    ASSERT_EQ(best, greedy[step]) << "step " << step;
    logits = lastLogits({best}, cache, 1);
  }
}

TEST_P(LanguageModelTest, TruncatedCacheContinuesLikeAColdOne) {
  const std::vector<std::int32_t> ids = golden("multi_turn_text").ints("input_ids");
  const std::size_t kept = ids.size() / 2;
  KvCache cold(config_.language, ids.size(), Precision::Exact);
  const std::vector<float> expected = lastLogits(ids, cold, 512);

  KvCache warm(config_.language, ids.size(), Precision::Exact);
  std::vector<std::int32_t> other(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(kept));
  other.insert(other.end(), {5, 6, 7});
  lastLogits(other, warm, 512);
  warm.truncate(kept);
  const std::vector<std::int32_t> rest(ids.begin() + static_cast<std::ptrdiff_t>(kept), ids.end());
  EXPECT_LE(test::maxDifference(lastLogits(rest, warm, 512), expected), kLogitBound);
}

TEST_P(LanguageModelTest, TiedEmbeddingsAreTheHead) {
  LanguageConfig tied = config_.language;
  tied.tieWordEmbeddings = true;
  Result<LanguageModel> model = LanguageModel::load(*checkpoint_, tied);
  ASSERT_TRUE(model) << model.error().what;
  const std::int32_t id = golden("text_only").ints("input_ids").back();
  Matrix x(1, tied.hiddenSize);
  model->embed(id, x.view().row(0));
  float squares = 0;
  for (const float v : x.view().row(0)) squares += v * v;
  Matrix logits(1, tied.vocabSize);
  model->logits(compute_, x.view(), logits.view());
  // An embedding's own logit is its square, to the rounding of a sum of hiddenSize products.
  EXPECT_NEAR(logits.view().row(0)[static_cast<std::size_t>(id)], squares,
              squares * static_cast<float>(tied.hiddenSize) * 0x1p-23f);
}

TEST_P(LanguageModelTest, CancelLeavesTheCacheAsItWas) {
  const std::vector<std::int32_t> ids = golden("text_only").ints("input_ids");
  KvCache cache(config_.language, 2 * ids.size(), Precision::Exact);
  lastLogits(ids, cache, 512);
  std::stop_source stop;
  LanguageObserver observer;
  observer.layerOutput = [&](std::size_t layer, MatrixView<const float>) {
    if (layer == 1) stop.request_stop();
  };
  Matrix x = embed(ids);
  EXPECT_FALSE(model_->forward(compute_, x.view(), cache, stop.get_token(), &observer));
  EXPECT_EQ(cache.length(), ids.size());
}

std::string checkpointName(const testing::TestParamInfo<const char*>& checkpoint) {
  std::string name = checkpoint.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(MicroCheckpoints, LanguageModelTest,
                         testing::Values("micro-tiny", "micro-small", "micro-base"),
                         checkpointName);

}  // namespace
}  // namespace vl
