#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "inference/vision/image.h"
#include "inference/vision/image_header.h"
#include "tests/inference/vision/encoded_images.h"
#include "tests/inference/vision/synthetic_images.h"

namespace vl {
namespace {

using test::Bytes;
using test::Samples;

struct Sample {
  std::string name;
  Bytes encoded;
  std::size_t tail = 0;  // bytes at the end that the picture does not need
};

void PrintTo(const Sample& sample, std::ostream* out) { *out << sample.name; }

/// Small whole files of every format and of the variants that are decoded differently.
std::vector<Sample> samples() {
  constexpr int kWidth = 24;
  constexpr int kHeight = 20;
  const RgbImage image = test::rings(kWidth, kHeight);
  Samples rgba;
  Samples indices;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    rgba.insert(rgba.end(),
                {image.pixels[i], image.pixels[i + 1], image.pixels[i + 2], image.pixels[i]});
    indices.push_back(image.pixels[i] % 4);
  }
  const Samples palette{0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255};
  test::PngSpec png{.width = kWidth, .height = kHeight, .samples = image.pixels};
  test::PngSpec interlaced = png;
  interlaced.interlaced = true;
  test::TiffSpec tiff{
      .width = kWidth, .height = kHeight, .rowsPerStrip = 8, .samples = image.pixels};
  test::TiffSpec tiffDirectoryLast = tiff;
  tiffDirectoryLast.directoryLast = true;
  test::GifSpec gif{.screenWidth = kWidth,
                    .screenHeight = kHeight,
                    .width = kWidth,
                    .height = kHeight,
                    .palette = palette,
                    .indices = indices};
  test::BmpSpec runs{.width = 4,
                     .height = 2,
                     .bitsPerPixel = 8,
                     .compression = 1,
                     .palette = {0, 0xff0000},
                     .samples = {4, 1, 0, 0, 0, 4, 1, 0, 1, 0, 0, 1}};
  return {{"Png", test::pngFile(png)},
          {"PngInterlaced", test::pngFile(interlaced)},
          {"Jpeg", test::jpegFile(image)},
          {"JpegProgressive", test::jpegFile(image, {.progressive = true})},
          {"WebpLossless", test::webpFile(kWidth, kHeight, rgba)},
          {"WebpLossy", test::lossyWebpFile(image)},
          {"Tiff", test::tiffFile(tiff)},
          {"TiffDirectoryLast", test::tiffFile(tiffDirectoryLast), 4},  // says: no second picture

          {"Bmp", test::bmpFile({.width = kWidth, .height = kHeight, .samples = image.pixels})},
          {"BmpRunLength", test::bmpFile(runs)},
          {"Gif", test::gifFile(gif)}};
}

class ImageDamage : public testing::TestWithParam<Sample> {};

TEST_P(ImageDamage, WholeFileIsRead) { EXPECT_TRUE(decodeImage(GetParam().encoded)); }

TEST_P(ImageDamage, EveryCutIsAnError) {
  const Bytes& whole = GetParam().encoded;
  for (std::size_t length = 0; length < whole.size() - GetParam().tail; ++length) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    const Result<RgbImage> image = decodeImage(cut);
    EXPECT_FALSE(image) << "cut after " << length << " of " << whole.size() << " bytes";
  }
}

TEST_P(ImageDamage, EveryFlippedByteIsAnErrorOrAWholePicture) {
  Bytes damaged = GetParam().encoded;
  for (std::size_t i = 0; i < damaged.size(); ++i) {
    for (const std::byte mask : {std::byte{0x01}, std::byte{0x80}, std::byte{0xff}}) {
      damaged[i] ^= mask;
      const Result<RgbImage> image = decodeImage(damaged);
      if (image) {
        EXPECT_EQ(image->pixels.size(),
                  3u * static_cast<unsigned>(image->width) * static_cast<unsigned>(image->height));
      } else {
        EXPECT_FALSE(image.error().what.empty());
      }
      damaged[i] ^= mask;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryFormat, ImageDamage, testing::ValuesIn(samples()),
                         [](const auto& instance) { return instance.param.name; });

TEST(TruncatedJpeg, IsAnErrorAlsoWithAnEndMarker) {
  Bytes cut = test::jpegFile(test::rings(64, 64));
  cut.resize(cut.size() * 3 / 4);
  cut.insert(cut.end(), {std::byte{0xff}, std::byte{0xd9}});
  const Result<RgbImage> image = decodeImage(cut);
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, ErrorCode::Corrupt);
}

TEST(JpegWithManyScans, IsRefusedBeforeTheyCostTime) {
  // The first scan, the averages of the squares, a thousand times: each time a pass over the whole
  // picture, and nothing wrong but the number.
  const Bytes jpeg = test::jpegFile(test::gradient(64, 64), {.progressive = true});
  std::vector<Bytes::const_iterator> scans;
  for (auto at = jpeg.begin(); at + 1 < jpeg.end(); ++at) {
    if (at[0] == std::byte{0xff} && at[1] == std::byte{0xda}) scans.push_back(at);
  }
  ASSERT_GE(scans.size(), 2u);
  // Up to the second scan there is also its Huffman table, which may be repeated as well.
  Bytes many(jpeg.begin(), scans[1]);
  for (int i = 0; i < 1000; ++i) many.insert(many.end(), scans[0], scans[1]);
  many.insert(many.end(), scans[1], jpeg.end());
  const Result<RgbImage> image = decodeImage(many);
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, ErrorCode::Corrupt);
  EXPECT_NE(image.error().what.find("scans"), std::string::npos) << image.error().what;
}

TEST(TruncatedGif, IsAnErrorAlsoBehindItsFirstFrame) {
  Bytes gif = test::gifFile({.palette = {0, 0, 0, 1, 1, 1}, .indices = {1}});
  ASSERT_TRUE(decodeImage(gif));
  gif.pop_back();  // the trailer
  const Bytes comment =
      test::ByteWriter(std::endian::little).u8(0x21).u8(0xfe).u8(9).text("cut").result();
  gif.insert(gif.end(), comment.begin(), comment.end());
  EXPECT_FALSE(decodeImage(gif));
}

TEST(ImageSizes, ThatTheDataContradictsAreAnError) {
  // A simple WebP inside an extended one with another canvas.
  const Bytes simple = test::webpFile(4, 4, Samples(64, 255));
  EXPECT_FALSE(decodeImage(test::extendedWebpFile(0, 5, 4, test::webpChunks(simple))));
  // More rows than there is data for.
  const Samples oneRow{1, 2, 3};
  EXPECT_FALSE(decodeImage(test::tiffFile({.height = 2, .samples = oneRow})));
  EXPECT_FALSE(decodeImage(test::bmpFile({.height = 2, .samples = {1, 2, 3, 0}})));
  const Bytes shortPng = test::pngFile({.width = 1, .height = 1, .samples = oneRow});
  Bytes tallPng = test::pngFile({.width = 1, .height = 9, .samples = {}});
  EXPECT_FALSE(decodeImage(tallPng));
  EXPECT_TRUE(decodeImage(shortPng));
}

/// Largest resident size since the last reset, in MiB (Linux).
std::size_t peakMebibytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::size_t kibibytes = 0;
    if (word == "VmHWM:" && status >> kibibytes) return kibibytes >> 10;
  }
  return 0;
}
void resetPeak() { std::ofstream("/proc/self/clear_refs") << "5"; }

/// Files of a few hundred bytes whose headers promise about 250 megapixels.
std::vector<Sample> emptyPromises() {
  constexpr std::uint32_t kSide = 15900;
  const test::PngSpec png{.width = kSide, .height = kSide, .samples = Samples(kSide, 0)};
  test::PngSpec interlaced = png;
  interlaced.samples = {};
  interlaced.interlaced = true;
  // The frame header of a small JPEG, changed: height and width are its bytes 5 to 8.
  Bytes jpeg = test::jpegFile(test::gradient(16, 16));
  Bytes progressive = test::jpegFile(test::gradient(16, 16), {.progressive = true});
  for (Bytes* file : {&jpeg, &progressive}) {
    for (std::size_t i = 0; i + 8 < file->size(); ++i) {
      const auto marker = std::to_integer<unsigned>((*file)[i + 1]);
      if ((*file)[i] != std::byte{0xff} || (marker != 0xc0 && marker != 0xc2)) continue;
      for (const std::size_t at : {i + 5, i + 7}) {
        (*file)[at] = std::byte{kSide >> 8};
        (*file)[at + 1] = std::byte{kSide & 0xff};
      }
      break;
    }
  }
  // Lossless WebP: 14 bits each of width - 1 and height - 1, from the 22nd byte on.
  Bytes webp = test::webpFile(64, 64, Samples(std::size_t{64} * 64 * 4, 200));
  const std::uint32_t webpSize = (kSide - 1) | (kSide - 1) << 14;
  for (std::size_t i = 0; i < 4; ++i) {
    webp[21 + i] = static_cast<std::byte>(webpSize >> (8 * i));
  }
  Bytes gif = test::gifFile(
      {.screenWidth = kSide, .screenHeight = kSide, .palette = {0, 0, 0, 1, 1, 1}, .indices = {1}});
  return {
      {"Png", test::pngFile(png)},
      {"PngInterlaced", test::pngFile(interlaced)},
      {"Jpeg", jpeg},
      {"JpegProgressive", progressive},
      {"WebP", webp},
      {"Tiff", test::tiffFile(
                   {.width = kSide, .height = kSide, .rowsPerStrip = kSide, .samples = {1, 2, 3}})},
      {"Bmp", test::bmpFile({.width = kSide, .height = kSide, .samples = {1, 2, 3, 0}})}};
}

class EmptyPromises : public testing::TestWithParam<Sample> {};

TEST_P(EmptyPromises, CostNoMemory) {
  const Result<ImageHeader> header = readImageHeader(GetParam().encoded);
  ASSERT_TRUE(header) << header.error().what;
  ASSERT_GT(std::int64_t{header->width} * header->height, 240'000'000);
  resetPeak();
  const std::size_t before = peakMebibytes();
  const Result<RgbImage> image = decodeImage(GetParam().encoded);
  const std::size_t after = peakMebibytes();
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, ErrorCode::Corrupt) << image.error().what;
  // The picture would take 723 MiB. Row buffers and tables take a few, the address sanitizer one
  // byte for every eight that are reserved.
  EXPECT_LE(after, before + 200);
}

INSTANTIATE_TEST_SUITE_P(EveryFormat, EmptyPromises, testing::ValuesIn(emptyPromises()),
                         [](const auto& instance) { return instance.param.name; });

TEST(OversizedPicture, IsRefusedWithItsSizeAndTheLimit) {
  const Result<RgbImage> image =
      decodeImage(test::pngFile({.width = 20000, .height = 15000, .samples = {}}));
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, ErrorCode::Unsupported);
  EXPECT_NE(image.error().what.find("20000 x 15000"), std::string::npos) << image.error().what;
  EXPECT_NE(image.error().what.find("256 megapixels"), std::string::npos) << image.error().what;
}

}  // namespace
}  // namespace vl
