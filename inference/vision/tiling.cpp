#include "inference/vision/tiling.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "inference/vision/resample.h"

namespace vl {
namespace {

constexpr std::size_t kChannels = 3;

std::size_t stride(const RgbImage& image) {
  return kChannels * static_cast<std::size_t>(image.width);
}

/// Python's round(): to the nearest integer, halves to the even one.
int roundHalfEven(double value) {
  const double below = std::floor(value);
  const double rest = value - below;
  const bool up = rest > 0.5 || (rest == 0.5 && std::fmod(below, 2.0) != 0.0);
  return static_cast<int>(below) + (up ? 1 : 0);
}

/// The image's size inside the view: its aspect ratio, at least one pixel.
ImageSize fitInside(ImageSize image, Resolution view) {
  const double width = image.width;
  const double height = image.height;
  const double imageRatio = width / height;
  const double viewRatio = static_cast<double>(view.width) / view.height;
  if (imageRatio > viewRatio) {
    return {view.width, std::max(1, roundHalfEven(height / width * view.width))};
  }
  if (imageRatio < viewRatio) {
    return {std::max(1, roundHalfEven(width / height * view.height)), view.height};
  }
  return {view.width, view.height};
}

RgbImage filledView(Resolution view, const ProcessorConfig& config) {
  RgbImage out{view.width, view.height, {}};
  out.pixels.resize(stride(out) * static_cast<std::size_t>(view.height));
  std::array<std::uint8_t, kChannels> fill{};
  for (std::size_t c = 0; c < kChannels; ++c) {
    fill[c] = static_cast<std::uint8_t>(std::clamp(double{config.imageMean[c]} * 255, 0.0, 255.0));
  }
  for (std::size_t i = 0; i < out.pixels.size(); ++i) out.pixels[i] = fill[i % kChannels];
  return out;
}

/// Scaled to fit, centred: Pillow's pad().
ViewPlacement placeInView(ImageSize image, Resolution view) {
  const ImageSize inside = fitInside(image, view);
  return {{view.width, view.height},
          inside,
          roundHalfEven((view.width - inside.width) * 0.5),
          roundHalfEven((view.height - inside.height) * 0.5)};
}

/// The image resized into the view, on the mean colour.
RgbImage padToView(const RgbImage& image, const ViewPlacement& place,
                   const ProcessorConfig& config) {
  RgbImage resized = resizeBicubic(image, place.inside.width, place.inside.height);
  if (place.inside == place.view) return resized;
  RgbImage out = filledView({place.view.width, place.view.height}, config);
  const auto left = static_cast<std::size_t>(place.left);
  const auto top = static_cast<std::size_t>(place.top);
  for (std::size_t y = 0; y < static_cast<std::size_t>(place.inside.height); ++y) {
    const auto row = resized.pixels.begin() + static_cast<std::ptrdiff_t>(y * stride(resized));
    std::copy_n(row, stride(resized),
                out.pixels.begin() +
                    static_cast<std::ptrdiff_t>((top + y) * stride(out) + kChannels * left));
  }
  return out;
}

RgbImage cut(const RgbImage& view, std::size_t left, std::size_t top, int side) {
  RgbImage tile{side, side, {}};
  tile.pixels.reserve(stride(tile) * static_cast<std::size_t>(side));
  for (std::size_t y = 0; y < static_cast<std::size_t>(side); ++y) {
    const auto row = view.pixels.begin() +
                     static_cast<std::ptrdiff_t>((top + y) * stride(view) + kChannels * left);
    tile.pixels.insert(tile.pixels.end(), row, row + static_cast<std::ptrdiff_t>(stride(tile)));
  }
  return tile;
}

}  // namespace

Resolution selectBestResolution(ImageSize image, std::span<const Resolution> candidates) {
  assert(image.width > 0 && image.height > 0 && !candidates.empty());
  Resolution best = candidates.front();
  std::int64_t bestKept = 0;
  std::int64_t leastWaste = std::numeric_limits<std::int64_t>::max();
  for (const Resolution& candidate : candidates) {
    // Truncating the inexact product is upstream's behaviour: 47 * (384 / 47) becomes 383.
    const double scale = std::min(static_cast<double>(candidate.width) / image.width,
                                  static_cast<double>(candidate.height) / image.height);
    const auto width = static_cast<std::int64_t>(image.width * scale);
    const auto height = static_cast<std::int64_t>(image.height * scale);
    const std::int64_t kept = std::min(width * height, std::int64_t{image.width} * image.height);
    const std::int64_t waste = std::int64_t{candidate.width} * candidate.height - kept;
    if (kept > bestKept || (kept == bestKept && waste < leastWaste)) {
      best = candidate;
      bestKept = kept;
      leastWaste = waste;
    }
  }
  return best;
}

TileGrid tileGrid(ImageSize image, const ProcessorConfig& config, bool tiling) {
  if (!tiling) return {};
  const Resolution local = selectBestResolution(image, config.candidateResolutions);
  return {static_cast<std::size_t>(local.width / config.tilePixels()),
          static_cast<std::size_t>(local.height / config.tilePixels())};
}

std::size_t imageTokenCount(TileGrid grid, const ProcessorConfig& config) {
  const std::size_t patches = static_cast<std::size_t>(config.tilePixels()) / config.patchSize;
  const std::size_t h = (patches + config.downsampleRatio - 1) / config.downsampleRatio;
  return h * (h + 1) + 1 + grid.rows * h * (grid.columns * h + 1);
}

TilingPlan planTiling(ImageSize image, const ProcessorConfig& config, bool tiling) {
  const int side = config.tilePixels();
  TilingPlan plan;
  plan.grid = tileGrid(image, config, tiling);
  plan.global = placeInView(image, {side, side});
  plan.local = placeInView(
      image, {side * static_cast<int>(plan.grid.columns), side * static_cast<int>(plan.grid.rows)});
  plan.tokens = imageTokenCount(plan.grid, config);
  return plan;
}

TiledImage tileImage(const RgbImage& image, const ProcessorConfig& config, bool tiling) {
  const int side = config.tilePixels();
  const TilingPlan plan = planTiling(image.size(), config, tiling);
  TiledImage tiled;
  tiled.grid = plan.grid;
  tiled.views.reserve(1 + tiled.grid.rows * tiled.grid.columns);
  tiled.views.push_back(padToView(image, plan.global, config));
  if (tiled.grid == TileGrid{}) {  // the only tile is the global view once more
    tiled.views.push_back(tiled.views.front());
    return tiled;
  }
  const RgbImage local = padToView(image, plan.local, config);
  for (std::size_t row = 0; row < tiled.grid.rows; ++row) {
    for (std::size_t column = 0; column < tiled.grid.columns; ++column) {
      const auto pixels = static_cast<std::size_t>(side);
      tiled.views.push_back(cut(local, column * pixels, row * pixels, side));
    }
  }
  return tiled;
}

}  // namespace vl
