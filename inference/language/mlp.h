#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "inference/kernels/compute.h"
#include "inference/kernels/linear_input.h"
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

  /// out = mlp(x), or out += mlp(x).
  struct Job {
    const Mlp* mlp = nullptr;
    LinearInput* x = nullptr;  // [tokens, hidden]; must not overlap out
    MatrixView<float> out;     // F32 [tokens, hidden]
    bool add = false;
  };
  /// All jobs at once: small ones share the threads.
  static void forward(Compute& compute, std::span<const Job> jobs);

  /// x, out F32 [tokens, hidden]; out is overwritten and must not overlap x.
  void forward(Compute& compute, MatrixView<const float> x, MatrixView<float> out) const;

  /// Whether all products of the layer take LinearInput::tiles().
  bool multipliesInt8(const Compute& compute) const;

 private:
  static void forwardInt8(Compute& compute, std::span<const Job> jobs);
  static void forwardF32(Compute& compute, std::span<const Job> jobs);

  WeightMatrix gate_;
  WeightMatrix up_;
  WeightMatrix down_;
};

}  // namespace vl
