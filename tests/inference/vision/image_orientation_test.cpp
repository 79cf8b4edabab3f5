#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>

#include "inference/vision/image.h"
#include "tests/inference/vision/encoded_images.h"

namespace vl {
namespace {

using test::Bytes;
using test::Samples;

constexpr int kCell = 16;  // pixels; JPEG keeps the middle of one such square to the bit, nearly

struct Rgb {
  int red, green, blue;
};
constexpr std::array<Rgb, 6> kColours{
    {{250, 10, 10}, {10, 250, 10}, {10, 10, 250}, {240, 240, 10}, {10, 240, 240}, {240, 10, 240}}};

/// Squares in rows, "ABC/DEF": letter A is the first colour.
RgbImage squares() {
  RgbImage image{3 * kCell, 2 * kCell, {}};
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const int square = y / kCell * 3 + x / kCell;
      const Rgb& colour = kColours[static_cast<std::size_t>(square)];
      for (const int value : {colour.red, colour.green, colour.blue}) {
        image.pixels.push_back(static_cast<std::uint8_t>(value));
      }
    }
  }
  return image;
}

/// The squares of an image as letters, '?' where the middle is none of the six colours.
std::string lettersOf(const RgbImage& image) {
  constexpr int kTolerance = 4;  // JPEG of flat 16-pixel squares at quality 100
  std::string letters;
  for (int y = kCell / 2; y < image.height; y += kCell) {
    if (!letters.empty()) letters += '/';
    for (int x = kCell / 2; x < image.width; x += kCell) {
      const std::uint8_t* pixel =
          image.pixels.data() + 3 * (static_cast<std::ptrdiff_t>(y) * image.width + x);
      char letter = '?';
      for (std::size_t i = 0; i < kColours.size(); ++i) {
        const Rgb& colour = kColours[i];
        if (std::abs(pixel[0] - colour.red) <= kTolerance &&
            std::abs(pixel[1] - colour.green) <= kTolerance &&
            std::abs(pixel[2] - colour.blue) <= kTolerance) {
          letter = static_cast<char>('A' + i);
        }
      }
      letters += letter;
    }
  }
  return letters;
}

/// Index: EXIF orientation. What a viewer shows of "ABC/DEF".
constexpr std::array<std::string_view, 9> kShown{
    "", "ABC/DEF", "CBA/FED", "FED/CBA", "DEF/ABC", "AD/BE/CF", "DA/EB/FC", "FC/EB/DA", "CF/BE/AD"};

struct Format {
  std::string name;
  std::function<Bytes(const RgbImage&, int orientation)> encode;
};

Bytes webpWithExif(const RgbImage& image, const Bytes& exif) {
  Samples rgba;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    rgba.insert(rgba.end(), {image.pixels[i], image.pixels[i + 1], image.pixels[i + 2], 255});
  }
  constexpr std::uint32_t kHasExif = 0x08;
  test::ByteWriter chunks(std::endian::little);
  chunks.bytes(test::webpChunks(test::webpFile(image.width, image.height, rgba)));
  chunks.bytes(test::webpChunk("EXIF", exif));
  return test::extendedWebpFile(kHasExif, static_cast<std::uint32_t>(image.width),
                                static_cast<std::uint32_t>(image.height), chunks.result());
}

Bytes tiffWithOrientation(const RgbImage& image, int orientation, std::endian order,
                          std::uint32_t rowsPerStrip) {
  return test::tiffFile({.width = static_cast<std::uint32_t>(image.width),
                         .height = static_cast<std::uint32_t>(image.height),
                         .orientation = static_cast<std::uint32_t>(orientation),
                         .rowsPerStrip = rowsPerStrip,
                         .order = order,
                         .samples = image.pixels});
}

void PrintTo(const Format& format, std::ostream* out) { *out << format.name; }

std::vector<Format> formats() {
  return {
      {"Jpeg",
       [](const RgbImage& image, int orientation) {
         return test::jpegFile(image, {.quality = 100, .exif = test::exifBlock(orientation)});
       }},
      {"JpegBigEndian",
       [](const RgbImage& image, int orientation) {
         return test::jpegFile(
             image, {.quality = 100, .exif = test::exifBlock(orientation, std::endian::big)});
       }},
      {"Png",
       [](const RgbImage& image, int orientation) {
         return test::pngFile({.width = static_cast<std::uint32_t>(image.width),
                               .height = static_cast<std::uint32_t>(image.height),
                               .samples = image.pixels,
                               .exif = test::exifBlock(orientation)});
       }},
      {"WebP", [](const RgbImage& image,
                  int orientation) { return webpWithExif(image, test::exifBlock(orientation)); }},
      {"WebPWithJpegPrefix",
       [](const RgbImage& image, int orientation) {
         return webpWithExif(image, test::ByteWriter(std::endian::little)
                                        .text({"Exif\0\0", 6})
                                        .bytes(test::exifBlock(orientation))
                                        .result());
       }},
      {"Tiff",
       [](const RgbImage& image, int orientation) {
         return tiffWithOrientation(image, orientation, std::endian::little, 32);
       }},
      {"TiffInStripsBigEndian",
       [](const RgbImage& image, int orientation) {
         return tiffWithOrientation(image, orientation, std::endian::big, 5);
       }},
  };
}

class ImageOrientation : public testing::TestWithParam<Format> {};

TEST_P(ImageOrientation, IsAppliedOnceOrNotAtAll) {
  const RgbImage image = squares();
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const Bytes encoded = GetParam().encode(image, orientation);
    const Result<RgbImage> shown = decodeImage(encoded);
    ASSERT_TRUE(shown) << shown.error().what;
    EXPECT_EQ(lettersOf(*shown), kShown[static_cast<std::size_t>(orientation)])
        << "orientation " << orientation;
    const Result<RgbImage> stored = decodeImage(encoded, Orientation::AsStored);
    ASSERT_TRUE(stored) << stored.error().what;
    EXPECT_EQ(lettersOf(*stored), "ABC/DEF") << "orientation " << orientation;
  }
}

INSTANTIATE_TEST_SUITE_P(EveryFormat, ImageOrientation, testing::ValuesIn(formats()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace vl
