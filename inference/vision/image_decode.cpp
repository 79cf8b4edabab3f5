#include <opencv2/core.hpp>
#include <utility>

#include "inference/vision/image.h"
#include "inference/vision/image_codec.h"
#include "inference/vision/image_header.h"

namespace vl {
namespace {

Result<RgbImage> decodeStored(std::span<const std::byte> encoded, const ImageHeader& header) {
  switch (header.format) {
    case ImageFormat::Png:
      return codec::decodePng(encoded, header);
    case ImageFormat::Jpeg:
      return codec::decodeJpeg(encoded, header);
    case ImageFormat::WebP:
      return codec::decodeWebp(encoded, header);
    case ImageFormat::Tiff:
      return codec::decodeTiff(encoded, header);
    case ImageFormat::Bmp:
      return codec::decodeBmp(encoded, header);
    case ImageFormat::Gif:
      break;
  }
  return codec::decodeGif(encoded, header);
}

cv::Mat view(RgbImage& image) { return {image.height, image.width, CV_8UC3, image.pixels.data()}; }

/// EXIF 2.3, tag Orientation: 5 to 8 swap the sides, then each is at most a mirroring.
RgbImage oriented(RgbImage image, int orientation) {
  if (orientation >= 5) {
    RgbImage turned{image.height, image.width, std::vector<std::uint8_t>(image.pixels.size())};
    cv::Mat target = view(turned);
    cv::transpose(view(image), target);
    image = std::move(turned);
  }
  const bool mirrorColumns =
      orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  const bool mirrorRows =
      orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  cv::Mat pixels = view(image);
  if (mirrorColumns) cv::flip(pixels, pixels, 1);
  if (mirrorRows) cv::flip(pixels, pixels, 0);
  return image;
}

}  // namespace

Result<RgbImage> decodeImage(std::span<const std::byte> encoded, Orientation orientation) {
  const Result<ImageHeader> header = readImageHeader(encoded);
  if (!header) return header.error();
  Result<RgbImage> image = decodeStored(encoded, *header);
  if (!image || orientation == Orientation::AsStored || header->orientation == 1) return image;
  return oriented(std::move(*image), header->orientation);
}

}  // namespace vl
