#pragma once

#include <cstddef>
#include <cstdint>

// The operands of products with panels of weights (weight_matrix.h): out = x W^T for a few tokens.
// Included by the files that are compiled for one instruction set, so there are no functions here.

namespace vl {

/// 32 activations of one token: value * scale.
struct ActivationBlock {
  std::int8_t values[32];  // rounded to nearest, |value| <= 127
  float scale;             // max|x| / 127
  std::int32_t offset;     // -128 * sum of values: undoes the + 128 of Q8Panels
  float sum;               // scale * sum of values: what a block's minimum is multiplied with
};

/// Tokens whose ActivationBlocks lie side by side, block by block: [blocks][tokens]. The sums of so
/// many tokens and two panels, and the integer sums of a block, fit into the registers of AVX-512.
inline constexpr std::size_t kMaxTileTokens = 6;

/// BF16 values in the order of the BF16 dot product: pairs along the sum, 16 rows beside each
/// other: word [row] of a step holds the elements 2 * pair (low half) and 2 * pair + 1 of that row.
struct Bf16Panels {
  const std::uint32_t* data;
  std::size_t panelStride;  // words from a panel of 16 rows to the next
  std::size_t pairStride;   // words from a pair to the next
};

/// Weights that are read after those of a product. It fetches them into the second level of cache
/// while it multiplies, as many as it finds the time for, and moves `begin` to the first of the
/// others. A hint: code for older instruction sets leaves it alone.
struct Ahead {
  const std::byte* begin = nullptr;
  const std::byte* end = nullptr;  // whole lines after begin
};
inline constexpr std::size_t kCacheLine = 64;

/// Where a product goes: out[token * stride + row] for row < rows.
struct PanelOutput {
  float* data = nullptr;
  std::size_t stride = 0;
  std::size_t rows = 0;         // of all panels; the last may be cut
  const float* bias = nullptr;  // [rows], or null
  bool add = false;             // to what is there, instead of overwriting it
  Ahead* ahead = nullptr;       // fetched meanwhile, or null
};

}  // namespace vl
