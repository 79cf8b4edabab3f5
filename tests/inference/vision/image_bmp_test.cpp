#include <gtest/gtest.h>

#include "inference/vision/image.h"
#include "tests/inference/vision/encoded_images.h"

namespace vl {
namespace {

using test::BmpSpec;
using test::Samples;

constexpr std::uint32_t kRle8 = 1;
constexpr std::uint32_t kRle4 = 2;
constexpr std::uint32_t kBitfields = 3;
const std::vector<std::uint32_t> kPalette{0x000000, 0xff0000, 0x00ff00, 0x0000ff};

Samples pixelsOf(const BmpSpec& spec) {
  const Result<RgbImage> image = decodeImage(test::bmpFile(spec));
  EXPECT_TRUE(image) << image.error().what;
  return image ? image->pixels : Samples{};
}

ErrorCode errorCodeOf(const BmpSpec& spec) {
  const Result<RgbImage> image = decodeImage(test::bmpFile(spec));
  EXPECT_FALSE(image);
  return image ? ErrorCode::Internal : image.error().code;
}

/// "RGB.": one letter per pixel: red, green, blue, black, white.
Samples colours(std::string_view letters) {
  Samples pixels;
  for (const char letter : letters) {
    const bool white = letter == 'W';
    for (const char channel : {'R', 'G', 'B'}) {
      pixels.push_back(white || letter == channel ? 255 : 0);
    }
  }
  return pixels;
}

TEST(DecodeBmp, StoresRowsFromTheBottomUnlessTheHeightIsNegative) {
  const Samples rows{0,   0, 255, 0,   // red, padded to four bytes
                     255, 0, 0,   0};  // blue
  EXPECT_EQ(pixelsOf({.height = 2, .samples = rows}), colours("BR"));
  EXPECT_EQ(pixelsOf({.height = -2, .samples = rows}), colours("RB"));
  EXPECT_EQ(pixelsOf({.height = 2, .headerBytes = 12, .samples = rows}), colours("BR"));
}

TEST(DecodeBmp, ReadsPalettesOfEveryDepth) {
  EXPECT_EQ(pixelsOf({.width = 3,
                      .bitsPerPixel = 1,
                      .palette = {0xff0000, 0x0000ff},
                      .samples = {0x40, 0, 0, 0}}),
            colours("RBR"));
  EXPECT_EQ(
      pixelsOf({.width = 3, .bitsPerPixel = 4, .palette = kPalette, .samples = {0x12, 0x30, 0, 0}}),
      colours("RGB"));
  EXPECT_EQ(pixelsOf({.width = 4,
                      .bitsPerPixel = 8,
                      .palette = kPalette,
                      .samples = {1, 2, 3, 200}}),  // past the palette: black
            colours("RGB."));
}

TEST(DecodeBmp, ScalesChannelMasksToBytes) {
  EXPECT_EQ(pixelsOf({.width = 2, .bitsPerPixel = 16, .samples = {0x00, 0x7c, 0x10, 0x00}}),
            (Samples{255, 0, 0, 0, 0, 132}));  // 5-5-5; round(16 * 255 / 31)
  EXPECT_EQ(pixelsOf({.width = 2,
                      .bitsPerPixel = 16,
                      .compression = kBitfields,
                      .headerBytes = 52,
                      .masks = {0xf800, 0x07e0, 0x001f},
                      .samples = {0x00, 0xf8, 0xe0, 0x07}}),
            colours("RG"));
  EXPECT_EQ(pixelsOf({.width = 1,
                      .bitsPerPixel = 32,
                      .compression = kBitfields,
                      .headerBytes = 52,
                      .masks = {0x3ff00000, 0x000ffc00, 0x000003ff},  // ten bits each
                      .samples = {0xff, 0x03, 0x00, 0x20}}),
            (Samples{128, 0, 255}));  // 0x200 of 0x3ff
}

TEST(DecodeBmp, TakesTheFourthByteForAlphaOnlyWhereAMaskSaysSo) {
  EXPECT_EQ(pixelsOf({.bitsPerPixel = 32, .samples = {255, 100, 0, 0}}), (Samples{0, 100, 255}));
  EXPECT_EQ(pixelsOf({.bitsPerPixel = 32,
                      .compression = kBitfields,
                      .headerBytes = 108,
                      .masks = {0xff0000, 0xff00, 0xff, 0xff000000},
                      .samples = {255, 100, 0, 128}}),
            (Samples{127, 177, 255}));
}

TEST(DecodeBmp, ReadsRunLengthCodes) {
  EXPECT_EQ(pixelsOf({.width = 4,
                      .height = 3,
                      .bitsPerPixel = 8,
                      .compression = kRle8,
                      .palette = kPalette,
                      .samples = {3, 1, 0, 0,              // a run of three, end of row
                                  0, 3, 1, 2, 3, 0, 0, 0,  // three literals, padded; end of row
                                  0, 1}}),                 // end of the picture
            colours("...."                                 // never reached
                    "RGB."
                    "RRR."));
  EXPECT_EQ(pixelsOf({.width = 4,
                      .height = 2,
                      .bitsPerPixel = 8,
                      .compression = kRle8,
                      .palette = kPalette,
                      .samples = {1, 3, 0, 2, 1, 1, 1, 1, 0, 1}}),  // moves right 1 and up 1
            colours("..R."
                    "B..."));
  EXPECT_EQ(pixelsOf({.width = 5,
                      .bitsPerPixel = 4,
                      .compression = kRle4,
                      .palette = kPalette,
                      .samples = {2, 0x12, 0, 3, 0x32, 0x10, 0, 1}}),
            colours("RGBGR"));
}

TEST(DecodeBmp, RefusesRunsPastTheEdge) {
  const auto runs = [](const Samples& codes) {
    return errorCodeOf({.width = 2,
                        .bitsPerPixel = 8,
                        .compression = kRle8,
                        .palette = kPalette,
                        .samples = codes});
  };
  EXPECT_EQ(runs({3, 1, 0, 1}), ErrorCode::Corrupt);
  EXPECT_EQ(runs({0, 3, 1, 1, 1, 0, 0, 1}), ErrorCode::Corrupt);
  EXPECT_EQ(runs({0, 2, 3, 0, 0, 1}), ErrorCode::Corrupt);
  EXPECT_EQ(runs({2, 1}), ErrorCode::Corrupt);  // no end
}

TEST(DecodeBmp, RefusesHeadersThatMakeNoSense) {
  EXPECT_EQ(errorCodeOf({.bitsPerPixel = 7, .samples = {0, 0, 0, 0}}), ErrorCode::Unsupported);
  EXPECT_EQ(errorCodeOf({.compression = 4, .samples = {0, 0, 0, 0}}), ErrorCode::Unsupported);
  EXPECT_EQ(errorCodeOf({.bitsPerPixel = 32,
                         .compression = kBitfields,
                         .headerBytes = 52,
                         .masks = {0xff00ff, 0xff00, 0xff},  // with a hole
                         .samples = {0, 0, 0, 0}}),
            ErrorCode::Corrupt);
  EXPECT_EQ(errorCodeOf({.bitsPerPixel = 32,
                         .compression = kBitfields,
                         .headerBytes = 52,
                         .masks = {0, 0xff00, 0xff},
                         .samples = {0, 0, 0, 0}}),
            ErrorCode::Corrupt);
}

}  // namespace
}  // namespace vl
