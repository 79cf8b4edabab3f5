#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <vector>

#include "inference/vision/byte_cursor.h"
#include "inference/vision/image_codec.h"

// Windows bitmaps (BITMAPCOREHEADER to BITMAPV5HEADER), the one format without a library in Debian
// that can say no quietly.
namespace vl::codec {
namespace {

enum Compression : std::uint32_t { Rgb = 0, Rle8 = 1, Rle4 = 2, Bitfields = 3, AlphaBitfields = 6 };

struct Colour {
  std::uint8_t red = 0, green = 0, blue = 0;
};

/// One colour channel of a 16- or 32-bit pixel: a run of bits, scaled to 0..255.
struct Channel {
  int shift = 0;
  std::uint32_t max = 0;  // 0: the channel is absent

  std::uint8_t of(std::uint32_t pixel) const {
    const std::uint64_t value = (pixel >> shift) & max;
    return static_cast<std::uint8_t>((value * 255 + max / 2) / max);
  }
};

struct Layout {
  std::size_t pixelOffset = 0;
  int bitsPerPixel = 0;
  Compression compression = Rgb;
  bool topDown = false;
  std::array<Colour, 256> palette{};  // an index past the file's palette is black
  std::array<Channel, 4> channels{};  // red, green, blue, alpha
};

std::optional<Channel> channelOf(std::uint32_t mask) {
  if (mask == 0) return Channel{};
  const int shift = std::countr_zero(mask);
  const std::uint32_t max = mask >> shift;
  const bool contiguous = (std::uint64_t{max} & (std::uint64_t{max} + 1)) == 0;
  if (!contiguous) return std::nullopt;
  return Channel{shift, max};
}

/// Channel masks of the formats that have them; false when they make no sense.
bool readChannels(ByteCursor& cursor, std::uint32_t headerBytes, Layout& layout) {
  std::array<std::uint32_t, 4> masks{};
  if (layout.compression == Bitfields || layout.compression == AlphaBitfields) {
    // Behind a short header the masks follow, in a longer one they are its next fields.
    const bool withAlpha = headerBytes >= 56 || layout.compression == AlphaBitfields;
    for (std::size_t c = 0; c < (withAlpha ? 4u : 3u); ++c) masks[c] = cursor.u32();
  } else if (layout.bitsPerPixel == 16) {
    masks = {0x7c00, 0x03e0, 0x001f, 0};
  } else {
    masks = {0xff0000, 0xff00, 0xff, 0};  // the fourth byte is padding
  }
  for (std::size_t c = 0; c < masks.size(); ++c) {
    const std::optional<Channel> channel = channelOf(masks[c]);
    if (!channel || (c < 3 && channel->max == 0)) return false;
    layout.channels[c] = *channel;
  }
  return true;
}

bool isKnown(int bitsPerPixel, std::uint32_t compression) {
  switch (compression) {
    case Rgb:
      return bitsPerPixel == 1 || bitsPerPixel == 4 || bitsPerPixel == 8 || bitsPerPixel == 16 ||
             bitsPerPixel == 24 || bitsPerPixel == 32;
    case Rle8:
      return bitsPerPixel == 8;
    case Rle4:
      return bitsPerPixel == 4;
    case Bitfields:
    case AlphaBitfields:
      return bitsPerPixel == 16 || bitsPerPixel == 32;
    default:
      return false;
  }
}

Result<Layout> readLayout(std::span<const std::byte> encoded, const ImageHeader& header) {
  ByteCursor cursor(encoded, std::endian::little);
  Layout layout;
  cursor.skip(10);
  layout.pixelOffset = cursor.u32();
  const std::uint32_t headerBytes = cursor.u32();
  const bool core = headerBytes == 12;
  std::uint32_t compression = Rgb;
  std::uint32_t paletteColours = 0;
  cursor.skip(4);  // sizes are in `header`, all but the sign of the height
  if (!core) layout.topDown = static_cast<std::int32_t>(cursor.u32()) < 0;
  cursor.skip(2);  // planes
  layout.bitsPerPixel = cursor.u16();
  if (!core) {
    compression = cursor.u32();
    cursor.skip(12);  // data size, resolution
    paletteColours = cursor.u32();
    cursor.skip(4);
  }
  if (!isKnown(layout.bitsPerPixel, compression)) {
    return unsupported(header, "it has " + std::to_string(layout.bitsPerPixel) +
                                   " bits per pixel in compression " + std::to_string(compression) +
                                   ".");
  }
  layout.compression = static_cast<Compression>(compression);
  if (layout.bitsPerPixel > 8) {
    if (!readChannels(cursor, headerBytes, layout)) {
      return damaged(header, "its channel masks make no sense.");
    }
  } else {
    if (paletteColours == 0) paletteColours = 1u << layout.bitsPerPixel;
    if (paletteColours > layout.palette.size()) return damaged(header, "its palette is too long.");
    cursor.seek(14 + std::size_t{headerBytes});
    for (std::uint32_t i = 0; i < paletteColours; ++i) {
      layout.palette[i].blue = cursor.u8();
      layout.palette[i].green = cursor.u8();
      layout.palette[i].red = cursor.u8();
      if (!core) cursor.skip(1);
    }
  }
  if (!cursor.ok()) return damaged(header, "its header is cut off.");
  return layout;
}

void put(const Colour& colour, std::uint8_t* rgb) {
  rgb[0] = colour.red;
  rgb[1] = colour.green;
  rgb[2] = colour.blue;
}

void palettedRow(std::span<const std::byte> stored, const Layout& layout, std::size_t width,
                 std::uint8_t* rgb) {
  const auto bits = static_cast<std::size_t>(layout.bitsPerPixel);
  for (std::size_t x = 0; x < width; ++x) {
    const std::size_t shift = 8 - bits - (x * bits) % 8;
    const unsigned byte = std::to_integer<unsigned>(stored[x * bits / 8]);
    put(layout.palette[(byte >> shift) & ((1u << bits) - 1)], rgb + 3 * x);
  }
}

void directRow(std::span<const std::byte> stored, const Layout& layout, std::size_t width,
               std::uint8_t* rgb) {
  const auto bytes = static_cast<std::size_t>(layout.bitsPerPixel) / 8;
  const Channel& alpha = layout.channels[3];
  for (std::size_t x = 0; x < width; ++x) {
    std::uint32_t pixel = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
      pixel |= std::to_integer<std::uint32_t>(stored[x * bytes + i]) << (8 * i);
    }
    for (std::size_t c = 0; c < 3; ++c) {
      const std::uint8_t value = layout.channels[c].of(pixel);
      rgb[3 * x + c] = alpha.max == 0 ? value : overWhite(value, alpha.of(pixel));
    }
  }
}

/// Rows in file order, each padded to four bytes.
bool readPlainRows(ByteCursor& cursor, const Layout& layout, RgbImage& image) {
  const auto width = static_cast<std::size_t>(image.width);
  const std::size_t rowBytes =
      (width * static_cast<std::size_t>(layout.bitsPerPixel) + 31) / 32 * 4;
  for (int y = 0; y < image.height; ++y) {
    const std::span<const std::byte> stored = cursor.take(rowBytes);
    if (!cursor.ok()) return false;
    std::uint8_t* row = appendRow(image);
    if (layout.bitsPerPixel <= 8) {
      palettedRow(stored, layout, width, row);
    } else {
      directRow(stored, layout, width, row);
    }
  }
  return true;
}

/// Run-length coded rows: pixels that no run reaches have colour 0.
class RleReader {
 public:
  RleReader(ByteCursor& cursor, const Layout& layout, RgbImage& image)
      : cursor_(cursor),
        layout_(layout),
        image_(image),
        indices_(static_cast<std::size_t>(image.width)) {}

  bool readRows() {
    while (rows_ < image_.height) {
      const std::uint8_t count = cursor_.u8();
      const std::uint8_t value = cursor_.u8();
      if (!cursor_.ok()) return false;
      const bool good = count > 0 ? putRun(count, value) : escape(value);
      if (!good) return false;
    }
    return true;
  }

 private:
  bool escape(std::uint8_t code) {
    switch (code) {
      case 0:
        finishRow();
        return true;
      case 1:  // end of the picture
        while (rows_ < image_.height) finishRow();
        return true;
      case 2: {
        const std::uint8_t right = cursor_.u8();
        const std::uint8_t rows = cursor_.u8();
        const std::size_t column = x_ + right;
        for (std::uint8_t i = 0; i < rows && rows_ < image_.height; ++i) finishRow();
        x_ = column;
        return cursor_.ok() && x_ <= indices_.size();
      }
      default:
        return putLiteral(code);
    }
  }

  bool putRun(std::uint8_t count, std::uint8_t value) {
    if (count > indices_.size() - x_) return false;
    for (std::uint8_t i = 0; i < count; ++i) indices_[x_++] = indexIn(value, i);
    return true;
  }

  bool putLiteral(std::uint8_t count) {
    if (count > indices_.size() - x_) return false;
    const bool half = layout_.compression == Rle4;
    const std::size_t bytes = half ? (count + 1u) / 2 : count;
    const std::span<const std::byte> stored = cursor_.take((bytes + 1) / 2 * 2);
    if (!cursor_.ok()) return false;
    for (std::uint8_t i = 0; i < count; ++i) {
      const auto value = std::to_integer<std::uint8_t>(stored[half ? i / 2u : i]);
      indices_[x_++] = indexIn(value, i);
    }
    return true;
  }

  /// The i-th index of a byte: itself, or its upper and lower half in turn.
  std::uint8_t indexIn(std::uint8_t value, std::uint8_t i) const {
    if (layout_.compression == Rle8) return value;
    return i % 2 == 0 ? value >> 4 : value & 0x0f;
  }

  void finishRow() {
    std::uint8_t* row = appendRow(image_);
    for (std::size_t x = 0; x < indices_.size(); ++x)
      put(layout_.palette[indices_[x]], row + 3 * x);
    std::fill(indices_.begin(), indices_.end(), std::uint8_t{0});
    x_ = 0;
    ++rows_;
  }

  ByteCursor& cursor_;
  const Layout& layout_;
  RgbImage& image_;
  std::vector<std::uint8_t> indices_;  // of the row being read
  std::size_t x_ = 0;
  int rows_ = 0;
};

void reverseRows(RgbImage& image) {
  const std::size_t rowBytes = std::size_t{3} * static_cast<std::size_t>(image.width);
  auto top = image.pixels.begin();
  auto bottom = image.pixels.end();
  for (int i = 0; i < image.height / 2; ++i) {
    bottom -= static_cast<std::ptrdiff_t>(rowBytes);
    top = std::swap_ranges(bottom, bottom + static_cast<std::ptrdiff_t>(rowBytes), top);
  }
}

}  // namespace

Result<RgbImage> decodeBmp(std::span<const std::byte> encoded, const ImageHeader& header) {
  const Result<Layout> layout = readLayout(encoded, header);
  if (!layout) return layout.error();
  ByteCursor cursor(encoded, std::endian::little);
  cursor.seek(layout->pixelOffset);
  RgbImage image = startImage(header);
  const bool runs = layout->compression == Rle8 || layout->compression == Rle4;
  const bool whole =
      runs ? RleReader(cursor, *layout, image).readRows() : readPlainRows(cursor, *layout, image);
  if (!whole) return damaged(header, "its pixel data is not complete.");
  if (!layout->topDown) reverseRows(image);
  return image;
}

}  // namespace vl::codec
