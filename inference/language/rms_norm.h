#pragma once

#include <span>

#include "inference/tensor/matrix_view.h"

namespace vl {

/// out = x * rsqrt(mean(x^2) + eps) * weight for every row, in F32. out may be x.
void rmsNorm(MatrixView<const float> x, std::span<const float> weight, double eps,
             MatrixView<float> out);

}  // namespace vl
