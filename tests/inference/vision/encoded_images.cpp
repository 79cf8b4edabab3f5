#include "tests/inference/vision/encoded_images.h"

#include <gif_lib.h>
#include <webp/encode.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cassert>

namespace vl::test {
namespace {

std::uint32_t crc(const Bytes& bytes) {
  return static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

Bytes deflated(const Samples& plain) {
  uLongf size = compressBound(plain.size());
  Bytes out(size);
  compress(reinterpret_cast<Bytef*>(out.data()), &size, plain.data(), plain.size());
  out.resize(size);
  return out;
}

/// Filtered scanlines (filter 0), in Adam7's seven passes where the file is interlaced.
Samples pngScanlines(const PngSpec& spec) {
  Samples lines;
  if (spec.samples.empty()) return lines;
  const std::size_t rowBytes = spec.samples.size() / spec.height;
  if (!spec.interlaced) {
    for (std::size_t y = 0; y < spec.height; ++y) {
      lines.push_back(0);
      const auto row = spec.samples.begin() + static_cast<std::ptrdiff_t>(y * rowBytes);
      lines.insert(lines.end(), row, row + static_cast<std::ptrdiff_t>(rowBytes));
    }
    return lines;
  }
  struct Pass {
    std::size_t x, y, dx, dy;
  };
  constexpr std::array<Pass, 7> kPasses{{{0, 0, 8, 8},
                                         {4, 0, 8, 8},
                                         {0, 4, 4, 8},
                                         {2, 0, 4, 4},
                                         {0, 2, 2, 4},
                                         {1, 0, 2, 2},
                                         {0, 1, 1, 2}}};
  const std::size_t pixelBytes = rowBytes / spec.width;
  for (const Pass& pass : kPasses) {
    if (pass.x >= spec.width) continue;
    for (std::size_t y = pass.y; y < spec.height; y += pass.dy) {
      lines.push_back(0);
      for (std::size_t x = pass.x; x < spec.width; x += pass.dx) {
        for (std::size_t i = 0; i < pixelBytes; ++i) {
          lines.push_back(spec.samples[y * rowBytes + x * pixelBytes + i]);
        }
      }
    }
  }
  return lines;
}

}  // namespace

ByteWriter& ByteWriter::number(std::uint32_t value, int width) {
  for (int i = 0; i < width; ++i) {
    const int shift = 8 * (order_ == std::endian::big ? width - 1 - i : i);
    result_.push_back(static_cast<std::byte>(value >> shift));
  }
  return *this;
}

ByteWriter& ByteWriter::text(std::string_view text) {
  for (const char c : text) result_.push_back(static_cast<std::byte>(c));
  return *this;
}

ByteWriter& ByteWriter::bytes(const Bytes& bytes) {
  result_.insert(result_.end(), bytes.begin(), bytes.end());
  return *this;
}

ByteWriter& ByteWriter::samples(const Samples& samples) {
  for (const std::uint8_t sample : samples) result_.push_back(static_cast<std::byte>(sample));
  return *this;
}

Bytes exifBlock(int orientation, std::endian order) {
  ByteWriter out(order);
  out.text(order == std::endian::little ? "II" : "MM").u16(42).u32(8);
  out.u16(1).u16(274).u16(3).u32(1).u16(static_cast<std::uint32_t>(orientation)).u16(0).u32(0);
  return out.result();
}

Bytes pngChunk(std::string_view type, const Bytes& data) {
  ByteWriter body(std::endian::big);
  body.text(type).bytes(data);
  ByteWriter out(std::endian::big);
  out.u32(static_cast<std::uint32_t>(data.size())).bytes(body.result()).u32(crc(body.result()));
  return out.result();
}

Bytes pngFile(const PngSpec& spec) {
  const auto chunkOf = [](std::string_view type, const Samples& samples) {
    return pngChunk(type, ByteWriter(std::endian::big).samples(samples).result());
  };
  ByteWriter header(std::endian::big);
  header.u32(spec.width).u32(spec.height).u8(static_cast<std::uint32_t>(spec.depth));
  header.u8(spec.colour).u8(0).u8(0).u8(spec.interlaced ? 1 : 0);
  ByteWriter out(std::endian::big);
  out.text("\x89PNG\r\n\x1a\n").bytes(pngChunk("IHDR", header.result()));
  if (!spec.exif.empty() && !spec.exifBehindPixels) out.bytes(pngChunk("eXIf", spec.exif));
  if (!spec.palette.empty()) out.bytes(chunkOf("PLTE", spec.palette));
  if (!spec.transparency.empty()) out.bytes(chunkOf("tRNS", spec.transparency));
  out.bytes(pngChunk("IDAT", deflated(pngScanlines(spec))));
  if (!spec.exif.empty() && spec.exifBehindPixels) out.bytes(pngChunk("eXIf", spec.exif));
  out.bytes(pngChunk("IEND", {}));
  return out.result();
}

Bytes webpFile(int width, int height, const Samples& rgba) {
  std::uint8_t* encoded = nullptr;
  const std::size_t size = WebPEncodeLosslessRGBA(rgba.data(), width, height, width * 4, &encoded);
  ByteWriter out(std::endian::little);
  out.samples(Samples(encoded, encoded + size));
  WebPFree(encoded);
  return out.result();
}

Bytes lossyWebpFile(const RgbImage& image) {
  std::uint8_t* encoded = nullptr;
  const std::size_t size = WebPEncodeRGB(image.pixels.data(), image.width, image.height,
                                         image.width * 3, 90.0f, &encoded);
  ByteWriter out(std::endian::little);
  out.samples(Samples(encoded, encoded + size));
  WebPFree(encoded);
  return out.result();
}

Bytes webpChunks(const Bytes& simpleFile) {
  constexpr std::ptrdiff_t kRiffHeaderBytes = 12;
  return Bytes(simpleFile.begin() + kRiffHeaderBytes, simpleFile.end());
}

Bytes webpChunk(std::string_view type, const Bytes& data) {
  ByteWriter out(std::endian::little);
  out.text(type).u32(static_cast<std::uint32_t>(data.size())).bytes(data);
  if (data.size() % 2 == 1) out.u8(0);
  return out.result();
}

Bytes extendedWebpFile(std::uint32_t flags, std::uint32_t width, std::uint32_t height,
                       const Bytes& chunks) {
  ByteWriter header(std::endian::little);
  header.u8(flags).u24(0).u24(width - 1).u24(height - 1);
  ByteWriter body(std::endian::little);
  body.text("WEBP").bytes(webpChunk("VP8X", header.result())).bytes(chunks);
  return webpChunk("RIFF", body.result());
}

Bytes bmpFile(const BmpSpec& spec) {
  const bool core = spec.headerBytes == 12;
  ByteWriter info(std::endian::little);
  info.u32(spec.headerBytes);
  if (core) {
    info.u16(static_cast<std::uint32_t>(spec.width)).u16(static_cast<std::uint32_t>(spec.height));
    info.u16(1).u16(spec.bitsPerPixel);
  } else {
    info.u32(static_cast<std::uint32_t>(spec.width)).u32(static_cast<std::uint32_t>(spec.height));
    info.u16(1).u16(spec.bitsPerPixel).u32(spec.compression).u32(0).u32(0).u32(0);
    info.u32(static_cast<std::uint32_t>(spec.palette.size())).u32(0);
    for (const std::uint32_t mask : spec.masks) info.u32(mask);
    while (info.result().size() < spec.headerBytes) info.u8(0);
  }
  for (const std::uint32_t colour : spec.palette) {
    info.u24(colour);
    if (!core) info.u8(0);
  }
  const std::size_t offset = 14 + info.result().size();
  ByteWriter out(std::endian::little);
  out.text("BM").u32(static_cast<std::uint32_t>(offset + spec.samples.size())).u32(0);
  out.u32(static_cast<std::uint32_t>(offset)).bytes(info.result()).samples(spec.samples);
  return out.result();
}

Bytes gifFile(const GifSpec& spec) {
  Bytes out;
  const auto write = [](GifFileType* gif, const GifByteType* data, int count) {
    auto* bytes = static_cast<Bytes*>(gif->UserData);
    const auto* first = reinterpret_cast<const std::byte*>(data);
    bytes->insert(bytes->end(), first, first + count);
    return count;
  };
  int code = 0;
  GifFileType* gif = EGifOpen(&out, write, &code);
  const int colours = static_cast<int>(spec.palette.size() / 3);
  ColorMapObject* palette = GifMakeMapObject(colours, nullptr);
  for (std::size_t i = 0; i < static_cast<std::size_t>(colours); ++i) {
    palette->Colors[i] = {spec.palette[3 * i], spec.palette[3 * i + 1], spec.palette[3 * i + 2]};
  }
  EGifSetGifVersion(gif, true);
  EGifPutScreenDesc(gif, spec.screenWidth, spec.screenHeight, 8, 0,
                    spec.localPalette ? nullptr : palette);
  EGifPutComment(gif, "a comment block to walk over");
  if (spec.transparentIndex >= 0) {
    GraphicsControlBlock control{};
    control.TransparentColor = spec.transparentIndex;
    std::array<GifByteType, 4> packed{};
    EGifGCBToExtension(&control, packed.data());
    EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, 4, packed.data());
  }
  EGifPutImageDesc(gif, spec.left, spec.top, spec.width, spec.height, spec.interlaced,
                   spec.localPalette ? palette : nullptr);
  const auto putRows = [&](int first, int step) {
    for (int y = first; y < spec.height; y += step) {
      const auto stored = spec.indices.begin() + static_cast<std::ptrdiff_t>(y) * spec.width;
      Samples row(stored, stored + spec.width);
      EGifPutLine(gif, row.data(), spec.width);
    }
  };
  if (spec.interlaced) {
    putRows(0, 8);
    putRows(4, 8);
    putRows(2, 4);
    putRows(1, 2);
  } else {
    putRows(0, 1);
  }
  GifFreeMapObject(palette);
  EGifCloseFile(gif, &code);
  return out;
}

}  // namespace vl::test
