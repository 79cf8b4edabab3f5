#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "inference/vision/image_header.h"

/// Any bytes yield an error or a header inside the promised limits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const vl::Result<vl::ImageHeader> header =
      vl::readImageHeader(std::as_bytes(std::span(data, size)));
  if (!header) return 0;
  const auto limit = static_cast<int>(vl::kMaxImageSide);
  const bool sizesHold =
      header->width > 0 && header->width <= limit && header->height > 0 && header->height <= limit;
  if (!sizesHold || header->orientation < 1 || header->orientation > 8) std::abort();
  return 0;
}
