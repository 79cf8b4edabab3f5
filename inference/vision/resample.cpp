#include "inference/vision/resample.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace vl {
namespace {

/// Weights are fixed-point with 22 fractional bits: 8 bits of pixel, 2 for sums that overshoot.
constexpr int kFractionBits = 32 - 8 - 2;
constexpr std::int32_t kHalf = 1 << (kFractionBits - 1);
constexpr std::size_t kChannels = 3;

/// The input pixels that make one output pixel of a row or column.
struct Window {
  std::size_t first = 0;
  std::span<const std::int32_t> weights;
};

/// Keys' cubic with a = -0.5, in Pillow's order of operations.
double cubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
  if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * a;
  return 0.0;
}

/// All windows of one dimension.
class Windows {
 public:
  Windows(int in, int out) {
    const double scale = static_cast<double>(in) / out;
    const double filterScale = std::max(scale, 1.0);
    const double support = 2.0 * filterScale;
    const double inverse = 1.0 / filterScale;
    starts_.reserve(static_cast<std::size_t>(out) + 1);
    firsts_.reserve(static_cast<std::size_t>(out));
    std::vector<double> weights;
    for (int i = 0; i < out; ++i) {
      const double center = (i + 0.5) * scale;
      const int low = std::max(0, static_cast<int>(std::floor(center - support + 0.5)));
      const int high = std::min(in, static_cast<int>(std::floor(center + support + 0.5)));
      weights.clear();
      double sum = 0.0;
      for (int j = 0; j < high - low; ++j) {
        weights.push_back(cubic((j + low - center + 0.5) * inverse));
        sum += weights.back();
      }
      firsts_.push_back(static_cast<std::size_t>(low));
      starts_.push_back(weights_.size());
      for (const double weight : weights) weights_.push_back(toFixed(weight / sum));
    }
    starts_.push_back(weights_.size());
  }

  std::size_t count() const { return firsts_.size(); }
  Window operator[](std::size_t i) const {
    return {firsts_[i], std::span(weights_).subspan(starts_[i], starts_[i + 1] - starts_[i])};
  }

 private:
  static std::int32_t toFixed(double weight) {
    const double scaled = weight * (1 << kFractionBits);
    return static_cast<std::int32_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  }

  std::vector<std::size_t> firsts_;  // per output pixel
  std::vector<std::size_t> starts_;  // of its weights; one more at the end
  std::vector<std::int32_t> weights_;
};

std::uint8_t toByte(std::int32_t sum) {
  return static_cast<std::uint8_t>(std::clamp(sum >> kFractionBits, 0, 255));
}

RgbImage resizeColumns(const RgbImage& source, int width) {
  const Windows windows(source.width, width);
  RgbImage out{width, source.height, {}};
  out.pixels.resize(kChannels * static_cast<std::size_t>(width) *
                    static_cast<std::size_t>(source.height));
  const std::size_t sourceStride = kChannels * static_cast<std::size_t>(source.width);
  std::uint8_t* target = out.pixels.data();
  for (std::size_t y = 0; y < static_cast<std::size_t>(source.height); ++y) {
    const std::uint8_t* row = source.pixels.data() + y * sourceStride;
    for (std::size_t x = 0; x < windows.count(); ++x) {
      const Window window = windows[x];
      const std::uint8_t* pixel = row + kChannels * window.first;
      std::int32_t red = kHalf;
      std::int32_t green = kHalf;
      std::int32_t blue = kHalf;
      for (const std::int32_t weight : window.weights) {
        red += pixel[0] * weight;
        green += pixel[1] * weight;
        blue += pixel[2] * weight;
        pixel += kChannels;
      }
      target[0] = toByte(red);
      target[1] = toByte(green);
      target[2] = toByte(blue);
      target += kChannels;
    }
  }
  return out;
}

RgbImage resizeRows(const RgbImage& source, int height) {
  const Windows windows(source.height, height);
  const std::size_t stride = kChannels * static_cast<std::size_t>(source.width);
  RgbImage out{source.width, height, {}};
  out.pixels.resize(stride * static_cast<std::size_t>(height));
  std::vector<std::int32_t> sums(stride);
  for (std::size_t y = 0; y < windows.count(); ++y) {
    const Window window = windows[y];
    std::fill(sums.begin(), sums.end(), kHalf);
    const std::uint8_t* row = source.pixels.data() + window.first * stride;
    for (const std::int32_t weight : window.weights) {
      for (std::size_t i = 0; i < stride; ++i) sums[i] += row[i] * weight;
      row += stride;
    }
    std::transform(sums.begin(), sums.end(), out.pixels.data() + y * stride, toByte);
  }
  return out;
}

}  // namespace

RgbImage resizeBicubic(const RgbImage& source, int width, int height) {
  assert(source.width > 0 && source.height > 0 && width > 0 && height > 0);
  if (source.width == width && source.height == height) return source;
  if (source.width == width) return resizeRows(source, height);
  RgbImage columns = resizeColumns(source, width);
  return columns.height == height ? columns : resizeRows(columns, height);
}

}  // namespace vl
