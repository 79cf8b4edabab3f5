#include "inference/vision/tiff_directory.h"

#include <array>
#include <bit>
#include <cstring>

#include "inference/vision/byte_cursor.h"

namespace vl {
namespace {

constexpr std::uint16_t kShort = 3;
constexpr std::uint16_t kLong = 4;

constexpr std::uint16_t kImageWidth = 256;
constexpr std::uint16_t kImageLength = 257;
constexpr std::uint16_t kOrientation = 274;

bool startsWith(std::span<const std::byte> bytes, const void* prefix, std::size_t length) {
  return bytes.size() >= length && std::memcmp(bytes.data(), prefix, length) == 0;
}

/// An entry's value field, which is four bytes wide whatever its type.
std::optional<std::uint32_t> readValue(ByteCursor& cursor, std::uint16_t type,
                                       std::uint32_t count) {
  std::optional<std::uint32_t> value;
  if (count == 1 && type == kLong) return cursor.u32();
  if (count == 1 && type == kShort) {
    value = cursor.u16();
    cursor.skip(2);
  } else {
    cursor.skip(4);
  }
  return value;
}

}  // namespace

std::optional<TiffDirectory> readTiffDirectory(std::span<const std::byte> tiff) {
  const bool little = startsWith(tiff, "II*\0", 4);
  if (!little && !startsWith(tiff, "MM\0*", 4)) return std::nullopt;

  ByteCursor cursor(tiff, little ? std::endian::little : std::endian::big);
  cursor.skip(4);
  cursor.seek(cursor.u32());
  const std::uint16_t entries = cursor.u16();
  TiffDirectory directory;
  for (std::uint16_t i = 0; i < entries && cursor.ok(); ++i) {
    const std::uint16_t tag = cursor.u16();
    const std::uint16_t type = cursor.u16();
    const std::uint32_t count = cursor.u32();
    const std::optional<std::uint32_t> value = readValue(cursor, type, count);
    if (tag == kImageWidth) directory.width = value;
    if (tag == kImageLength) directory.height = value;
    if (tag == kOrientation) directory.orientation = value;
  }
  if (!cursor.ok()) return std::nullopt;
  return directory;
}

int exifOrientation(std::span<const std::byte> exif) {
  constexpr std::array<char, 6> kPrefix{'E', 'x', 'i', 'f', '\0', '\0'};
  if (startsWith(exif, kPrefix.data(), kPrefix.size())) exif = exif.subspan(kPrefix.size());
  const std::optional<TiffDirectory> directory = readTiffDirectory(exif);
  return directory ? validOrientation(directory->orientation) : 1;
}

int validOrientation(std::optional<std::uint32_t> orientation) {
  if (!orientation || *orientation < 1 || *orientation > 8) return 1;
  return static_cast<int>(*orientation);
}

}  // namespace vl
