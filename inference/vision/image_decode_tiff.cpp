#include <tiffio.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>

#include "inference/vision/image_codec.h"

namespace vl::codec {
namespace {

/// What libtiff's callbacks see.
struct Source {
  std::span<const std::byte> encoded;
  std::size_t position = 0;
  std::string error;
};

tmsize_t readBytes(thandle_t handle, void* out, tmsize_t count) {
  auto* source = static_cast<Source*>(handle);
  const std::size_t left = source->encoded.size() - source->position;
  const std::size_t taken = std::min(static_cast<std::size_t>(count), left);
  if (taken > 0) std::memcpy(out, source->encoded.data() + source->position, taken);
  source->position += taken;
  return static_cast<tmsize_t>(taken);
}

tmsize_t refuseWrite(thandle_t, void*, tmsize_t) { return 0; }

toff_t seekTo(thandle_t handle, toff_t offset, int whence) {
  auto* source = static_cast<Source*>(handle);
  toff_t base = 0;
  if (whence == SEEK_CUR) base = source->position;
  if (whence == SEEK_END) base = source->encoded.size();
  source->position = static_cast<std::size_t>(
      std::min<toff_t>(base + offset, source->encoded.size()));  // reads there find nothing
  return base + offset;
}

int closeNothing(thandle_t) { return 0; }

toff_t sizeOf(thandle_t handle) { return static_cast<Source*>(handle)->encoded.size(); }

/// Lets libtiff read in place. It must: 4.5.0 refuses tiles that are not compressed where it reads
/// through a buffer, because it compares their size with that of the buffer.
int mapAll(thandle_t handle, void** base, toff_t* size) {
  const auto* source = static_cast<Source*>(handle);
  *base = const_cast<std::byte*>(source->encoded.data());  // the mode is "r"
  *size = source->encoded.size();
  return 1;
}

void unmapNothing(thandle_t, void*, toff_t) {}

/// Keeps the first error, which is the cause of those that follow. Nonzero: do not print.
int onError(TIFF*, void* user, const char*, const char* format, std::va_list arguments) {
  auto* source = static_cast<Source*>(user);
  std::array<char, 256> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  if (source->error.empty()) source->error = text.data();
  return 1;
}

int ignoreWarning(TIFF*, void*, const char*, const char*, std::va_list) { return 1; }

struct TiffClose {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using TiffHandle = std::unique_ptr<TIFF, TiffClose>;

TiffHandle open(Source& source, const ImageHeader& header) {
  struct FreeOptions {
    void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
  };
  const std::unique_ptr<TIFFOpenOptions, FreeOptions> options(TIFFOpenOptionsAlloc());
  if (options == nullptr) return nullptr;
  // One strip of four 16-bit channels may be the whole picture, and tiles reach over its edge.
  const tmsize_t largestBlock = std::max<tmsize_t>(
      64 << 20, tmsize_t{8} * header.width * header.height + (tmsize_t{1} << 20));
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), largestBlock);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), onError, &source);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), ignoreWarning, nullptr);
  return TiffHandle(TIFFClientOpenExt("picture", "r", &source, readBytes, refuseWrite, seekTo,
                                      closeNothing, sizeOf, mapAll, unmapNothing, options.get()));
}

bool isGrey(const TIFFRGBAImage& reader) {
  return reader.photometric == PHOTOMETRIC_MINISBLACK ||
         reader.photometric == PHOTOMETRIC_MINISWHITE;
}

/// Grey for libtiff's raster, whose own routines cut 16 bits down to the upper 8 and lose their
/// place in tiles with an extra channel. Called for strips and tiles: `sampleSkew` pixels of the
/// tile lie right of the picture, `rasterSkew` pixels of the raster right of the tile.
void putGrey(TIFFRGBAImage* reader, std::uint32_t* raster, std::uint32_t, std::uint32_t,
             std::uint32_t width, std::uint32_t height, std::int32_t sampleSkew,
             std::int32_t rasterSkew, unsigned char* samples) {
  const std::size_t sampleBytes = reader->bitspersample / 8u;
  const auto pixelBytes = static_cast<std::ptrdiff_t>(sampleBytes * reader->samplesperpixel);
  const auto byteAt = [sampleBytes](const unsigned char* sample) -> std::uint32_t {
    if (sampleBytes == 1) return *sample;
    std::uint16_t wide = 0;  // in this machine's byte order by now
    std::memcpy(&wide, sample, sizeof(wide));
    return (wide + 128u) / 257u;
  };
  const bool fromWhite = reader->photometric == PHOTOMETRIC_MINISWHITE;
  const bool hasAlpha = reader->alpha != 0 && reader->samplesperpixel >= 2;
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      const std::uint32_t value = fromWhite ? 255 - byteAt(samples) : byteAt(samples);
      const std::uint32_t alpha = hasAlpha ? byteAt(samples + sampleBytes) : 255;
      *raster++ = value | value << 8 | value << 16 | alpha << 24;
      samples += pixelBytes;
    }
    raster += rasterSkew;
    samples += sampleSkew * pixelBytes;
  }
}

/// How the fourth channel of libtiff's raster is to be read.
enum class Alpha { Opaque, Straight, Premultiplied };

/// libtiff premultiplies straight alpha, putGrey() does not. An extra channel that the file
/// declares to be of no stated meaning is not transparency.
Alpha alphaOf(TIFF* tiff, const TIFFRGBAImage& reader) {
  std::uint16_t extraCount = 0;
  std::uint16_t* extraTypes = nullptr;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extraCount, &extraTypes);
  const bool unspecified = extraCount > 0 && extraTypes[0] == EXTRASAMPLE_UNSPECIFIED;
  if (reader.alpha == 0 || unspecified) return Alpha::Opaque;
  const bool straight = isGrey(reader) && reader.alpha == EXTRASAMPLE_UNASSALPHA;
  return straight ? Alpha::Straight : Alpha::Premultiplied;
}

void rowToRgb(const std::uint32_t* raster, std::size_t pixels, Alpha alpha, std::uint8_t* rgb) {
  for (std::size_t x = 0; x < pixels; ++x, rgb += 3) {
    const std::uint32_t packed = raster[x];
    const std::array<std::uint32_t, 3> channels{TIFFGetR(packed), TIFFGetG(packed),
                                                TIFFGetB(packed)};
    const std::uint32_t opacity = TIFFGetA(packed);
    for (std::size_t c = 0; c < 3; ++c) {
      std::uint32_t value = channels[c];
      if (alpha == Alpha::Straight) value = overWhite(value, opacity);
      if (alpha == Alpha::Premultiplied) value = std::min(value + 255 - opacity, 255u);
      rgb[c] = static_cast<std::uint8_t>(value);
    }
  }
}

/// Rows to decode at once: whole strips or rows of tiles, so that none is decompressed twice.
std::uint32_t bandRows(TIFF* tiff, std::uint32_t height) {
  constexpr std::uint32_t kUsefulRows = 64;
  std::uint32_t blockRows = height;
  if (TIFFIsTiled(tiff) != 0) {
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &blockRows);
  } else {
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &blockRows);
  }
  blockRows = std::clamp(blockRows, 1u, height);
  return blockRows * std::max(1u, kUsefulRows / blockRows);
}

Result<RgbImage> readBands(TIFF* tiff, TIFFRGBAImage& reader, const ImageHeader& header,
                           const Source& source) {
  // As stored: decodeImage() applies the orientation, for all formats alike.
  reader.orientation = ORIENTATION_TOPLEFT;
  reader.req_orientation = ORIENTATION_TOPLEFT;
  if (isGrey(reader) && reader.isContig != 0 && reader.bitspersample >= 8) {
    reader.put.contig = putGrey;
  }
  const Alpha alpha = alphaOf(tiff, reader);
  const std::size_t width = reader.width;
  const std::uint32_t rows = bandRows(tiff, reader.height);
  const auto raster = std::make_unique_for_overwrite<std::uint32_t[]>(width * rows);
  RgbImage image = startImage(header);
  for (std::uint32_t y = 0; y < reader.height; y += rows) {
    const std::uint32_t count = std::min(rows, reader.height - y);
    reader.row_offset = static_cast<int>(y);
    if (TIFFRGBAImageGet(&reader, raster.get(), reader.width, count) == 0) {
      return damaged(header, source.error);
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      rowToRgb(raster.get() + i * width, width, alpha, appendRow(image));
    }
  }
  return image;
}

}  // namespace

Result<RgbImage> decodeTiff(std::span<const std::byte> encoded, const ImageHeader& header) {
  Source source{encoded, 0, {}};
  const TiffHandle tiff = open(source, header);
  if (tiff == nullptr) return damaged(header, source.error);

  std::uint16_t sampleFormat = SAMPLEFORMAT_UINT;
  TIFFGetFieldDefaulted(tiff.get(), TIFFTAG_SAMPLEFORMAT, &sampleFormat);
  if (sampleFormat != SAMPLEFORMAT_UINT && sampleFormat != SAMPLEFORMAT_VOID) {
    return unsupported(header, "its samples are not unsigned integers.");
  }
  std::array<char, 1024> reason{};
  TIFFRGBAImage reader{};
  constexpr int kStopOnError = 1;
  if (TIFFRGBAImageBegin(&reader, tiff.get(), kStopOnError, reason.data()) == 0) {
    return unsupported(header, reason.data());
  }
  Result<RgbImage> image = sizeDiffers(header);
  if (reader.width == static_cast<std::uint32_t>(header.width) &&
      reader.height == static_cast<std::uint32_t>(header.height)) {
    image = readBands(tiff.get(), reader, header, source);
  }
  TIFFRGBAImageEnd(&reader);
  return image;
}

}  // namespace vl::codec
