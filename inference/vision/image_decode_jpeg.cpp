// jpeglib.h needs size_t and FILE, jerror.h needs what jpeglib.h configures.
// clang-format off
#include <cstddef>
#include <cstdio>
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include <algorithm>
#include <array>
#include <csetjmp>
#include <vector>

#include "inference/vision/image_codec.h"

namespace vl::codec {
namespace {

/// Real progressive files have some ten scans; each one is a pass over the whole picture, and a
/// short file can ask for thousands.
constexpr int kMaxScans = 100;

/// libjpeg's error state, found again from its callbacks by being its first member.
struct ErrorState {
  jpeg_error_mgr base;
  std::jmp_buf escape;
  int code;
  std::array<char, JMSG_LENGTH_MAX> message;
};

[[noreturn]] void onError(j_common_ptr jpeg) {
  auto* state = reinterpret_cast<ErrorState*>(jpeg->err);
  state->code = state->base.msg_code;
  state->base.format_message(jpeg, state->message.data());
  std::longjmp(state->escape, 1);
}

/// Warnings after which libjpeg makes pixels up. The others (stray bytes before a marker, odd
/// Adobe or JFIF versions) leave the picture whole.
bool losesPixels(int warning) {
  return warning == JWRN_JPEG_EOF || warning == JWRN_HIT_MARKER || warning == JWRN_HUFF_BAD_CODE ||
         warning == JWRN_ARITH_BAD_CODE || warning == JWRN_MUST_RESYNC;
}

void onMessage(j_common_ptr jpeg, int level) {
  constexpr int kWarning = -1;
  if (level == kWarning && losesPixels(jpeg->err->msg_code)) onError(jpeg);
}

void ignoreOutput(j_common_ptr) {}

void onProgress(j_common_ptr jpeg) {
  const auto* reader = reinterpret_cast<j_decompress_ptr>(jpeg);
  if (reader->input_scan_number <= kMaxScans) return;
  auto* state = reinterpret_cast<ErrorState*>(jpeg->err);
  state->code = JERR_BAD_PROGRESSION;
  std::snprintf(state->message.data(), state->message.size(), "it has more than %d scans.",
                kMaxScans);
  std::longjmp(state->escape, 1);
}

bool isUnsupported(int code) {
  constexpr std::array kCodes{JERR_ARITH_NOTIMPL,      JERR_BAD_PRECISION,   JERR_BAD_J_COLORSPACE,
                              JERR_CONVERSION_NOTIMPL, JERR_SOF_UNSUPPORTED, JERR_COMPONENT_COUNT};
  return std::any_of(kCodes.begin(), kCodes.end(), [code](int known) { return known == code; });
}

/// Owns libjpeg's state. libjpeg leaves a failing call with longjmp, which skips destructors: the
/// functions with setjmp hold plain data only.
class JpegReader {
 public:
  JpegReader() {
    jpeg_.err = jpeg_std_error(&errors_.base);
    errors_.base.error_exit = onError;
    errors_.base.emit_message = onMessage;
    errors_.base.output_message = ignoreOutput;
    progress_.progress_monitor = onProgress;
  }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;
  ~JpegReader() { jpeg_destroy_decompress(&jpeg_); }

  bool cmyk() const { return jpeg_.out_color_space == JCS_CMYK; }
  bool hasSize(int width, int height) const {
    return jpeg_.image_width == static_cast<JDIMENSION>(width) &&
           jpeg_.image_height == static_cast<JDIMENSION>(height);
  }

  /// Reads up to the first scan and chooses RGB, or CMYK where libjpeg has no way to RGB.
  bool readHeader(std::span<const std::byte> encoded) {
    if (setjmp(errors_.escape) != 0) return false;
    jpeg_create_decompress(&jpeg_);
    jpeg_.progress = &progress_;
    jpeg_mem_src(&jpeg_, reinterpret_cast<const unsigned char*>(encoded.data()), encoded.size());
    jpeg_read_header(&jpeg_, TRUE);
    const bool inks = jpeg_.jpeg_color_space == JCS_CMYK || jpeg_.jpeg_color_space == JCS_YCCK;
    jpeg_.out_color_space = inks ? JCS_CMYK : JCS_RGB;
    return true;
  }

  /// `inks` is scratch for one row of CMYK.
  bool readRows(RgbImage& image, std::uint8_t* inks) {
    if (setjmp(errors_.escape) != 0) return false;
    jpeg_start_decompress(&jpeg_);
    while (jpeg_.output_scanline < jpeg_.output_height) {
      std::uint8_t* row = appendRow(image);
      jpeg_read_scanlines(&jpeg_, cmyk() ? &inks : &row, 1);
      if (cmyk()) inksToRgb(inks, jpeg_.output_width, row);
    }
    jpeg_finish_decompress(&jpeg_);  // up to the end marker; a file without one is cut off
    return true;
  }

  Error error(const ImageHeader& header) const {
    const char* message = errors_.message.data();
    return isUnsupported(errors_.code) ? unsupported(header, message) : damaged(header, message);
  }

 private:
  /// Inks are stored inverted (255: none), as Adobe writes them and every reader assumes.
  static void inksToRgb(const std::uint8_t* inks, std::size_t pixels, std::uint8_t* rgb) {
    for (std::size_t x = 0; x < pixels; ++x, inks += 4, rgb += 3) {
      for (std::size_t c = 0; c < 3; ++c) {
        rgb[c] = static_cast<std::uint8_t>((inks[c] * inks[3] + 127) / 255);
      }
    }
  }

  jpeg_decompress_struct jpeg_{};
  ErrorState errors_{};
  jpeg_progress_mgr progress_{};
};

}  // namespace

Result<RgbImage> decodeJpeg(std::span<const std::byte> encoded, const ImageHeader& header) {
  JpegReader reader;
  if (!reader.readHeader(encoded)) return reader.error(header);
  if (!reader.hasSize(header.width, header.height)) return sizeDiffers(header);
  RgbImage image = startImage(header);
  std::vector<std::uint8_t> inks(reader.cmyk() ? std::size_t{4} * image.width : 0);
  if (!reader.readRows(image, inks.data())) return reader.error(header);
  return image;
}

}  // namespace vl::codec
