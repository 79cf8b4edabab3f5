#pragma once

#include <span>

#include "inference/kernels/compute.h"
#include "inference/kernels/linear_input.h"
#include "inference/tensor/matrix_view.h"
#include "inference/tensor/weight_matrix.h"

namespace vl {

/// y = x W^T + bias, or y += x W^T + bias.
struct MatmulJob {
  LinearInput* x = nullptr;     // [tokens, in]; must not overlap y
  WeightMatrix weight;          // [out, in]
  std::span<const float> bias;  // [out], or empty for none
  MatrixView<float> y;          // F32 [tokens, out]
  bool add = false;             // to y, instead of overwriting it
};

/// Linear layers, all at once: small ones share the threads. Sums in F32.
///
/// Precision::Fast: panels multiply int8 activations; BF16 weights multiply BF16 activations when
/// there are many tokens. Otherwise activations stay F32: few tokens stream the weights through dot
/// products, many go through OpenBLAS, for which blocks of weight rows are expanded to F32 in a
/// thread's scratch, never the whole matrix.
void matmul(Compute& compute, std::span<const MatmulJob> jobs);

/// One layer: y = x W^T + bias.
void matmul(Compute& compute, MatrixView<const float> x, const WeightMatrix& weight,
            std::span<const float> bias, MatrixView<float> y);

/// For PanelOutput::ahead of a product of `tokens` tokens before one with `next`: nothing where
/// that takes too much of the cache, or does not pay with so few or so many tokens.
Ahead aheadOf(const WeightMatrix& next, std::size_t tokens);

/// Rows of panels times one tile of int8 activations; out.rows must be weight.rows().
void multiplyTile(const WeightMatrix& weight, const Int8Tiles::Tile& x, const PanelOutput& out);

/// Whether products with the weight take LinearInput::tiles(), in this precision.
bool multipliesInt8(const Compute& compute, const WeightMatrix& weight);

/// out = row `row` of the weight as F32; out.size() == weight.cols().
void expandRow(const WeightMatrix& weight, std::size_t row, std::span<float> out);

}  // namespace vl
