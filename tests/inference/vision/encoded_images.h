#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "inference/vision/image.h"

/// Small picture files, made to order: by hand where a test wants a field that encoders do not
/// offer, by the format's library where compression is needed.
namespace vl::test {

using Bytes = std::vector<std::byte>;
using Samples = std::vector<std::uint8_t>;  // as the format stores them, row by row

/// Appends numbers in one byte order.
class ByteWriter {
 public:
  explicit ByteWriter(std::endian order) : order_(order) {}
  ByteWriter& u8(std::uint32_t value) { return number(value, 1); }
  ByteWriter& u16(std::uint32_t value) { return number(value, 2); }
  ByteWriter& u24(std::uint32_t value) { return number(value, 3); }
  ByteWriter& u32(std::uint32_t value) { return number(value, 4); }
  ByteWriter& text(std::string_view text);
  ByteWriter& bytes(const Bytes& bytes);
  ByteWriter& samples(const Samples& samples);
  const Bytes& result() const { return result_; }

 private:
  ByteWriter& number(std::uint32_t value, int width);

  std::endian order_;
  Bytes result_;
};

/// An EXIF block of one entry, without the "Exif\0\0" of JPEG.
Bytes exifBlock(int orientation, std::endian order = std::endian::little);

enum PngColour { kPngGrey = 0, kPngRgb = 2, kPngPalette = 3, kPngGreyAlpha = 4, kPngRgba = 6 };
struct PngSpec {
  std::uint32_t width = 1;
  std::uint32_t height = 1;
  int depth = 8;
  PngColour colour = kPngRgb;
  Samples samples{};
  Samples palette{};       // PLTE
  Samples transparency{};  // tRNS
  Bytes exif{};
  bool exifBehindPixels = false;
  bool interlaced = false;  // only with depth 8
};
Bytes pngFile(const PngSpec& spec);
Bytes pngChunk(std::string_view type, const Bytes& data);

struct JpegSpec {
  int quality = 95;
  bool progressive = false;
  bool grey = false;
  Bytes exif{};
};
Bytes jpegFile(const RgbImage& image, const JpegSpec& spec = {});
/// Four inks per pixel, stored as given; coded as CMYK or as YCCK.
Bytes cmykJpegFile(int width, int height, const Samples& inks, bool ycck);

/// Simple lossless WebP of 4 channels; alpha is kept only where it is not all 255.
Bytes webpFile(int width, int height, const Samples& rgba);
Bytes lossyWebpFile(const RgbImage& image);
/// The chunks inside a simple WebP file.
Bytes webpChunks(const Bytes& simpleFile);
Bytes webpChunk(std::string_view type, const Bytes& data);
/// An extended WebP file; flags as in its VP8X chunk.
Bytes extendedWebpFile(std::uint32_t flags, std::uint32_t width, std::uint32_t height,
                       const Bytes& chunks);

struct TiffSpec {
  std::uint32_t width = 1;
  std::uint32_t height = 1;
  std::uint32_t samplesPerPixel = 3;
  std::uint32_t bitsPerSample = 8;
  std::uint32_t photometric = 2;  // RGB; 0 and 1 are grey, 5 CMYK
  std::optional<std::uint32_t> extraSamples{};
  std::optional<std::uint32_t> sampleFormat{};
  std::optional<std::uint32_t> orientation{};
  std::uint32_t rowsPerStrip = 1;
  std::uint32_t tileSide = 0;  // nonzero: square tiles instead of strips
  std::endian order = std::endian::little;
  bool directoryLast = false;
  Samples samples{};  // 16-bit ones in the file's byte order
};
/// Uncompressed strips or tiles.
Bytes tiffFile(const TiffSpec& spec);

struct BmpSpec {
  std::int32_t width = 1;
  std::int32_t height = 1;  // negative: top row first
  std::uint32_t bitsPerPixel = 24;
  std::uint32_t compression = 0;
  std::uint32_t headerBytes = 40;  // 12, 40, 56 or 108
  std::vector<std::uint32_t> masks{};
  std::vector<std::uint32_t> palette{};  // 0xrrggbb
  Samples samples{};                     // padded rows, or run-length codes
};
Bytes bmpFile(const BmpSpec& spec);

struct GifSpec {
  int screenWidth = 1, screenHeight = 1;
  int left = 0, top = 0, width = 1, height = 1;
  bool interlaced = false;
  bool localPalette = false;
  int transparentIndex = -1;
  Samples palette{};  // RGB, a power of two of them
  Samples indices{};  // top row first
};
Bytes gifFile(const GifSpec& spec);

}  // namespace vl::test
