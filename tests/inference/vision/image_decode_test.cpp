#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "inference/vision/image.h"
#include "tests/inference/vision/encoded_images.h"
#include "tests/inference/vision/synthetic_images.h"

namespace vl {
namespace {

using test::Bytes;
using test::Samples;

Samples pixelsOf(const Bytes& encoded) {
  const Result<RgbImage> image = decodeImage(encoded);
  EXPECT_TRUE(image) << image.error().what;
  return image ? image->pixels : Samples{};
}

ErrorCode errorCodeOf(const Bytes& encoded) {
  const Result<RgbImage> image = decodeImage(encoded);
  EXPECT_FALSE(image);
  return image ? ErrorCode::Internal : image.error().code;
}

int largestDifference(const Samples& a, const Samples& b) {
  EXPECT_EQ(a.size(), b.size());
  int largest = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    largest = std::max(largest, std::abs(int{a[i]} - int{b[i]}));
  }
  return largest;
}

Samples withAlpha(const RgbImage& image, std::uint8_t alpha) {
  Samples rgba;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    rgba.insert(rgba.end(), {image.pixels[i], image.pixels[i + 1], image.pixels[i + 2], alpha});
  }
  return rgba;
}

/// Every 16-bit value once, as a 256 x 256 grey picture, and what it must become.
Samples all16BitValues(std::endian order) {
  test::ByteWriter values(order);
  for (std::uint32_t value = 0; value < 65536; ++value) values.u16(value);
  Samples samples;
  for (const std::byte byte : values.result()) {
    samples.push_back(std::to_integer<std::uint8_t>(byte));
  }
  return samples;
}
Samples all16BitValuesScaled() {
  Samples pixels;
  for (unsigned value = 0; value < 65536; ++value) {
    pixels.insert(pixels.end(), 3, static_cast<std::uint8_t>((value + 128) / 257));
  }
  return pixels;
}

TEST(DecodeImage, ReturnsThePixelsOfLosslessFormats) {
  const RgbImage image = test::noise(37, 13, 1);
  const Samples& pixels = image.pixels;
  EXPECT_EQ(pixelsOf(test::pngFile({.width = 37, .height = 13, .samples = pixels})), pixels);
  EXPECT_EQ(pixelsOf(test::webpFile(37, 13, withAlpha(image, 255))), pixels);
  for (const std::endian order : {std::endian::little, std::endian::big}) {
    EXPECT_EQ(
        pixelsOf(test::tiffFile(
            {.width = 37, .height = 13, .rowsPerStrip = 5, .order = order, .samples = pixels})),
        pixels);
  }
}

TEST(DecodeImage, PutsTiffTilesInTheirPlace) {
  // Tiles of 16 reach over the right and lower edges.
  const RgbImage image = test::noise(37, 21, 5);
  test::TiffSpec spec{.width = 37, .height = 21, .tileSide = 16, .samples = image.pixels};
  EXPECT_EQ(pixelsOf(test::tiffFile(spec)), image.pixels);
  Samples wide;
  Samples withOpaqueAlpha;
  Samples expected;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    const std::uint8_t grey = image.pixels[i];
    wide.insert(wide.end(), {grey, grey});  // 257 * grey in either byte order
    withOpaqueAlpha.insert(withOpaqueAlpha.end(), {grey, 255});
    expected.insert(expected.end(), 3, grey);
  }
  spec.photometric = 1;
  spec.samplesPerPixel = 1;
  spec.bitsPerSample = 16;
  spec.samples = wide;
  EXPECT_EQ(pixelsOf(test::tiffFile(spec)), expected);
  spec.samplesPerPixel = 2;
  spec.bitsPerSample = 8;
  spec.extraSamples = 2;
  spec.samples = withOpaqueAlpha;
  EXPECT_EQ(pixelsOf(test::tiffFile(spec)), expected);
}

TEST(DecodeImage, ReadsInterlacedPng) {
  const RgbImage image = test::noise(21, 19, 2);
  EXPECT_EQ(pixelsOf(test::pngFile(
                {.width = 21, .height = 19, .samples = image.pixels, .interlaced = true})),
            image.pixels);
  EXPECT_EQ(pixelsOf(test::pngFile({.width = 21,
                                    .height = 19,
                                    .colour = test::kPngRgba,
                                    .samples = withAlpha(image, 255),
                                    .interlaced = true})),
            image.pixels);
}

// The flat colours of the picture leave only rounding: one in the transform, one in the colours.
TEST(DecodeImage, ReadsBaselineProgressiveAndGreyJpeg) {
  RgbImage image{16, 16, {}};
  for (int i = 0; i < 16 * 16; ++i) image.pixels.insert(image.pixels.end(), {200, 100, 50});
  EXPECT_LE(largestDifference(pixelsOf(test::jpegFile(image, {.quality = 100})), image.pixels), 2);
  EXPECT_LE(
      largestDifference(pixelsOf(test::jpegFile(image, {.quality = 100, .progressive = true})),
                        image.pixels),
      2);
  const Samples grey = test::flat(16, 16, 124).pixels;  // 0.299 * 200 + 0.587 * 100 + 0.114 * 50
  EXPECT_LE(
      largestDifference(pixelsOf(test::jpegFile(image, {.quality = 100, .grey = true})), grey), 2);
}

TEST(DecodeImage, ReadsLossyWebp) {
  const RgbImage image = test::flat(8, 8, 90);
  EXPECT_LE(largestDifference(pixelsOf(test::lossyWebpFile(image)), image.pixels), 2);
}

// Inks are stored inverted: 255 is no ink, and white is all 255.
TEST(DecodeImage, ConvertsInkJpegToRgb) {
  Samples inks;
  Samples expected;
  for (int i = 0; i < 16 * 16; ++i) {
    inks.insert(inks.end(), {255, 128, 0, 200});
    expected.insert(expected.end(), {200, 100, 0});  // ink * black / 255
  }
  for (const bool ycck : {false, true}) {
    EXPECT_LE(largestDifference(pixelsOf(test::cmykJpegFile(16, 16, inks, ycck)), expected), 2);
  }
  const Samples none(std::size_t{16} * 16 * 4, 255);
  EXPECT_EQ(pixelsOf(test::cmykJpegFile(16, 16, none, false)), test::flat(16, 16, 255).pixels);
}

TEST(DecodeImage, ScalesEvery16BitValueToTheNearest) {
  EXPECT_EQ(pixelsOf(test::pngFile({.width = 256,
                                    .height = 256,
                                    .depth = 16,
                                    .colour = test::kPngGrey,
                                    .samples = all16BitValues(std::endian::big)})),
            all16BitValuesScaled());
  for (const std::endian order : {std::endian::little, std::endian::big}) {
    EXPECT_EQ(pixelsOf(test::tiffFile({.width = 256,
                                       .height = 256,
                                       .samplesPerPixel = 1,
                                       .bitsPerSample = 16,
                                       .photometric = 1,
                                       .rowsPerStrip = 100,
                                       .order = order,
                                       .samples = all16BitValues(order)})),
              all16BitValuesScaled());
  }
}

TEST(DecodeImage, SpreadsNarrowGreyOverTheWholeRange) {
  const auto grey = [](int depth, const Samples& packed) {
    return pixelsOf(
        test::pngFile({.width = 2, .depth = depth, .colour = test::kPngGrey, .samples = packed}));
  };
  EXPECT_EQ(grey(1, {0x40}), (Samples{0, 0, 0, 255, 255, 255}));
  EXPECT_EQ(grey(2, {0x60}), (Samples{85, 85, 85, 170, 170, 170}));
  EXPECT_EQ(grey(4, {0x1f}), (Samples{17, 17, 17, 255, 255, 255}));
  EXPECT_EQ(grey(8, {7, 9}), (Samples{7, 7, 7, 9, 9, 9}));
}

TEST(DecodeImage, InvertsGreyThatCountsFromWhite) {
  EXPECT_EQ(pixelsOf(test::tiffFile({.samplesPerPixel = 1, .photometric = 0, .samples = {255}})),
            (Samples{0, 0, 0}));
}

TEST(DecodeImage, ConvertsInkTiffToRgb) {
  EXPECT_EQ(
      pixelsOf(test::tiffFile({.samplesPerPixel = 4, .photometric = 5, .samples = {255, 0, 0, 0}})),
      (Samples{0, 255, 255}));
}

// Half transparent over white: round((value * 128 + 255 * 127) / 255).
const Samples kHalfOverWhite{127, 177, 255};
const Samples kHalfOfRgb{0, 100, 255, 128};

TEST(DecodeImage, LaysPngTransparencyOnWhite) {
  EXPECT_EQ(pixelsOf(test::pngFile({.colour = test::kPngRgba, .samples = kHalfOfRgb})),
            kHalfOverWhite);
  EXPECT_EQ(pixelsOf(test::pngFile({.colour = test::kPngRgba, .samples = {9, 9, 9, 0}})),
            (Samples{255, 255, 255}));
  EXPECT_EQ(pixelsOf(test::pngFile({.colour = test::kPngGreyAlpha, .samples = {100, 128}})),
            (Samples{177, 177, 177}));
  EXPECT_EQ(pixelsOf(test::pngFile({.width = 3,
                                    .colour = test::kPngPalette,
                                    .samples = {0, 1, 2},
                                    .palette = {1, 2, 3, 0, 100, 255, 4, 5, 6},
                                    .transparency = {0, 128}})),
            (Samples{255, 255, 255, 127, 177, 255, 4, 5, 6}));
}

TEST(DecodeImage, MakesThePngKeyColourWhite) {
  EXPECT_EQ(pixelsOf(test::pngFile(
                {.width = 2, .colour = test::kPngGrey, .samples = {7, 8}, .transparency = {0, 7}})),
            (Samples{255, 255, 255, 8, 8, 8}));
  EXPECT_EQ(pixelsOf(test::pngFile(
                {.width = 2, .samples = {1, 2, 3, 1, 2, 4}, .transparency = {0, 1, 0, 2, 0, 3}})),
            (Samples{255, 255, 255, 1, 2, 4}));
  // At 16 bits only the exact value is the key, although both become the same byte.
  EXPECT_EQ(pixelsOf(test::pngFile({.width = 2,
                                    .depth = 16,
                                    .colour = test::kPngGrey,
                                    .samples = {1, 1, 1, 2},
                                    .transparency = {1, 1}})),
            (Samples{255, 255, 255, 1, 1, 1}));
}

TEST(DecodeImage, LaysWebpTransparencyOnWhite) {
  EXPECT_EQ(pixelsOf(test::webpFile(1, 1, kHalfOfRgb)), kHalfOverWhite);
}

TEST(DecodeImage, LaysTiffTransparencyOnWhite) {
  constexpr std::uint32_t kUnspecified = 0;
  constexpr std::uint32_t kPremultiplied = 1;
  constexpr std::uint32_t kStraight = 2;
  const auto rgba = [](std::uint32_t kind, const Samples& samples) {
    return pixelsOf(
        test::tiffFile({.samplesPerPixel = 4, .extraSamples = kind, .samples = samples}));
  };
  EXPECT_EQ(rgba(kStraight, kHalfOfRgb), kHalfOverWhite);
  EXPECT_EQ(rgba(kPremultiplied, {0, 50, 128, 128}), kHalfOverWhite);
  EXPECT_EQ(rgba(kUnspecified, {0, 100, 255, 128}), (Samples{0, 100, 255}));
  EXPECT_EQ(pixelsOf(test::tiffFile({.samplesPerPixel = 2,
                                     .photometric = 1,
                                     .extraSamples = kStraight,
                                     .samples = {100, 128}})),
            (Samples{177, 177, 177}));
}

TEST(DecodeImage, ReadsTheFirstFrameOfAnAnimatedWebp) {
  const auto frame = [](std::uint32_t left, const Samples& rgba) {
    test::ByteWriter data(std::endian::little);
    data.u24(left / 2).u24(0).u24(0).u24(0).u24(100).u8(0);
    data.bytes(test::webpChunks(test::webpFile(1, 1, rgba)));
    return test::webpChunk("ANMF", data.result());
  };
  constexpr std::uint32_t kAnimated = 0x02;
  const auto animation = [&](std::uint32_t left) {
    test::ByteWriter chunks(std::endian::little);
    chunks.bytes(
        test::webpChunk("ANIM", test::ByteWriter(std::endian::little).u32(0).u16(0).result()));
    chunks.bytes(frame(left, {10, 20, 30, 255})).bytes(frame(0, {1, 1, 1, 255}));
    return test::extendedWebpFile(kAnimated, 3, 1, chunks.result());
  };
  EXPECT_EQ(pixelsOf(animation(2)), (Samples{255, 255, 255, 255, 255, 255, 10, 20, 30}));
  EXPECT_EQ(errorCodeOf(animation(4)), ErrorCode::Corrupt);  // outside the canvas
}

const Samples kGifPalette{0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255};

TEST(DecodeImage, LaysTheFirstGifFrameOnAWhiteScreen) {
  for (const bool local : {false, true}) {
    EXPECT_EQ(pixelsOf(test::gifFile({.screenWidth = 3,
                                      .screenHeight = 2,
                                      .left = 1,
                                      .top = 1,
                                      .width = 2,
                                      .height = 1,
                                      .localPalette = local,
                                      .transparentIndex = 2,
                                      .palette = kGifPalette,
                                      .indices = {1, 2}})),
              (Samples{255, 255, 255, 255, 255, 255, 255, 255, 255,  //
                       255, 255, 255, 255, 0, 0, 255, 255, 255}));
  }
}

TEST(DecodeImage, PutsInterlacedGifRowsInTheirPlace) {
  Samples indices;
  Samples expected;
  for (std::size_t y = 0; y < 19; ++y) {
    const std::size_t index = y * 7 % 4;
    indices.push_back(static_cast<std::uint8_t>(index));
    expected.insert(expected.end(), kGifPalette.begin() + static_cast<std::ptrdiff_t>(3 * index),
                    kGifPalette.begin() + static_cast<std::ptrdiff_t>(3 * index + 3));
  }
  EXPECT_EQ(pixelsOf(test::gifFile({.screenWidth = 1,
                                    .screenHeight = 19,
                                    .width = 1,
                                    .height = 19,
                                    .interlaced = true,
                                    .palette = kGifPalette,
                                    .indices = indices})),
            expected);
}

TEST(DecodeImage, RefusesWhatItCannotShowFaithfully) {
  constexpr std::uint32_t kFloat = 3;
  constexpr std::uint32_t kSigned = 2;
  EXPECT_EQ(errorCodeOf(test::tiffFile({.samplesPerPixel = 1,
                                        .bitsPerSample = 32,
                                        .photometric = 1,
                                        .sampleFormat = kFloat,
                                        .samples = {0, 0, 0, 0}})),
            ErrorCode::Unsupported);
  EXPECT_EQ(errorCodeOf(test::tiffFile({.samplesPerPixel = 1,
                                        .bitsPerSample = 16,
                                        .photometric = 1,
                                        .sampleFormat = kSigned,
                                        .samples = {0, 0}})),
            ErrorCode::Unsupported);
  EXPECT_EQ(
      errorCodeOf(test::tiffFile(
          {.samplesPerPixel = 1, .bitsPerSample = 32, .photometric = 1, .samples = {0, 0, 0, 0}})),
      ErrorCode::Unsupported);
}

}  // namespace
}  // namespace vl
