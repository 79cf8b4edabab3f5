#include "inference/vision/tiling.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "inference/vision/tile_hash.h"
#include "tests/inference/vision/synthetic_images.h"

namespace vl {
namespace {

nlohmann::json readJson(const std::string& name) {
  std::ifstream file(std::string(VL_TEST_DATA) + "/vision/" + name);
  return nlohmann::json::parse(file);
}

/// The candidates of the official models, in the order that breaks ties.
ProcessorConfig officialConfig() {
  const nlohmann::json vectors = readJson("preprocess.json");
  ProcessorConfig config;
  for (const auto& size : vectors.at("candidate_resolutions")) {
    config.candidateResolutions.push_back({size.at(0), size.at(1)});
  }
  return config;
}

Resolution resolutionOf(const nlohmann::json& pair) { return {pair.at(0), pair.at(1)}; }

class TilingVectors : public testing::TestWithParam<nlohmann::json> {
 protected:
  const ProcessorConfig config_ = officialConfig();
};

void expectViews(const RgbImage& image, const ProcessorConfig& config, bool tiling,
                 const nlohmann::json& expected) {
  const TiledImage tiled = tileImage(image, config, tiling);
  EXPECT_EQ(tiled.grid.columns, expected.at("grid").at(0));
  EXPECT_EQ(tiled.grid.rows, expected.at("grid").at(1));
  EXPECT_EQ(tileGrid(image.size(), config, tiling), tiled.grid);
  EXPECT_EQ(imageTokenCount(tiled.grid, config), expected.at("tokens"));
  ASSERT_EQ(tiled.views.size(), expected.at("views").size());
  for (std::size_t i = 0; i < tiled.views.size(); ++i) {
    EXPECT_EQ(tiled.views[i].width, config.tilePixels());
    EXPECT_EQ(tiled.views[i].height, config.tilePixels());
    EXPECT_EQ(pixelHash(tiled.views[i]), expected.at("views").at(i)) << "view " << i;
  }
}

TEST_P(TilingVectors, EveryViewIsTheReferencesToTheBit) {
  const nlohmann::json& vector = GetParam();
  const RgbImage image = test::synthetic(vector.at("generator"), vector.at("args"));
  ASSERT_EQ(pixelHash(image), vector.at("sha256")) << "the generator itself differs";
  EXPECT_EQ(selectBestResolution(image.size(), config_.candidateResolutions),
            resolutionOf(vector.at("best_resolution")));
  for (const bool tiling : {true, false}) {
    const nlohmann::json& expected = vector.at(tiling ? "tiling" : "no_tiling");
    if (!expected.is_null()) expectViews(image, config_, tiling, expected);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Reference, TilingVectors,
    testing::ValuesIn(readJson("preprocess.json").at("cases").get<std::vector<nlohmann::json>>()),
    [](const auto& instance) { return instance.param.at("name").template get<std::string>(); });

TEST(SelectBestResolution, AgreesWithTheReferenceOnEverySize) {
  const ProcessorConfig config = officialConfig();
  const nlohmann::json rows = readJson("select_best_resolution.json").at("rows");
  ASSERT_EQ(rows.size(), 541u);
  for (const auto& row : rows) {
    const ImageSize size{row.at(0), row.at(1)};
    EXPECT_EQ(selectBestResolution(size, config.candidateResolutions),
              (Resolution{row.at(2), row.at(3)}))
        << size.width << " x " << size.height;
  }
}

TEST(ImageTokenCount, CountsViewsNewlinesAndSeparator) {
  const ProcessorConfig config = officialConfig();
  EXPECT_EQ(imageTokenCount({1, 1}, config), 421u);
  EXPECT_EQ(imageTokenCount({2, 1}, config), 617u);  // columns, rows
  EXPECT_EQ(imageTokenCount({1, 2}, config), 631u);
  EXPECT_EQ(imageTokenCount({3, 3}, config), 2017u);
}

class ThinImages : public testing::TestWithParam<ImageSize> {};

// The reference rounds the short side to zero and throws on these.
TEST_P(ThinImages, BecomeALineOnePixelThin) {
  const ProcessorConfig config = officialConfig();
  const RgbImage image = test::flat(GetParam().width, GetParam().height, 255);
  const TiledImage tiled = tileImage(image, config, true);
  ASSERT_EQ(tiled.views.size(), 1 + tiled.grid.rows * tiled.grid.columns);
  const RgbImage& global = tiled.views.front();
  const bool upright = image.height > image.width;
  std::size_t white = 0;
  for (std::size_t y = 0; y < 384; ++y) {
    for (std::size_t x = 0; x < 384; ++x) {
      const bool onLine = (upright ? x : y) == 192;  // round(383 / 2) goes to the even side
      const std::uint8_t value = global.pixels[3 * (384 * y + x)];
      ASSERT_EQ(value, onLine ? 255 : 127) << x << ", " << y;
      white += onLine ? 1 : 0;
    }
  }
  EXPECT_EQ(white, 384u);
}

INSTANTIATE_TEST_SUITE_P(Sizes, ThinImages,
                         testing::Values(ImageSize{1, 5000}, ImageSize{5000, 1}, ImageSize{1, 768},
                                         ImageSize{769, 1}),
                         [](const auto& instance) {
                           return std::to_string(instance.param.width) + "x" +
                                  std::to_string(instance.param.height);
                         });

TEST(TileImage, FillsWithTheMeanColour) {
  ProcessorConfig config;
  config.candidateResolutions = {{28, 28}};
  config.imageMean = {0.25f, 0.5f, 1.0f};
  const TiledImage tiled = tileImage(test::gradient(28, 14), config, true);
  const std::vector<std::uint8_t>& pixels = tiled.views.front().pixels;
  EXPECT_EQ(pixels[0], 63);  // trunc(0.25 * 255)
  EXPECT_EQ(pixels[1], 127);
  EXPECT_EQ(pixels[2], 255);
}

TEST(TilingTest, ThePlanSaysWhereThePixelsGo) {
  ProcessorConfig config;
  config.candidateResolutions = {{384, 384}, {768, 384}, {768, 768}};
  const RgbImage white{900, 300, std::vector<std::uint8_t>(std::size_t{900} * 300 * 3, 255)};
  const TilingPlan plan = planTiling(white.size(), config, true);
  EXPECT_EQ(plan.grid, (TileGrid{2, 1}));
  EXPECT_EQ(plan.local, (ViewPlacement{{768, 384}, {768, 256}, 0, 64}));
  EXPECT_EQ(plan.global, (ViewPlacement{{384, 384}, {384, 128}, 0, 128}));
  EXPECT_EQ(plan.tokens, imageTokenCount(plan.grid, config));
  const TiledImage tiled = tileImage(white, config, true);
  const auto isWhite = [](const RgbImage& view, int x, int y) {
    return view.pixels[3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(view.width) +
                            static_cast<std::size_t>(x))] == 255;
  };
  for (const int x : {0, 383}) {
    EXPECT_FALSE(isWhite(tiled.views[1], x, 63));
    EXPECT_TRUE(isWhite(tiled.views[1], x, 64));
    EXPECT_TRUE(isWhite(tiled.views[2], x, 64 + 255));
    EXPECT_FALSE(isWhite(tiled.views[2], x, 64 + 256));
    EXPECT_FALSE(isWhite(tiled.views[0], x, 127));
    EXPECT_TRUE(isWhite(tiled.views[0], x, 128));
  }
}

}  // namespace
}  // namespace vl
