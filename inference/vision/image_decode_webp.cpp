#include <webp/decode.h>

#include <bit>
#include <cstring>
#include <memory>

#include "inference/vision/byte_cursor.h"
#include "inference/vision/image_codec.h"

namespace vl::codec {
namespace {

struct WebpFree {
  void operator()(std::uint8_t* pixels) const { WebPFree(pixels); }
};

/// One frame and where it lies on the canvas.
struct Frame {
  std::span<const std::byte> encoded;  // a whole file, or the chunks inside an ANMF chunk
  std::uint32_t left = 0;
  std::uint32_t top = 0;
};

/// The first frame of an animation, none when there is no whole one. Walks the chunks that
/// readImageHeader() has found to be complete.
std::optional<Frame> firstAnimationFrame(std::span<const std::byte> encoded) {
  constexpr std::size_t kFrameHeaderBytes = 16;
  ByteCursor cursor(encoded, std::endian::little);
  cursor.skip(12);  // RIFF, size, WEBP
  while (cursor.ok()) {
    const std::span<const std::byte> type = cursor.take(4);
    const std::uint32_t length = cursor.u32();
    const std::span<const std::byte> data = cursor.take(length);
    cursor.skip(length % 2);
    if (data.size() <= kFrameHeaderBytes || std::memcmp(type.data(), "ANMF", 4) != 0) continue;
    ByteCursor fields(data, std::endian::little);
    Frame frame;
    frame.left = 2 * fields.u24();
    frame.top = 2 * fields.u24();
    frame.encoded = data.subspan(kFrameHeaderBytes);
    return frame;
  }
  return std::nullopt;
}

/// Copies decoded pixels (3 or 4 channels) row by row to their place on the canvas.
void paste(const std::uint8_t* pixels, const WebPBitstreamFeatures& features, const Frame& frame,
           RgbImage& canvas) {
  const auto width = static_cast<std::size_t>(features.width);
  const std::size_t canvasWidth = static_cast<std::size_t>(canvas.width);
  for (std::size_t y = 0; y < static_cast<std::size_t>(features.height); ++y) {
    std::uint8_t* row = canvas.pixels.data() + 3 * ((frame.top + y) * canvasWidth + frame.left);
    if (features.has_alpha != 0) {
      rowOverWhite(pixels + y * width * 4, width, row);
    } else {
      std::memcpy(row, pixels + y * width * 3, width * 3);
    }
  }
}

}  // namespace

Result<RgbImage> decodeWebp(std::span<const std::byte> encoded, const ImageHeader& header) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(encoded.data());
  WebPBitstreamFeatures features{};
  if (WebPGetFeatures(bytes, encoded.size(), &features) != VP8_STATUS_OK) {
    return damaged(header, "its header makes no sense.");
  }
  if (features.width != header.width || features.height != header.height) {
    return sizeDiffers(header);
  }
  Frame frame{encoded};
  if (features.has_animation != 0) {
    const std::optional<Frame> first = firstAnimationFrame(encoded);
    if (!first) return damaged(header, "its animation has no frame.");
    frame = *first;
    bytes = reinterpret_cast<const std::uint8_t*>(frame.encoded.data());
    if (WebPGetFeatures(bytes, frame.encoded.size(), &features) != VP8_STATUS_OK) {
      return damaged(header, "its first frame makes no sense.");
    }
    if (std::uint64_t{frame.left} + features.width > static_cast<std::uint64_t>(header.width) ||
        std::uint64_t{frame.top} + features.height > static_cast<std::uint64_t>(header.height)) {
      return damaged(header, "its first frame lies outside the picture.");
    }
  }

  // libwebp's own buffer is touched only as far as there is data, a vector's from the start.
  const auto decode = features.has_alpha != 0 ? WebPDecodeRGBA : WebPDecodeRGB;
  const std::unique_ptr<std::uint8_t, WebpFree> pixels(
      decode(bytes, frame.encoded.size(), nullptr, nullptr));
  if (pixels == nullptr) return damaged(header, "its pixel data is not complete.");
  RgbImage canvas = whitePage(header);
  paste(pixels.get(), features, frame, canvas);
  return canvas;
}

}  // namespace vl::codec
