#include "inference/documents/page_image_size.h"

#include <gtest/gtest.h>

#include "inference/vision/tiling.h"

namespace vl {
namespace {

constexpr PageSize kA4{595.276, 841.89};

TEST(PageImageSize, AnA4PageFillsNineTiles) {
  EXPECT_EQ(pageImageSize(kA4, officialResolutions()), (ImageSize{815, 1152}));
  EXPECT_EQ(pageImageSize({kA4.height, kA4.width}, officialResolutions()), (ImageSize{1152, 815}));
}

TEST(PageImageSize, ASquareAndAStripFillWhatSuitsThem) {
  EXPECT_EQ(pageImageSize({10, 10}, officialResolutions()), (ImageSize{1152, 1152}));
  EXPECT_EQ(pageImageSize({100, 900}, officialResolutions()), (ImageSize{384, 3456}));
}

TEST(PageImageSize, ThePageIsTiledAsItWasRendered) {
  ProcessorConfig config;
  config.candidateResolutions.assign(officialResolutions().begin(), officialResolutions().end());
  for (int percent = 5; percent < 2000; percent += 1 + percent / 100) {
    const double ratio = percent / 100.0;
    const ImageSize size = pageImageSize({ratio * 300, 300}, officialResolutions());
    const Resolution best = selectBestResolution(size, officialResolutions());
    // one side fills the view exactly, the other is within it: nothing is scaled
    EXPECT_LE(size.width, best.width) << ratio;
    EXPECT_LE(size.height, best.height) << ratio;
    EXPECT_TRUE(size.width == best.width || size.height == best.height) << ratio;
  }
}

TEST(PageImageSize, AnyShapeHasAtLeastOnePixel) {
  for (const PageSize page : {PageSize{1e-300, 1e300}, PageSize{1e9, 1e-3}, PageSize{1, 1e7}}) {
    const ImageSize size = pageImageSize(page, officialResolutions());
    EXPECT_GE(size.width, 1);
    EXPECT_GE(size.height, 1);
    EXPECT_LE(size.width, 3456);
    EXPECT_LE(size.height, 3456);
  }
}

}  // namespace
}  // namespace vl
