#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "inference/base/grounding_types.h"
#include "inference/base/result.h"

namespace vl {

/// 8-bit RGB, row-major, no padding: pixels[(y * width + x) * 3 + channel].
struct RgbImage {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;

  ImageSize size() const { return {width, height}; }
};

enum class Orientation { AsStored, ApplyExif };

/// Larger images are refused before any pixel is decoded.
inline constexpr std::uint64_t kMaxImagePixels = 256ull << 20;

/// Decodes PNG, JPEG, WebP, TIFF, BMP or the first frame of a GIF to 8-bit RGB: EXIF orientation
/// applied (upstream ignores it; here boxes and picture agree with what a viewer shows), alpha
/// composited on white, 16 bit scaled, CMYK converted. Formats are told by content, not by name.
/// Errors: NotFound, Io, Unsupported (format, over kMaxImagePixels), Corrupt (empty, truncated,
/// header and data disagree).
Result<RgbImage> decodeImage(std::span<const std::byte> encoded,
                             Orientation orientation = Orientation::ApplyExif);
/// The content of a file for the above. Of anything else (a film, say) it is only the first bytes,
/// by which readImageHeader() and decodeImage() refuse it.
/// Errors: NotFound, Io, Unsupported (larger than any picture).
Result<std::vector<std::byte>> readImageFile(const std::filesystem::path& path);

Result<RgbImage> decodeImageFile(const std::filesystem::path& path,
                                 Orientation orientation = Orientation::ApplyExif);

}  // namespace vl
