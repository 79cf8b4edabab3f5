#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "inference/base/result.h"
#include "inference/vision/image.h"
#include "inference/vision/image_header.h"

/// The decoders behind decodeImage(), one file per format, each over that format's own library.
/// OpenCV's imdecode wraps the same libraries, but 4.6 returns a cut JPEG as a whole picture, loses
/// transparency of grey PNG and TIFF, misreads several kinds of BMP, has no GIF, and reports to
/// stderr.
///
/// Every decoder takes a header that readImageHeader() accepted, yields 8-bit RGB of exactly its
/// size, unrotated and over white, and treats missing or broken pixel data as Corrupt. Rows are
/// appended as they are decoded: a header that promises more than the file holds costs nothing.
namespace vl::codec {

Result<RgbImage> decodePng(std::span<const std::byte> encoded, const ImageHeader& header);
Result<RgbImage> decodeJpeg(std::span<const std::byte> encoded, const ImageHeader& header);
Result<RgbImage> decodeWebp(std::span<const std::byte> encoded, const ImageHeader& header);
Result<RgbImage> decodeTiff(std::span<const std::byte> encoded, const ImageHeader& header);
Result<RgbImage> decodeBmp(std::span<const std::byte> encoded, const ImageHeader& header);
Result<RgbImage> decodeGif(std::span<const std::byte> encoded, const ImageHeader& header);

inline std::size_t rgbBytes(const ImageHeader& header) {
  return std::size_t{3} * static_cast<std::size_t>(header.width) *
         static_cast<std::size_t>(header.height);
}

/// An image of the header's size with address space for its pixels, and no rows yet.
inline RgbImage startImage(const ImageHeader& header) {
  RgbImage image{header.width, header.height, {}};
  image.pixels.reserve(rgbBytes(header));
  return image;
}

/// An image of the header's size, all white: the page that a smaller frame is laid on.
inline RgbImage whitePage(const ImageHeader& header) {
  return {header.width, header.height, std::vector<std::uint8_t>(rgbBytes(header), 255)};
}

/// Adds one row of zeros; the pointer stays valid while rows are added to a started image.
inline std::uint8_t* appendRow(RgbImage& image) {
  const std::size_t rowBytes = std::size_t{3} * static_cast<std::size_t>(image.width);
  image.pixels.resize(image.pixels.size() + rowBytes);
  return image.pixels.data() + image.pixels.size() - rowBytes;
}

/// One channel of a pixel with straight alpha on a white page, rounded to nearest.
inline std::uint8_t overWhite(unsigned channel, unsigned alpha) {
  return static_cast<std::uint8_t>((channel * alpha + 255 * (255 - alpha) + 127) / 255);
}

/// A row of straight RGBA as RGB on a white page.
inline void rowOverWhite(const std::uint8_t* rgba, std::size_t pixels, std::uint8_t* rgb) {
  for (std::size_t x = 0; x < pixels; ++x, rgba += 4, rgb += 3) {
    for (std::size_t c = 0; c < 3; ++c) rgb[c] = overWhite(rgba[c], rgba[3]);
  }
}

/// "This PNG picture is damaged: <why>", with the library's words as the reason.
inline Error damaged(const ImageHeader& header, std::string_view why) {
  return {ErrorCode::Corrupt, "This " + std::string(formatName(header.format)) +
                                  " picture is damaged or cut off: " + std::string(why)};
}

inline Error unsupported(const ImageHeader& header, std::string_view why) {
  return {ErrorCode::Unsupported, "This " + std::string(formatName(header.format)) +
                                      " picture cannot be read: " + std::string(why)};
}

inline Error sizeDiffers(const ImageHeader& header) {
  return damaged(header, "its header and its data disagree about the size.");
}

}  // namespace vl::codec
