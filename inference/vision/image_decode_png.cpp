#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>
#include <vector>

#include "inference/vision/image_codec.h"

namespace vl::codec {
namespace {

/// What libpng's callbacks see.
struct Source {
  std::span<const std::byte> encoded;
  std::size_t position = 0;
  std::string error;
};

[[noreturn]] void onError(png_structp png, png_const_charp message) {
  static_cast<Source*>(png_get_error_ptr(png))->error = message;
  png_longjmp(png, 1);
}

void ignoreWarning(png_structp, png_const_charp) {}

void readBytes(png_structp png, png_bytep out, std::size_t count) {
  auto* source = static_cast<Source*>(png_get_io_ptr(png));
  if (count > source->encoded.size() - source->position) png_error(png, "the file ends too early.");
  std::memcpy(out, source->encoded.data() + source->position, count);
  source->position += count;
}

/// Owns libpng's structures. libpng leaves a failing call with longjmp, which skips destructors:
/// the two functions with setjmp hold plain data only, everything else lives out here.
class PngReader {
 public:
  explicit PngReader(std::span<const std::byte> encoded) {
    source_.encoded = encoded;
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source_, onError, ignoreWarning);
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
  }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }

  bool ready() const { return info_ != nullptr; }
  const std::string& error() const { return source_.error; }
  std::uint32_t width() const { return png_get_image_width(png_, info_); }
  std::uint32_t height() const { return png_get_image_height(png_, info_); }
  std::size_t channels() const { return png_get_channels(png_, info_); }
  std::size_t rowBytes() const { return png_get_rowbytes(png_, info_); }
  bool interlaced() const { return png_get_interlace_type(png_, info_) != PNG_INTERLACE_NONE; }

  /// Reads up to the pixels and asks for 8-bit RGB, or RGBA where the file has transparency.
  bool readInfo() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_set_read_fn(png_, &source_, readBytes);
    png_set_user_limits(png_, kMaxImageSide, kMaxImageSide);
    png_read_info(png_, info_);
    png_set_expand(png_);    // palette, 1-2-4 bit grey, tRNS
    png_set_scale_16(png_);  // rounds v / 257
    png_set_gray_to_rgb(png_);
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    return true;
  }

  /// Rows of an image that is not interlaced; `rgba` is one row of scratch.
  bool readRows(RgbImage& image, std::uint8_t* rgba) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    for (int y = 0; y < image.height; ++y) {
      std::uint8_t* row = appendRow(image);
      png_read_row(png_, channels() == 4 ? rgba : row, nullptr);
      if (channels() == 4) rowOverWhite(rgba, static_cast<std::size_t>(image.width), row);
    }
    png_read_end(png_, nullptr);
    return true;
  }

  bool readInterlaced(std::uint8_t** rows) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_read_image(png_, rows);
    png_read_end(png_, nullptr);
    return true;
  }

 private:
  Source source_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

/// Adam7 writes every row several times, so the whole picture is held in the file's channels.
Result<RgbImage> decodeInterlaced(PngReader& reader, std::size_t encodedBytes,
                                  const ImageHeader& header) {
  // Deflate expands at most 1032 times, so a shorter file cannot hold even one bit per pixel.
  constexpr std::size_t kMaxExpansion = std::size_t{1032} * 8;
  RgbImage image = startImage(header);
  const auto width = static_cast<std::size_t>(header.width);
  const auto height = static_cast<std::size_t>(header.height);
  if (width * height / kMaxExpansion > encodedBytes) {
    return damaged(header, "it is too short for its size.");
  }
  std::vector<std::uint8_t> pixels(reader.rowBytes() * height);
  std::vector<std::uint8_t*> rows(height);
  for (std::size_t y = 0; y < height; ++y) rows[y] = pixels.data() + y * reader.rowBytes();
  if (!reader.readInterlaced(rows.data())) return damaged(header, reader.error());
  if (reader.channels() == 3) {
    image.pixels = std::move(pixels);
    return image;
  }
  for (const std::uint8_t* row : rows) rowOverWhite(row, width, appendRow(image));
  return image;
}

}  // namespace

Result<RgbImage> decodePng(std::span<const std::byte> encoded, const ImageHeader& header) {
  PngReader reader(encoded);
  if (!reader.ready()) return Error{ErrorCode::OutOfMemory, "There is no memory to read a PNG."};
  if (!reader.readInfo()) return damaged(header, reader.error());
  if (reader.width() != static_cast<std::uint32_t>(header.width) ||
      reader.height() != static_cast<std::uint32_t>(header.height)) {
    return sizeDiffers(header);
  }
  if (reader.interlaced()) return decodeInterlaced(reader, encoded.size(), header);
  RgbImage image = startImage(header);
  std::vector<std::uint8_t> rgba(reader.channels() == 4 ? reader.rowBytes() : 0);
  if (!reader.readRows(image, rgba.data())) return damaged(header, reader.error());
  return image;
}

}  // namespace vl::codec
