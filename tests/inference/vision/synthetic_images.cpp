#include "tests/inference/vision/synthetic_images.h"

#include <algorithm>

namespace vl::test {
namespace {

template <typename Pixel>
RgbImage paint(int width, int height, Pixel pixel) {
  RgbImage image{width, height, {}};
  image.pixels.reserve(std::size_t{3} * static_cast<std::size_t>(width) *
                       static_cast<std::size_t>(height));
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        image.pixels.push_back(static_cast<std::uint8_t>(pixel(x, y, c)));
      }
    }
  }
  return image;
}

}  // namespace

RgbImage flat(int width, int height, std::uint8_t value) {
  return paint(width, height, [=](std::int64_t, std::int64_t, int) { return int{value}; });
}

RgbImage gradient(int width, int height) {
  return paint(width, height, [=](std::int64_t x, std::int64_t y, int c) {
    if (c == 0) return x * 255 / std::max(width - 1, 1);
    if (c == 1) return y * 255 / std::max(height - 1, 1);
    return (x + y) * 255 / std::max(width + height - 2, 1);
  });
}

RgbImage noise(int width, int height, std::uint32_t seed) {
  return paint(width, height, [=](std::int64_t x, std::int64_t y, int c) {
    std::uint32_t v = static_cast<std::uint32_t>((y * width + x) * 3 + c) ^ seed;
    v *= 0x9E3779B1u;
    v ^= v >> 15;
    v *= 0x85EBCA77u;
    v ^= v >> 13;
    return std::int64_t{v & 255};
  });
}

RgbImage checker(int width, int height, int cell) {
  return paint(width, height, [=](std::int64_t x, std::int64_t y, int) {
    return std::int64_t{(x / cell + y / cell) % 2 != 0 ? 255 : 0};
  });
}

RgbImage rings(int width, int height) {
  const std::int64_t w = width;
  const std::int64_t h = height;
  const std::int64_t k = std::max<std::int64_t>((w * w + h * h) / 2048, 1);
  return paint(width, height, [=](std::int64_t x, std::int64_t y, int c) {
    const std::int64_t q = (2 * x - w + 1) * (2 * x - w + 1) + (2 * y - h + 1) * (2 * y - h + 1);
    if (c == 0) return q / k % 256;
    if (c == 1) return (q / (2 * k) + x) % 256;
    return 255 - (q / (3 * k) + y) % 256;
  });
}

RgbImage synthetic(const std::string& generator, const std::vector<int>& arguments) {
  const int width = arguments.at(0);
  const int height = arguments.at(1);
  if (generator == "gradient") return gradient(width, height);
  if (generator == "noise") {
    return noise(width, height, static_cast<std::uint32_t>(arguments.at(2)));
  }
  if (generator == "checker") return checker(width, height, arguments.at(2));
  return rings(width, height);
}

}  // namespace vl::test
