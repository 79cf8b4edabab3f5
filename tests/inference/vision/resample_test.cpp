#include "inference/vision/resample.h"

#include <gtest/gtest.h>

#include "tests/inference/vision/synthetic_images.h"

// The exact values are covered by the tiling vectors; these are the edges they do not reach.
namespace vl {
namespace {

TEST(ResizeBicubic, SameSizeIsACopy) {
  const RgbImage image = test::noise(19, 7, 3);
  EXPECT_EQ(resizeBicubic(image, 19, 7).pixels, image.pixels);
}

TEST(ResizeBicubic, FlatColourStaysFlatAtEverySize) {
  for (const ImageSize from : {ImageSize{1, 1}, ImageSize{7, 5}, ImageSize{640, 3}}) {
    const RgbImage image = test::flat(from.width, from.height, 201);
    for (const ImageSize to : {ImageSize{1, 1}, ImageSize{2, 9}, ImageSize{384, 384}}) {
      const RgbImage resized = resizeBicubic(image, to.width, to.height);
      EXPECT_EQ(resized.size(), to);
      EXPECT_EQ(resized.pixels, test::flat(to.width, to.height, 201).pixels);
    }
  }
}

TEST(ResizeBicubic, ClampsOvershootAtHardEdges) {
  // The cubic swings below 0 and above 255 beside an edge; wrapping would turn black into white.
  const RgbImage edge = test::checker(8, 1, 4);
  const RgbImage wide = resizeBicubic(edge, 64, 1);
  for (std::size_t x = 0; x < 64; ++x) {
    const std::uint8_t value = wide.pixels[3 * x];
    if (x < 28) {
      EXPECT_LT(value, 64) << x;
    } else if (x >= 36) {
      EXPECT_GT(value, 191) << x;
    }
  }
}

TEST(ResizeBicubic, TakesTheLongestSides) {
  const RgbImage line = test::flat(1 << 20, 1, 9);
  EXPECT_EQ(resizeBicubic(line, 384, 1).pixels, test::flat(384, 1, 9).pixels);
  const RgbImage column = test::flat(1, 1 << 20, 9);
  EXPECT_EQ(resizeBicubic(column, 1, 384).pixels, test::flat(1, 384, 9).pixels);
}

}  // namespace
}  // namespace vl
