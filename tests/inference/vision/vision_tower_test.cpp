// Vision tower, projector and layout against the official model on three micro checkpoints.
#include "inference/vision/vision_tower.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "inference/language/language_model.h"
#include "inference/vision/image_layout.h"
#include "inference/vision/normalize.h"
#include "inference/vision/projector.h"
#include "inference/vision/tiling.h"
#include "tests/support/f32_checkpoint.h"
#include "tests/support/golden.h"

namespace vl {
namespace {

// tests/data/README.md: the official code's own F32 and F64 differ by 4e-6 here.
constexpr float kVisionBound = 1e-4f;
constexpr float kUnitBound = 1e-5f;

class VisionTowerTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const auto folder = test::modelData() / "checkpoints" / GetParam();
    Result<ModelConfig> config = loadModelConfig(folder);
    ASSERT_TRUE(config) << config.error().what;
    config_ = *config;
    Result<Checkpoint> checkpoint = Checkpoint::open(folder);
    ASSERT_TRUE(checkpoint) << checkpoint.error().what;
    checkpoint_ = std::make_unique<Checkpoint>(std::move(checkpoint).value());
    Result<VisionTower> tower = VisionTower::load(*checkpoint_, config_.vision);
    ASSERT_TRUE(tower) << tower.error().what;
    tower_ = std::make_unique<VisionTower>(std::move(tower).value());
    Result<Projector> projector = Projector::load(*checkpoint_, config_.projector);
    ASSERT_TRUE(projector) << projector.error().what;
    projector_ = std::make_unique<Projector>(std::move(projector).value());

    const std::string name = "goldens/model/" + std::string(GetParam());
    golden_ = std::make_unique<test::Golden>(name + "/one_image.safetensors");
    std::ifstream file(test::modelData() / name / "manifest.json");
    const auto manifest = nlohmann::json::parse(file);
    const std::string image =
        manifest.at("cases").at("one_image").at("images").at(0).get<std::string>();
    Result<RgbImage> decoded = decodeImageFile(test::modelData() / name / image);
    ASSERT_TRUE(decoded) << decoded.error().what;
    tiled_ = tileImage(*decoded, config_.processor, true);
  }

  std::vector<float> planes(std::size_t view) const {
    std::vector<float> result(tiled_.views[view].pixels.size());
    normalizeView(tiled_.views[view], config_.processor, result);
    return result;
  }
  /// Compares the rows of `found` that `rowsName` lists with the golden.
  void expectRows(MatrixView<const float> found, const std::string& name,
                  const std::string& rowsName) const {
    const std::vector<float> expected = golden_->floats(name);
    const std::vector<std::int32_t> rows = golden_->ints(rowsName);
    ASSERT_EQ(expected.size(), rows.size() * found.cols()) << name;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_LE(test::maxDifference(found.row(static_cast<std::size_t>(rows[i])),
                                    std::span(expected).subspan(i * found.cols(), found.cols())),
                kVisionBound)
          << name << ", row " << rows[i];
    }
  }

  ModelConfig config_;
  std::unique_ptr<Checkpoint> checkpoint_;
  std::unique_ptr<VisionTower> tower_;
  std::unique_ptr<Projector> projector_;
  std::unique_ptr<test::Golden> golden_;
  TiledImage tiled_;
  Compute compute_{2};
};

TEST_P(VisionTowerTest, PatchesBlocksAndOutputEqualTheOfficialTower) {
  ASSERT_EQ(tiled_.views.size(), 3u);  // global view and 2 x 1 tiles
  Matrix out(config_.vision.patches(), config_.vision.width);
  VisionObserver observer;
  std::size_t blocksSeen = 0;
  observer.patchEmbed = [&](MatrixView<const float> x) {
    expectRows(x, "vit_patch_embed_rows", "vit_rows");
  };
  observer.blockOutput = [&](std::size_t block, MatrixView<const float> x) {
    ++blocksSeen;
    expectRows(x, "vit_block_rows." + std::to_string(block), "vit_rows");
  };
  ASSERT_TRUE(tower_->encode(compute_, planes(0), out.view(), std::stop_token{}, &observer));
  EXPECT_EQ(blocksSeen, config_.vision.layers);
  expectRows(out.view(), "vit_out_tile0", "vit_out_tile0_rows");
  ASSERT_TRUE(tower_->encode(compute_, planes(2), out.view(), std::stop_token{}));
  expectRows(out.view(), "vit_out_tile2", "vit_out_tile2_rows");
}

TEST_P(VisionTowerTest, ProjectedTilesAndLaidOutPromptEqualTheOfficialModel) {
  const std::size_t side = projector_->outputSide(config_.vision.gridSide());
  const std::size_t perView = side * side;
  Matrix patches(config_.vision.patches(), config_.vision.width);
  Matrix projected(tiled_.views.size() * perView, config_.projector.nEmbed);
  std::vector<MatrixView<const float>> views;
  for (std::size_t i = 0; i < tiled_.views.size(); ++i) {
    ASSERT_TRUE(tower_->encode(compute_, planes(i), patches.view(), std::stop_token{}));
    const MatrixView<float> view = projected.view().middleRows(i * perView, perView);
    projector_->project(compute_, patches.view(), config_.vision.gridSide(), view);
    views.push_back(view);
  }
  expectRows(projected.view(), "projector_out", "projector_out_rows");

  Result<LayoutVectors> vectors = LayoutVectors::load(*checkpoint_, config_.projector.nEmbed);
  ASSERT_TRUE(vectors) << vectors.error().what;
  const std::size_t imageTokens = imageTokenCount(tiled_.grid, config_.processor);
  Result<LanguageModel> language = LanguageModel::load(*checkpoint_, config_.language);
  ASSERT_TRUE(language) << language.error().what;
  // The image's rows stand where the mask is set; the text around it is looked up by id.
  const std::vector<std::int32_t> ids = golden_->ints("input_ids");
  const std::int32_t imageId =
      *std::max_element(ids.begin(), ids.end(), [&](std::int32_t a, std::int32_t b) {
        return std::count(ids.begin(), ids.end(), a) < std::count(ids.begin(), ids.end(), b);
      });
  const auto begin =
      static_cast<std::size_t>(std::find(ids.begin(), ids.end(), imageId) - ids.begin());
  ASSERT_EQ(static_cast<std::size_t>(std::count(ids.begin(), ids.end(), imageId)), imageTokens);
  Matrix embeds(ids.size(), config_.projector.nEmbed);
  for (std::size_t t = 0; t < ids.size(); ++t) language->embed(ids[t], embeds.view().row(t));
  layoutImage(views, tiled_.grid, side, *vectors, config_.globalViewFirst,
              embeds.view().middleRows(begin, imageTokens));
  expectRows(embeds.view(), "inputs_embeds", "inputs_embeds_rows");
}

TEST_P(VisionTowerTest, CancelStopsBetweenBlocks) {
  std::stop_source stop;
  VisionObserver observer;
  std::size_t blocksSeen = 0;
  observer.blockOutput = [&](std::size_t, MatrixView<const float>) {
    ++blocksSeen;
    stop.request_stop();
  };
  Matrix out(config_.vision.patches(), config_.vision.width);
  EXPECT_FALSE(tower_->encode(compute_, planes(0), out.view(), stop.get_token(), &observer));
  EXPECT_EQ(blocksSeen, 1u);
}

std::string checkpointName(const testing::TestParamInfo<const char*>& checkpoint) {
  std::string name = checkpoint.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(MicroCheckpoints, VisionTowerTest,
                         testing::Values("micro-tiny", "micro-small", "micro-base"),
                         checkpointName);

TEST(Projector, EqualsTheOfficialModuleForEveryDepthRatioAndGrid) {
  const test::Golden golden("goldens/units/projector.safetensors");
  std::ifstream file(test::modelData() / "goldens/units/projector.json");
  const auto cases = nlohmann::json::parse(file);
  ASSERT_FALSE(cases.empty());
  for (const auto& [name, options] : cases.items()) {
    SCOPED_TRACE(name);
    const ProjectorConfig config{.inputDim = options.at("input_dim"),
                                 .nEmbed = options.at("n_embed"),
                                 .depth = options.value("depth", 2u),
                                 .mlpRatio = options.value("mlp_ratio", 1u),
                                 .downsampleRatio = options.value("downsample_ratio", 2u)};
    test::F32Checkpoint folder;
    for (std::size_t i = 0; i < config.depth; ++i) {
      for (const std::string part : {".weight", ".bias"}) {
        const std::string tensor = ".layers." + std::to_string(2 * i) + part;
        folder.add("projector" + tensor, golden.shape(name + tensor), golden.floats(name + tensor));
      }
    }
    Result<Projector> projector = Projector::load(folder.open(), config);
    ASSERT_TRUE(projector) << projector.error().what;
    const std::vector<float> x = golden.floats(name + ".x");
    const std::size_t grid = options.at("grid");
    const std::size_t side = projector->outputSide(grid);
    Matrix out(side * side, config.nEmbed);
    Compute compute(2);
    projector->project(compute, {x.data(), grid * grid, config.inputDim}, grid, out.view());
    EXPECT_LE(test::maxDifference(out.view(), golden.floats(name + ".y")), kUnitBound);
  }
}

TEST(ImageLayout, PutsTheLocalViewFirstWhenTheConfigSaysSo) {
  // One token per view, width 1: the values name what stands where.
  const float global = 1;
  const float left = 2;
  const float right = 3;
  const std::vector<MatrixView<const float>> views{{&global, 1, 1}, {&left, 1, 1}, {&right, 1, 1}};
  const LayoutVectors vectors{.newline = {-1}, .separator = {-2}};
  std::vector<float> out(6);
  layoutImage(views, {.columns = 2, .rows = 1}, 1, vectors, true, {out.data(), 6, 1});
  EXPECT_EQ(out, (std::vector<float>{1, -1, -2, 2, 3, -1}));
  layoutImage(views, {.columns = 2, .rows = 1}, 1, vectors, false, {out.data(), 6, 1});
  EXPECT_EQ(out, (std::vector<float>{2, 3, -1, -2, 1, -1}));
}

TEST(ImageLayout, RowsOfTheGridCrossTileBorders) {
  // 2 x 2 tiles of 2 x 2 tokens; tile t holds 10 t .. 10 t + 3.
  const std::vector<std::vector<float>> tokens{
      {0, 1, 2, 3}, {10, 11, 12, 13}, {20, 21, 22, 23}, {30, 31, 32, 33}, {40, 41, 42, 43}};
  std::vector<MatrixView<const float>> views;
  for (const auto& tile : tokens) views.push_back({tile.data(), 4, 1});
  const LayoutVectors vectors{.newline = {-1}, .separator = {-2}};
  std::vector<float> out(6 + 1 + 20);
  layoutImage(views, {.columns = 2, .rows = 2}, 2, vectors, true, {out.data(), out.size(), 1});
  EXPECT_EQ(out, (std::vector<float>{0,  1,  -1, 2,  3,  -1, -2, 10, 11, 20, 21, -1, 12, 13,
                                     22, 23, -1, 30, 31, 40, 41, -1, 32, 33, 42, 43, -1}));
}

}  // namespace
}  // namespace vl
