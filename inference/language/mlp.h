#pragma once

#include <cstddef>
#include <string>

#include "inference/kernels/compute.h"
#include "inference/tensor/matrix_view.h"
#include "inference/weights/weight_reader.h"

namespace vl {

/// down(silu(gate(x)) * up(x)): a dense layer, one routed expert, or the shared experts.
/// Holds weights only. The checkpoint must outlive it.
class Mlp {
 public:
  /// Reads prefix + {gate,up,down}_proj; failures are in reader.status().
  Mlp(WeightReader& reader, const std::string& prefix, std::size_t hidden,
      std::size_t intermediate);

  /// x, out F32 [tokens, hidden]; out is overwritten and must not overlap x.
  void forward(Compute& compute, MatrixView<const float> x, MatrixView<float> out) const;

 private:
  WeightMatrix gate_;
  WeightMatrix up_;
  WeightMatrix down_;
};

}  // namespace vl
