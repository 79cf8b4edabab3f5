#include "inference/vision/image_header.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string>

#include "inference/vision/byte_cursor.h"
#include "inference/vision/image.h"
#include "inference/vision/tiff_directory.h"

namespace vl {
namespace {

/// Sizes as found, before anybody has asked whether they make sense.
struct Found {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  int orientation = 1;
};

Error corrupt(ImageFormat format, std::string_view what) {
  return {ErrorCode::Corrupt,
          "This " + std::string(formatName(format)) + " picture is damaged: " + std::string(what)};
}

bool equals(std::span<const std::byte> bytes, std::string_view text) {
  return bytes.size() == text.size() && std::memcmp(bytes.data(), text.data(), text.size()) == 0;
}

bool startsWith(std::span<const std::byte> bytes, std::string_view text) {
  return bytes.size() >= text.size() && equals(bytes.first(text.size()), text);
}

/// PNG specification, section 5. Walked to IEND: eXIf may come after the pixels.
Result<Found> readPng(std::span<const std::byte> encoded) {
  ByteCursor cursor(encoded, std::endian::big);
  cursor.skip(8);
  Found found;
  const std::uint32_t headerLength = cursor.u32();
  if (headerLength != 13 || !equals(cursor.take(4), "IHDR")) {
    return corrupt(ImageFormat::Png, "it does not start with a header.");
  }
  found.width = cursor.u32();
  found.height = cursor.u32();
  cursor.skip(5 + 4);  // depth, colour, methods; CRC
  while (cursor.ok()) {
    const std::uint32_t length = cursor.u32();
    const std::span<const std::byte> type = cursor.take(4);
    const std::span<const std::byte> data = cursor.take(length);
    cursor.skip(4);
    if (!cursor.ok()) break;
    if (equals(type, "eXIf")) found.orientation = exifOrientation(data);
    if (equals(type, "IEND")) return found;
  }
  return corrupt(ImageFormat::Png, "it is cut off before its end chunk.");
}

bool isStartOfFrame(std::uint8_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

bool standsAlone(std::uint8_t marker) { return marker == 0x01 || (marker & 0xf8) == 0xd0; }

/// The next marker code; bytes between segments are passed over, as libjpeg does.
std::uint8_t nextMarker(ByteCursor& cursor) {
  while (cursor.ok()) {
    if (cursor.u8() != 0xff) continue;
    std::uint8_t code = 0xff;
    while (cursor.ok() && code == 0xff) code = cursor.u8();
    if (code != 0) return code;
  }
  return 0;
}

/// ITU T.81, annex B, up to the first scan. Whether the scans are complete only decoding can tell.
Result<Found> readJpeg(std::span<const std::byte> encoded) {
  constexpr std::uint8_t kEndOfImage = 0xd9;
  constexpr std::uint8_t kStartOfScan = 0xda;
  constexpr std::uint8_t kApp1 = 0xe1;
  ByteCursor cursor(encoded, std::endian::big);
  cursor.skip(2);
  std::optional<Found> frame;
  std::optional<int> orientation;
  while (cursor.ok()) {
    const std::uint8_t marker = nextMarker(cursor);
    if (standsAlone(marker)) continue;
    if (marker == kStartOfScan || marker == kEndOfImage) break;
    const std::uint16_t length = cursor.u16();
    if (length < 2) break;
    const std::span<const std::byte> segment = cursor.take(length - 2u);
    if (!cursor.ok()) break;
    if (marker == kApp1 && !orientation && startsWith(segment, {"Exif\0\0", 6})) {
      orientation = exifOrientation(segment);
    }
    if (isStartOfFrame(marker) && !frame) {
      ByteCursor fields(segment, std::endian::big);
      fields.skip(1);  // precision
      frame.emplace();
      frame->height = fields.u16();
      frame->width = fields.u16();
    }
  }
  if (!cursor.ok()) return corrupt(ImageFormat::Jpeg, "it is cut off before its pixels.");
  if (!frame) return corrupt(ImageFormat::Jpeg, "it has no frame header.");
  frame->orientation = orientation.value_or(1);
  return *frame;
}

/// Sizes in the chunk that holds the pixels of a simple WebP file.
Result<Found> readWebpFrame(std::span<const std::byte> type, std::span<const std::byte> data) {
  Found found;
  ByteCursor fields(data, std::endian::little);
  if (equals(type, "VP8 ")) {  // RFC 6386, section 9.1; the upper two bits are a scaling hint
    fields.skip(6);
    found.width = fields.u16() & 0x3fffu;
    found.height = fields.u16() & 0x3fffu;
  } else {  // WebP lossless bitstream, section 3
    fields.skip(1);
    const std::uint32_t bits = fields.u32();
    found.width = (bits & 0x3fffu) + 1;
    found.height = ((bits >> 14) & 0x3fffu) + 1;
  }
  if (!fields.ok()) return corrupt(ImageFormat::WebP, "its frame header is cut off.");
  return found;
}

/// WebP container specification: a simple file holds one frame chunk, an extended one VP8X first.
Result<Found> readWebp(std::span<const std::byte> encoded) {
  ByteCursor riff(encoded, std::endian::little);
  riff.skip(4);
  const std::span<const std::byte> body = riff.take(riff.u32());
  if (!riff.ok()) return corrupt(ImageFormat::WebP, "it is shorter than it says.");

  ByteCursor cursor(body, std::endian::little);
  cursor.skip(4);  // "WEBP"
  std::optional<Found> canvas;
  int orientation = 1;
  while (cursor.ok() && cursor.remaining() > 0) {
    const std::span<const std::byte> type = cursor.take(4);
    const std::uint32_t length = cursor.u32();
    const std::span<const std::byte> data = cursor.take(length);
    if (length % 2 == 1 && cursor.remaining() > 0) cursor.skip(1);  // padding; some omit the last
    if (!cursor.ok()) return corrupt(ImageFormat::WebP, "a chunk is cut off.");
    if (!canvas && (equals(type, "VP8 ") || equals(type, "VP8L"))) return readWebpFrame(type, data);
    if (!canvas && equals(type, "VP8X")) {
      ByteCursor fields(data, std::endian::little);
      fields.skip(4);
      canvas.emplace();
      canvas->width = fields.u24() + 1;
      canvas->height = fields.u24() + 1;
      if (!fields.ok()) return corrupt(ImageFormat::WebP, "its header is cut off.");
    }
    if (equals(type, "EXIF")) orientation = exifOrientation(data);
  }
  if (!canvas) return corrupt(ImageFormat::WebP, "it holds no picture.");
  canvas->orientation = orientation;
  return *canvas;
}

Result<Found> readTiff(std::span<const std::byte> encoded) {
  if (startsWith(encoded, {"II+\0", 4}) || startsWith(encoded, {"MM\0+", 4})) {
    return Error{ErrorCode::Unsupported, "BigTIFF pictures cannot be read."};
  }
  const std::optional<TiffDirectory> directory = readTiffDirectory(encoded);
  if (!directory) return corrupt(ImageFormat::Tiff, "its directory is cut off.");
  if (!directory->width || !directory->height) {
    return corrupt(ImageFormat::Tiff, "its directory does not give the size.");
  }
  return Found{*directory->width, *directory->height, validOrientation(directory->orientation)};
}

Result<Found> readBmp(std::span<const std::byte> encoded) {
  ByteCursor cursor(encoded, std::endian::little);
  cursor.skip(14);
  Found found;
  if (cursor.u32() == 12) {
    found.width = cursor.u16();
    found.height = cursor.u16();
  } else {  // signed; a negative height means that the first row is the top one
    const auto width = static_cast<std::int32_t>(cursor.u32());
    const std::int64_t height = static_cast<std::int32_t>(cursor.u32());
    found.width = width > 0 ? static_cast<std::uint32_t>(width) : 0;
    found.height = static_cast<std::uint32_t>(height < 0 ? -height : height);
  }
  if (!cursor.ok()) return corrupt(ImageFormat::Bmp, "its header is cut off.");
  return found;
}

void skipGifColourTable(ByteCursor& cursor, std::uint8_t flags) {
  if ((flags & 0x80) != 0) cursor.skip(std::size_t{3} << ((flags & 7) + 1));
}

void skipGifSubBlocks(ByteCursor& cursor) {
  std::uint8_t length = 0;
  do {
    length = cursor.u8();
    cursor.skip(length);
  } while (cursor.ok() && length != 0);
}

/// GIF89a, walked to the trailer. The canvas is the logical screen, widened when the first picture
/// is larger, as browsers do.
Result<Found> readGif(std::span<const std::byte> encoded) {
  ByteCursor cursor(encoded, std::endian::little);
  cursor.skip(6);
  Found canvas;
  canvas.width = cursor.u16();
  canvas.height = cursor.u16();
  const std::uint8_t flags = cursor.u8();
  cursor.skip(2);
  skipGifColourTable(cursor, flags);
  bool sawPicture = false;
  for (;;) {
    const std::uint8_t block = cursor.u8();
    if (!cursor.ok()) return corrupt(ImageFormat::Gif, "it is cut off before its trailer.");
    if (block == 0x3b) break;
    if (block == 0x2c) {
      const std::uint32_t left = cursor.u16();
      const std::uint32_t top = cursor.u16();
      const std::uint32_t width = cursor.u16();
      const std::uint32_t height = cursor.u16();
      if (!sawPicture) {
        canvas.width = std::max(canvas.width, left + width);
        canvas.height = std::max(canvas.height, top + height);
        if (width == 0 || height == 0) canvas = {};
      }
      sawPicture = true;
      skipGifColourTable(cursor, cursor.u8());
      cursor.skip(1);  // LZW code size
    } else if (block == 0x21) {
      cursor.skip(1);  // extension label
    } else {
      return corrupt(ImageFormat::Gif, "it holds an unknown block.");
    }
    skipGifSubBlocks(cursor);
  }
  if (!sawPicture) return corrupt(ImageFormat::Gif, "it holds no picture.");
  return canvas;
}

Result<Found> readFormat(ImageFormat format, std::span<const std::byte> encoded) {
  switch (format) {
    case ImageFormat::Png:
      return readPng(encoded);
    case ImageFormat::Jpeg:
      return readJpeg(encoded);
    case ImageFormat::WebP:
      return readWebp(encoded);
    case ImageFormat::Tiff:
      return readTiff(encoded);
    case ImageFormat::Bmp:
      return readBmp(encoded);
    case ImageFormat::Gif:
      break;
  }
  return readGif(encoded);
}

/// "BM" alone also starts many a text; the header length behind it is one of a few.
bool isBmp(std::span<const std::byte> start) {
  constexpr std::array<std::uint32_t, 7> kHeaderBytes{12, 40, 52, 56, 64, 108, 124};
  ByteCursor cursor(start, std::endian::little);
  if (!equals(cursor.take(2), "BM")) return false;
  cursor.skip(12);
  const std::uint32_t headerBytes = cursor.u32();
  return std::find(kHeaderBytes.begin(), kHeaderBytes.end(), headerBytes) != kHeaderBytes.end();
}

}  // namespace

std::string_view formatName(ImageFormat format) {
  constexpr std::array<std::string_view, 6> kNames{"PNG", "JPEG", "WebP", "TIFF", "BMP", "GIF"};
  return kNames[static_cast<std::size_t>(format)];
}

std::optional<ImageFormat> sniffImageFormat(std::span<const std::byte> start) {
  if (startsWith(start, "\x89PNG\r\n\x1a\n")) return ImageFormat::Png;
  if (startsWith(start, "\xff\xd8\xff")) return ImageFormat::Jpeg;
  if (startsWith(start, "GIF87a") || startsWith(start, "GIF89a")) return ImageFormat::Gif;
  for (const std::string_view tiff : {std::string_view("II*\0", 4), std::string_view("MM\0*", 4),
                                      std::string_view("II+\0", 4), std::string_view("MM\0+", 4)}) {
    if (startsWith(start, tiff)) return ImageFormat::Tiff;
  }
  if (startsWith(start, "RIFF") && start.size() >= 12 && equals(start.subspan(8, 4), "WEBP")) {
    return ImageFormat::WebP;
  }
  if (isBmp(start)) return ImageFormat::Bmp;
  return std::nullopt;
}

Result<ImageHeader> readImageHeader(std::span<const std::byte> encoded) {
  if (encoded.empty()) return Error{ErrorCode::Corrupt, "The picture file is empty."};
  const std::optional<ImageFormat> format = sniffImageFormat(encoded);
  if (!format) {
    return Error{ErrorCode::Unsupported,
                 "This is not a PNG, JPEG, WebP, TIFF, BMP or GIF picture."};
  }
  const Result<Found> found = readFormat(*format, encoded);
  if (!found) return found.error();
  if (found->width == 0 || found->height == 0) return corrupt(*format, "it has no pixels.");
  const std::uint64_t pixels = std::uint64_t{found->width} * found->height;
  if (pixels > kMaxImagePixels || found->width > kMaxImageSide || found->height > kMaxImageSide) {
    return Error{ErrorCode::Unsupported, "The picture is " + std::to_string(found->width) + " x " +
                                             std::to_string(found->height) + " pixels; at most " +
                                             std::to_string(kMaxImagePixels >> 20) +
                                             " megapixels and " + std::to_string(kMaxImageSide) +
                                             " on a side can be read."};
  }
  return ImageHeader{*format, static_cast<int>(found->width), static_cast<int>(found->height),
                     found->orientation};
}

}  // namespace vl
