#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "inference/base/grounding_types.h"
#include "inference/base/result.h"

namespace vl {

enum class ImageFormat { Png, Jpeg, WebP, Tiff, Bmp, Gif };

/// What a file says about its picture before any pixel is decoded.
struct ImageHeader {
  ImageFormat format = ImageFormat::Png;
  int width = 0;  // as stored, before orientation
  int height = 0;
  int orientation = 1;  // EXIF's 1..8; 1 where the format or the file says nothing
};

/// The sides as the picture is shown: orientations 5 to 8 of EXIF 2.3 turn it by a quarter.
inline ImageSize orientedSize(const ImageHeader& header) {
  const bool turned = header.orientation >= 5;
  return turned ? ImageSize{header.height, header.width} : ImageSize{header.width, header.height};
}

/// No side may be longer, so that a resampling table stays small whatever the picture's shape.
inline constexpr std::uint32_t kMaxImageSide = 1u << 20;

/// Bytes from the start of a file that sniffImageFormat needs.
inline constexpr std::size_t kSniffBytes = 18;

std::string_view formatName(ImageFormat format);

/// Tells the format by content; none when it is not one of the six.
std::optional<ImageFormat> sniffImageFormat(std::span<const std::byte> start);

/// Walks the file's structure (chunk lengths, markers, directory) and never its compressed data:
/// no allocation, time linear in the file. This is the gate before the decoders.
/// Errors: Unsupported for another format, BigTIFF, a side over kMaxImageSide or more than
/// kMaxImagePixels; Corrupt for a structure that is cut off or contradicts itself and for a
/// picture without pixels.
Result<ImageHeader> readImageHeader(std::span<const std::byte> encoded);

}  // namespace vl
