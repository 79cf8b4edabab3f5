#include "inference/language/mlp.h"

#include "inference/kernels/dispatch.h"
#include "inference/kernels/matmul.h"
#include "inference/tensor/matrix.h"

namespace vl {

Mlp::Mlp(WeightReader& reader, const std::string& prefix, std::size_t hidden,
         std::size_t intermediate)
    : gate_(reader.matrix(prefix + "gate_proj.weight", intermediate, hidden)),
      up_(reader.matrix(prefix + "up_proj.weight", intermediate, hidden)),
      down_(reader.matrix(prefix + "down_proj.weight", hidden, intermediate)) {}

void Mlp::forward(Compute& compute, MatrixView<const float> x, MatrixView<float> out) const {
  Matrix gate(x.rows(), gate_.rows());
  Matrix up(x.rows(), up_.rows());
  matmul(compute, x, gate_, {}, gate.view());
  matmul(compute, x, up_, {}, up.view());
  compute.parallelFor(x.rows(), 8, [&](std::size_t begin, std::size_t end, std::size_t /*thread*/) {
    for (std::size_t t = begin; t < end; ++t) {
      kernels().siluMultiply(gate.view().row(t).data(), up.view().row(t).data(), gate.cols());
    }
  });
  matmul(compute, gate.view(), down_, {}, out);
}

}  // namespace vl
