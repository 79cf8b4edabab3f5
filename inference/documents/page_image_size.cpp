#include "inference/documents/page_image_size.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdint>

#include "inference/vision/tiling.h"

namespace vl {
namespace {

// Larger than any candidate, so that each is judged by how much of it a page of this shape fills;
// small enough that products of two sides stay exact.
constexpr double kLongSide = 1 << 20;

}  // namespace

ImageSize pageImageSize(PageSize page, std::span<const Resolution> candidates) {
  assert(page.width > 0 && page.height > 0);
  const double scale = kLongSide / std::max(page.width, page.height);
  const ImageSize shape{std::max(1, static_cast<int>(page.width * scale)),
                        std::max(1, static_cast<int>(page.height * scale))};
  const Resolution best = selectBestResolution(shape, candidates);
  const double fit = std::min(static_cast<double>(best.width) / shape.width,
                              static_cast<double>(best.height) / shape.height);
  const auto side = [fit](int length, int most) {
    return std::clamp(static_cast<int>(std::lround(length * fit)), 1, most);
  };
  return {side(shape.width, best.width), side(shape.height, best.height)};
}

std::span<const Resolution> officialResolutions() {
  static constexpr std::array<Resolution, 23> kResolutions{{
      {384, 384},  {384, 768},  {768, 384},  {384, 1152}, {1152, 384},  {384, 1536},
      {1536, 384}, {768, 768},  {384, 1920}, {1920, 384}, {384, 2304},  {2304, 384},
      {768, 1152}, {1152, 768}, {384, 2688}, {2688, 384}, {384, 3072},  {3072, 384},
      {768, 1536}, {1536, 768}, {384, 3456}, {3456, 384}, {1152, 1152},
  }};
  return kResolutions;
}

}  // namespace vl
