#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "inference/vision/image.h"
#include "inference/vision/image_header.h"

/// Any bytes yield an error or a picture with all its pixels. Large pictures only cost time here.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::int64_t kMaxPixels = 1 << 18;
  const auto bytes = std::as_bytes(std::span(data, size));
  const vl::Result<vl::ImageHeader> header = vl::readImageHeader(bytes);
  if (header && std::int64_t{header->width} * header->height > kMaxPixels) return 0;
  const vl::Result<vl::RgbImage> image = vl::decodeImage(bytes);
  if (!image) return 0;
  const std::int64_t expected = std::int64_t{3} * image->width * image->height;
  if (static_cast<std::int64_t>(image->pixels.size()) != expected) std::abort();
  return 0;
}
