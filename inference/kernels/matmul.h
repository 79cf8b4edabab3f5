#pragma once

#include <span>

#include "inference/kernels/compute.h"
#include "inference/tensor/matrix_view.h"
#include "inference/tensor/weight_matrix.h"

namespace vl {

/// y = x W^T + bias for a linear layer, in F32.
///   x     F32 [tokens, in]; must not overlap y
///   bias  [out], or empty for none
///   y     F32 [tokens, out], overwritten
/// Few tokens stream the weights through dot products. Many go through OpenBLAS block by block:
/// a block of weight rows is expanded to F32 in a thread's scratch, never the whole matrix.
void matmul(Compute& compute, MatrixView<const float> x, const WeightMatrix& weight,
            std::span<const float> bias, MatrixView<float> y);

/// out = row `row` of the weight as F32; out.size() == weight.cols().
void expandRow(const WeightMatrix& weight, std::size_t row, std::span<float> out);

/// y = q W for one vector q: the transposed product, row by row of W.
///   q [weight.rows()], y [weight.cols()] overwritten, rowScratch [weight.cols()]
void transposedMatvec(std::span<const float> q, const WeightMatrix& weight, std::span<float> y,
                      std::span<float> rowScratch);

}  // namespace vl
