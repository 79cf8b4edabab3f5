#include "inference/vision/image_header.h"

#include <gtest/gtest.h>

#include "tests/inference/vision/encoded_images.h"
#include "tests/inference/vision/synthetic_images.h"

namespace vl {
namespace {

using test::Bytes;
using test::ByteWriter;

Bytes textBytes(std::string_view text) { return ByteWriter(std::endian::big).text(text).result(); }

void expectHeader(const Bytes& encoded, ImageFormat format, int width, int height) {
  const Result<ImageHeader> header = readImageHeader(encoded);
  ASSERT_TRUE(header) << header.error().what;
  EXPECT_EQ(header->format, format);
  EXPECT_EQ(header->width, width);
  EXPECT_EQ(header->height, height);
  EXPECT_EQ(header->orientation, 1);
}

ErrorCode errorCodeOf(const Bytes& encoded) {
  const Result<ImageHeader> header = readImageHeader(encoded);
  EXPECT_FALSE(header);
  return header ? ErrorCode::Internal : header.error().code;
}

/// A PNG without pixel data whose header says this.
Bytes pngSaying(std::uint32_t width, std::uint32_t height) {
  return test::pngFile({.width = width, .height = height, .samples = {}});
}

TEST(ImageHeader, ReadsTheSizeOfEveryFormat) {
  const RgbImage image = test::gradient(37, 12);
  const test::Samples rgba(std::size_t{37} * 12 * 4, 255);
  expectHeader(pngSaying(37, 12), ImageFormat::Png, 37, 12);
  expectHeader(test::jpegFile(image), ImageFormat::Jpeg, 37, 12);
  expectHeader(test::webpFile(37, 12, rgba), ImageFormat::WebP, 37, 12);
  expectHeader(test::lossyWebpFile(image), ImageFormat::WebP, 37, 12);
  expectHeader(test::extendedWebpFile(0, 37, 12, test::webpChunks(test::lossyWebpFile(image))),
               ImageFormat::WebP, 37, 12);
  for (const std::endian order : {std::endian::little, std::endian::big}) {
    expectHeader(
        test::tiffFile({.width = 37, .height = 12, .order = order, .samples = image.pixels}),
        ImageFormat::Tiff, 37, 12);
  }
  expectHeader(test::bmpFile({.width = 37, .height = 12, .samples = {}}), ImageFormat::Bmp, 37, 12);
  expectHeader(test::bmpFile({.width = 37, .height = -12, .samples = {}}), ImageFormat::Bmp, 37,
               12);
  expectHeader(test::bmpFile({.width = 37, .height = 12, .headerBytes = 12, .samples = {}}),
               ImageFormat::Bmp, 37, 12);
  expectHeader(test::gifFile({.screenWidth = 37,
                              .screenHeight = 12,
                              .palette = {0, 0, 0, 255, 255, 255},
                              .indices = {1}}),
               ImageFormat::Gif, 37, 12);
}

TEST(ImageHeader, WidensAGifScreenThatIsSmallerThanItsPicture) {
  expectHeader(test::gifFile({.screenWidth = 2,
                              .screenHeight = 2,
                              .left = 1,
                              .top = 0,
                              .width = 3,
                              .height = 1,
                              .palette = {0, 0, 0, 255, 255, 255},
                              .indices = {1, 0, 1}}),
               ImageFormat::Gif, 4, 2);
}

TEST(ImageHeader, DoesNotTakeAJpegThumbnailForThePicture) {
  // The EXIF block carries a whole small JPEG, as cameras write it.
  const Bytes thumbnail = test::jpegFile(test::gradient(8, 8));
  const Bytes exif =
      ByteWriter(std::endian::little).bytes(test::exifBlock(1)).bytes(thumbnail).result();
  expectHeader(test::jpegFile(test::gradient(64, 48), {.exif = exif}), ImageFormat::Jpeg, 64, 48);
}

TEST(ImageHeader, FindsTheOrientationBehindThePixelsOfAPng) {
  const Bytes png =
      test::pngFile({.samples = {1, 2, 3}, .exif = test::exifBlock(6), .exifBehindPixels = true});
  const Result<ImageHeader> header = readImageHeader(png);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->orientation, 6);
}

TEST(ImageHeader, TreatsBrokenExifAsNoExif) {
  for (const Bytes& exif : {textBytes("II*"), textBytes("nonsense"), test::exifBlock(0),
                            test::exifBlock(9), textBytes({"II*\0\xff\xff\xff\xff", 8})}) {
    const Result<ImageHeader> header =
        readImageHeader(test::pngFile({.samples = {1, 2, 3}, .exif = exif}));
    ASSERT_TRUE(header) << header.error().what;
    EXPECT_EQ(header->orientation, 1);
  }
}

TEST(ImageHeader, RefusesWhatIsNoPicture) {
  EXPECT_EQ(errorCodeOf({}), ErrorCode::Corrupt);
  EXPECT_EQ(errorCodeOf(textBytes("%PDF-1.7 and so on, long enough for any header")),
            ErrorCode::Unsupported);
  EXPECT_EQ(errorCodeOf(textBytes("BMW is a maker of cars and has nothing to do with bitmaps")),
            ErrorCode::Unsupported);
  EXPECT_EQ(errorCodeOf(textBytes("RIFF....WAVEfmt and some sound")), ErrorCode::Unsupported);
  EXPECT_EQ(errorCodeOf(textBytes({"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0", 16})),
            ErrorCode::Unsupported);  // BigTIFF
}

TEST(ImageHeader, RefusesPicturesWithoutPixels) {
  EXPECT_EQ(errorCodeOf(pngSaying(0, 5)), ErrorCode::Corrupt);
  EXPECT_EQ(errorCodeOf(pngSaying(5, 0)), ErrorCode::Corrupt);
  EXPECT_EQ(errorCodeOf(test::bmpFile({.width = -5, .height = 5, .samples = {}})),
            ErrorCode::Corrupt);
  EXPECT_EQ(errorCodeOf(test::tiffFile({.width = 0, .samples = {}})), ErrorCode::Corrupt);
}

TEST(ImageHeader, AcceptsTheLargestPictureAndRefusesOneRowMore) {
  expectHeader(pngSaying(1u << 14, 1u << 14), ImageFormat::Png, 1 << 14, 1 << 14);
  EXPECT_EQ(errorCodeOf(pngSaying(1u << 14, (1u << 14) + 1)), ErrorCode::Unsupported);
  EXPECT_EQ(errorCodeOf(pngSaying(0xffffffffu, 0xffffffffu)), ErrorCode::Unsupported);
  EXPECT_EQ(errorCodeOf(pngSaying(kMaxImageSide + 1, 1)), ErrorCode::Unsupported);
  EXPECT_EQ(errorCodeOf(test::bmpFile({.width = 1 << 15, .height = INT32_MIN, .samples = {}})),
            ErrorCode::Unsupported);
}

TEST(ImageHeader, SniffsTheFormatFromTheFirstBytesAlone) {
  const Bytes png = pngSaying(37, 12);
  EXPECT_EQ(sniffImageFormat(std::span(png).first(kSniffBytes)), ImageFormat::Png);
  const Bytes bmp = test::bmpFile({.samples = {}});
  EXPECT_EQ(sniffImageFormat(std::span(bmp).first(kSniffBytes)), ImageFormat::Bmp);
  EXPECT_EQ(sniffImageFormat({}), std::nullopt);
}

}  // namespace
}  // namespace vl
