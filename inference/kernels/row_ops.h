#pragma once

#include <span>
#include <vector>

#include "inference/kernels/arena.h"
#include "inference/kernels/compute.h"
#include "inference/kernels/int8_tiles.h"
#include "inference/tensor/matrix_view.h"

// Operations on each row of activations F32 [tokens, width], on all threads.

namespace vl {

/// x += term
void addRows(Compute& compute, MatrixView<const float> term, MatrixView<float> x);

/// out = x / sqrt(mean(x^2) + eps) * weight. out may be x.
void rmsNorm(Compute& compute, MatrixView<const float> x, std::span<const float> weight, double eps,
             MatrixView<float> out);

struct LayerNorm {
  std::vector<float> weight;
  std::vector<float> bias;
  float eps = 0;
};

/// out = (x - mean) / sqrt(variance + eps) * weight + bias. out may be x.
void layerNorm(Compute& compute, MatrixView<const float> x, const LayerNorm& norm,
               MatrixView<float> out);
/// The same, quantised while the rows are in the first level of cache.
Int8Tiles layerNormTiles(Compute& compute, Arena::Frame& frame, MatrixView<const float> x,
                         const LayerNorm& norm);

}  // namespace vl
