#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace vl {

/// What the product wants from the first directory of a TIFF structure (TIFF 6.0, section 2). EXIF
/// data is the same structure without pixels. Tags that are absent, or whose value is not one
/// SHORT or LONG, are none.
struct TiffDirectory {
  std::optional<std::uint32_t> width;
  std::optional<std::uint32_t> height;
  std::optional<std::uint32_t> orientation;
};

/// None when the bytes are not a classic TIFF structure or end before the directory does.
std::optional<TiffDirectory> readTiffDirectory(std::span<const std::byte> tiff);

/// Orientation 1..8 of an EXIF block, with or without the "Exif\0\0" that JPEG puts before it;
/// 1 (as stored) when the block is damaged or says nothing: it is advice, the pixels are intact.
int exifOrientation(std::span<const std::byte> exif);

/// 1..8 as they are, anything else 1.
int validOrientation(std::optional<std::uint32_t> orientation);

}  // namespace vl
