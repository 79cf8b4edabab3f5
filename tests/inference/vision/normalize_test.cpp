#include "inference/vision/normalize.h"

#include <gtest/gtest.h>

#include <bit>
#include <fstream>
#include <nlohmann/json.hpp>

#include "inference/vision/tile_hash.h"

namespace vl {
namespace {

constexpr std::size_t kPlanes = std::size_t{3} * 256;

/// 256 pixels: red counts up, green counts down, blue is 7.
RgbImage ramp() {
  RgbImage image{16, 16, {}};
  for (unsigned i = 0; i < 256; ++i) {
    image.pixels.insert(image.pixels.end(), {static_cast<std::uint8_t>(i),
                                             static_cast<std::uint8_t>(255 - i), std::uint8_t{7}});
  }
  return image;
}

TEST(NormalizeView, AgreesWithTheReferenceToTheBit) {
  std::ifstream file(std::string(VL_TEST_DATA) + "/vision/normalize_table.json");
  const auto expected =
      nlohmann::json::parse(file).at("float_bits").get<std::vector<std::uint32_t>>();
  ASSERT_EQ(expected.size(), 256u);
  std::vector<float> planes(kPlanes);
  normalizeView(ramp(), ProcessorConfig{}, planes);
  for (std::size_t i = 0; i < 256; ++i) {
    EXPECT_EQ(std::bit_cast<std::uint32_t>(planes[i]), expected[i]);
    EXPECT_EQ(std::bit_cast<std::uint32_t>(planes[256 + i]), expected[255 - i]);
    EXPECT_EQ(std::bit_cast<std::uint32_t>(planes[512 + i]), expected[7]);
  }
}

TEST(NormalizeView, UsesEachChannelsMeanAndDeviation) {
  ProcessorConfig config;
  config.imageMean = {0.0f, 1.0f, 0.0f};
  config.imageStd = {1.0f, 1.0f, 0.5f};
  std::vector<float> planes(kPlanes);
  normalizeView(ramp(), config, planes);
  EXPECT_EQ(planes[255], 1.0f);
  EXPECT_EQ(planes[256], 0.0f);
  EXPECT_EQ(planes[512], 7.0f / 255.0f / 0.5f);
}

TEST(NormalizeView, OnlyScalesWhenTheConfigSaysSo) {
  ProcessorConfig config;
  config.normalize = false;
  std::vector<float> planes(kPlanes);
  normalizeView(ramp(), config, planes);
  EXPECT_EQ(planes[0], 0.0f);
  EXPECT_EQ(planes[51], 51.0f / 255.0f);
  EXPECT_EQ(planes[255], 1.0f);
}

TEST(PixelHash, IsSha256OfTheBytes) {
  // FIPS 180-2, appendix B.1: the message "abc".
  EXPECT_EQ(pixelHash({1, 1, {'a', 'b', 'c'}}),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace vl
