#pragma once

#include <cstddef>
#include <cstdint>

#include "inference/kernels/panel_operands.h"

namespace vl {

/// One entry per hot loop, one table per instruction set. Any n, also 0; element alignment only, no
/// padding. Sums are F32 in unspecified order. bf16 and f16 are bit patterns.
struct KernelTable {
  const char* isa;  // "reference", "avx2", "avx512", "avx512vnni", "avx512bf16"

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

  /// out = x / sqrt(mean(x^2) + eps) * weight; out may be x. n > 0.
  void (*rmsNorm)(const float* x, const float* weight, float eps, float* out, std::size_t n);
  /// out = (x - mean) / sqrt(variance + eps) * weight + bias; out may be x. n > 0.
  void (*layerNorm)(const float* x, const float* weight, const float* bias, float eps, float* out,
                    std::size_t n);
  /// x = softmax(x); n > 0, at least one finite value, -infinity allowed. Relative error of each
  /// result at most (n + 8) * 2^-23.
  void (*softmax)(float* x, std::size_t n);
  /// gate[i] = silu(gate[i]) * up[i] with silu(v) = v / (1 + exp(-v)).
  void (*siluMultiply)(float* gate, const float* up, std::size_t n);
  /// The tanh approximation of GELU: 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).
  void (*geluTanh)(float* x, std::size_t n);

  /// out[i] = x[i] rounded to BF16, to nearest, ties to even; subnormals may become zero.
  void (*roundBf16)(const float* x, std::uint16_t* out, std::size_t n);
  /// out[i] = exp(scale * x[i] - m) rounded to BF16, m the largest scale * x[i], with a relative
  /// error of at most 2^-13 before rounding; below 2^-126 any value down to zero. Returns the sum
  /// of the rounded values. n > 0, scale > 0, all x finite.
  float (*exponentials)(const float* x, float scale, std::uint16_t* out, std::size_t n);
  /// Rows of activations [rows, n], xStride elements apart, to blocks [blocksPerRow(n)][rows]. The
  /// last block of a row is filled up with zeros. Not finite values give an unspecified block.
  void (*quantize)(const float* x, std::size_t xStride, std::size_t rows, std::size_t n,
                   ActivationBlock* out);
  /// 16 rows of BF16 at w + row * stride, `rows` of them real (the others become zeros), as a panel
  /// with pairStride 16: out [ceil(cols / 2)][16]. An odd last column is paired with zero.
  void (*packBf16)(const std::uint16_t* w, std::size_t stride, std::size_t rows, std::size_t cols,
                   std::uint32_t* out);

  /// out = x W^T over ceil(out.rows / 16) panels, for 1..kMaxTileTokens tokens. Sums are exact
  /// integers within a block, F32 over the blocks of a row in order: the result of a token does
  /// not depend on the others.
  ///   w [panels][blocks] blocks of values; scales, minimums F16 [panels][blocks][16]
  ///   x [blocks][tokens]
  void (*productQ8)(const std::uint8_t* w, const std::uint16_t* scales, std::size_t blocks,
                    const ActivationBlock* x, std::size_t tokens, const PanelOutput& out);
  void (*productQ4)(const std::uint8_t* w, const std::uint16_t* scales,
                    const std::uint16_t* minimums, std::size_t blocks, const ActivationBlock* x,
                    std::size_t tokens, const PanelOutput& out);
  /// out = x W^T for any number of tokens; x BF16 [tokens][2 * pairs], rows xStride elements apart
  /// (even, 4-byte aligned). Sums are F32 over the pairs in order.
  void (*productBf16)(const Bf16Panels& w, std::size_t pairs, const std::uint16_t* x,
                      std::size_t xStride, std::size_t tokens, const PanelOutput& out);
};

}  // namespace vl
