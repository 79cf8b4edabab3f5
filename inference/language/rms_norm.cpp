#include "inference/language/rms_norm.h"

#include <cassert>
#include <cmath>

namespace vl {

void rmsNorm(MatrixView<const float> x, std::span<const float> weight, double eps,
             MatrixView<float> out) {
  assert(weight.size() == x.cols() && out.cols() == x.cols() && out.rows() == x.rows());
  for (std::size_t r = 0; r < x.rows(); ++r) {
    const std::span<const float> in = x.row(r);
    const std::span<float> to = out.row(r);
    float squares = 0;
    for (const float v : in) squares += v * v;
    const float mean = squares / static_cast<float>(in.size());
    const float scale = 1.0f / std::sqrt(mean + static_cast<float>(eps));
    for (std::size_t c = 0; c < in.size(); ++c) to[c] = in[c] * scale * weight[c];
  }
}

}  // namespace vl
