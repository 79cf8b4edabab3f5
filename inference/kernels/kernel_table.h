#pragma once

#include <cstddef>
#include <cstdint>

namespace vl {

/// One entry per hot loop, one table per instruction set. Any n, also 0; element alignment only, no
/// padding. Sums are F32 in unspecified order. bf16 and f16 are bit patterns.
struct KernelTable {
  const char* isa;  // "reference", "avx2"

  /// sum_i w[i] * x[i], w converted to F32 exactly.
  float (*dotF32)(const float* w, const float* x, std::size_t n);
  float (*dotF16)(const std::uint16_t* w, const float* x, std::size_t n);
  float (*dotBf16)(const std::uint16_t* w, const float* x, std::size_t n);
  /// Q8_0: one f16 scale per 32 values; the last block may be shorter.
  float (*dotQ8)(const std::int8_t* w, const std::uint16_t* scales, const float* x, std::size_t n);

  /// out[i] = w[i] as F32, exactly (Q8_0: value * scale, rounded once).
  void (*expandF16)(const std::uint16_t* w, float* out, std::size_t n);
  void (*expandBf16)(const std::uint16_t* w, float* out, std::size_t n);
  void (*expandQ8)(const std::int8_t* w, const std::uint16_t* scales, float* out, std::size_t n);

  /// y[i] += factor * x[i]
  void (*addScaled)(float factor, const float* x, float* y, std::size_t n);

  /// x = softmax(x); n > 0, at least one finite value, -infinity allowed. Relative error of each
  /// result at most (n + 8) * 2^-23.
  void (*softmax)(float* x, std::size_t n);
  /// gate[i] = silu(gate[i]) * up[i] with silu(v) = v / (1 + exp(-v)).
  void (*siluMultiply)(float* gate, const float* up, std::size_t n);
  /// The tanh approximation of GELU: 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).
  void (*geluTanh)(float* x, std::size_t n);
};

}  // namespace vl
