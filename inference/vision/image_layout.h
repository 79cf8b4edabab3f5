#pragma once

#include <span>
#include <vector>

#include "inference/base/result.h"
#include "inference/tensor/matrix_view.h"
#include "inference/vision/tiling.h"
#include "inference/weights/checkpoint.h"

namespace vl {

/// The learned vectors that give an image's tokens their two dimensions (SPEC section 6).
struct LayoutVectors {
  std::vector<float> newline;    // image_newline [nEmbed]: ends each row
  std::vector<float> separator;  // view_seperator [nEmbed]: between global and local view

  /// Error: Corrupt.
  static Result<LayoutVectors> load(Checkpoint& checkpoint, std::size_t nEmbed);
};

/// Writes the embeddings of one image in prompt order: global rows, separator, rows of the whole
/// tile grid (which cross tile borders), each row closed by a newline; local view first when
/// globalFirst is false.
///   views  tokens of each view, global first, then tiles row by row: each [side * side, nEmbed]
///   out    [imageTokenCount, nEmbed]
void layoutImage(std::span<const MatrixView<const float>> views, TileGrid grid, std::size_t side,
                 const LayoutVectors& vectors, bool globalFirst, MatrixView<float> out);

}  // namespace vl
