#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "inference/base/result.h"
#include "inference/vision/image.h"
#include "inference/weights/model_config.h"

namespace vl {

/// Local tiles of an image: columns (width tiles) by rows (height tiles).
struct TileGrid {
  std::size_t columns = 1;
  std::size_t rows = 1;
  bool operator==(const TileGrid&) const = default;
};

/// Tiling is on while a whole conversation has at most this many images (SPEC section 3.1).
inline constexpr std::size_t kMaxTiledImages = 2;

/// The candidate that keeps most of the image, ties by least waste, then file order (SPEC 3.1).
Resolution selectBestResolution(ImageSize image, std::span<const Resolution> candidates);

/// The grid of an image; 1 x 1 when tiling is off.
TileGrid tileGrid(ImageSize image, const ProcessorConfig& config, bool tiling);

/// Prompt tokens of one image: global view, separator, tile grid; one newline token per row.
///   h = ceil(tilePixels / patchPixels / downsample): 384 / 14 = 27 patches, 27 / 2 -> 14
///   h * (h + 1) + 1 + rows * h * (columns * h + 1), so a 1 x 1 grid is 421 tokens (SPEC 3.5)
std::size_t imageTokenCount(TileGrid grid, const ProcessorConfig& config);

/// Where an image lies in a view of fixed size: scaled to `inside`, grey padding around it.
struct ViewPlacement {
  ImageSize view;
  ImageSize inside;
  int left = 0;  // padding before it
  int top = 0;
  bool operator==(const ViewPlacement&) const = default;
};

/// What tileImage() makes of an image of this size.
struct TilingPlan {
  TileGrid grid;
  ViewPlacement global;  // the overview, one tile
  ViewPlacement local;   // what the tiles are cut from
  std::size_t tokens = 0;
};
TilingPlan planTiling(ImageSize image, const ProcessorConfig& config, bool tiling);

/// Square RGB views of one image: the global view first, then the tiles row by row, left to right.
struct TiledImage {
  TileGrid grid;
  std::vector<RgbImage> views;  // 1 + grid.rows * grid.columns, each tilePixels on a side
};

/// Resizes, pads with grey and cuts (SPEC 3.2), bit-exact with Pillow's bicubic. A side that
/// upstream would round to zero becomes one pixel.
TiledImage tileImage(const RgbImage& image, const ProcessorConfig& config, bool tiling);

}  // namespace vl
