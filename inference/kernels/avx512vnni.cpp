// AVX-512 with VNNI: products of int8 activations and quantised panels. Compiled with those flags,
// so it includes nothing whose inline functions could be linked into code that older CPUs run.
#include <immintrin.h>

#include "inference/kernels/kernel_table.h"
#include "inference/kernels/tables.h"

namespace vl {
namespace {

constexpr std::size_t kRows = 16;  // kPanelRows
constexpr std::size_t kQuads = 8;  // of four values in a block
constexpr std::size_t kGroup = 4;  // tokens whose integer sums are in flight together

__m512 loadScales(const std::uint16_t* p) {
  return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
}

/// The values of one block of a panel, unsigned, four of each row per register.
struct Q8Block {
  static constexpr std::size_t kBytes = 512;
  static constexpr bool kHasMinimum = false;
  /// Where the sum of a token's products starts.
  static __m512i start(const ActivationBlock& x) { return _mm512_set1_epi32(x.offset); }
  explicit Q8Block(const std::uint8_t* w) {
#pragma GCC unroll 8
    for (std::size_t q = 0; q < kQuads; ++q) quads[q] = _mm512_loadu_si512(w + 64 * q);
  }
  __m512i quads[kQuads];
};
struct Q4Block {
  static constexpr std::size_t kBytes = 256;
  static constexpr bool kHasMinimum = true;
  static __m512i start(const ActivationBlock& /*x*/) { return _mm512_setzero_si512(); }
  explicit Q4Block(const std::uint8_t* w) {
    const __m512i low = _mm512_set1_epi8(0x0f);
#pragma GCC unroll 4
    for (std::size_t q = 0; q < kQuads / 2; ++q) {
      const __m512i both = _mm512_loadu_si512(w + 64 * q);
      quads[q] = _mm512_and_si512(both, low);
      quads[q + kQuads / 2] = _mm512_and_si512(_mm512_srli_epi16(both, 4), low);
    }
  }
  __m512i quads[kQuads];
};

__m512i broadcastQuad(const std::int8_t* p) {
  std::int32_t quad;
  __builtin_memcpy(&quad, p, sizeof(quad));
  return _mm512_set1_epi32(quad);
}

template <std::size_t Tokens>
void store(const __m512* sums, const PanelOutput& out, std::size_t row) {
  const std::size_t left = out.rows - row;
  const auto mask = static_cast<__mmask16>(left >= kRows ? 0xffff : (1u << left) - 1);
  const __m512 bias =
      out.bias == nullptr ? _mm512_setzero_ps() : _mm512_maskz_loadu_ps(mask, out.bias + row);
#pragma GCC unroll 12
  for (std::size_t t = 0; t < Tokens; ++t) {
    float* to = out.data + t * out.stride + row;
    __m512 sum = _mm512_add_ps(sums[t], bias);
    if (out.add) sum = _mm512_add_ps(sum, _mm512_maskz_loadu_ps(mask, to));
    _mm512_mask_storeu_ps(to, mask, sum);
  }
}

/// sums[t] += block * activations of token t, for Count tokens whose integer sums advance together,
/// since each waits for its own last step.
template <typename Block, std::size_t Count>
inline __attribute__((always_inline)) void addBlock(const Block& block, __m512 scale,
                                                    const ActivationBlock* x, __m512* sums) {
  __m512i dots[Count];
#pragma GCC unroll 4
  for (std::size_t t = 0; t < Count; ++t) dots[t] = Block::start(x[t]);
#pragma GCC unroll 8
  for (std::size_t q = 0; q < kQuads; ++q) {
#pragma GCC unroll 4
    for (std::size_t t = 0; t < Count; ++t) {
      dots[t] = _mm512_dpbusd_epi32(dots[t], block.quads[q], broadcastQuad(x[t].values + 4 * q));
    }
  }
#pragma GCC unroll 4
  for (std::size_t t = 0; t < Count; ++t) {
    sums[t] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots[t]),
                              _mm512_mul_ps(scale, _mm512_set1_ps(x[t].scale)), sums[t]);
  }
}

/// The same for any number of tokens, kGroup at a time.
template <typename Block, std::size_t Tokens>
inline __attribute__((always_inline)) void addTile(const Block& block, __m512 scale,
                                                   const ActivationBlock* x, __m512* sums) {
  constexpr std::size_t kCount = Tokens < kGroup ? Tokens : kGroup;
  addBlock<Block, kCount>(block, scale, x, sums);
  if constexpr (Tokens > kGroup) {
    addTile<Block, Tokens - kGroup>(block, scale, x + kGroup, sums + kGroup);
  }
}

/// One panel for a tile.
template <typename Block, std::size_t Tokens>
void panelProduct(const std::uint8_t* w, const std::uint16_t* scales, const std::uint16_t* minimums,
                  std::size_t blocks, const ActivationBlock* x, __m512* sums) {
  __m512 sum[Tokens];
#pragma GCC unroll 12
  for (std::size_t t = 0; t < Tokens; ++t) sum[t] = _mm512_setzero_ps();
  for (std::size_t b = 0; b < blocks; ++b) {
    const Block block(w + b * Block::kBytes);
    const ActivationBlock* tile = x + b * Tokens;
    addTile<Block, Tokens>(block, loadScales(scales + b * kRows), tile, sum);
    if constexpr (Block::kHasMinimum) {
      const __m512 minimum = loadScales(minimums + b * kRows);
#pragma GCC unroll 12
      for (std::size_t t = 0; t < Tokens; ++t) {
        sum[t] = _mm512_fmadd_ps(minimum, _mm512_set1_ps(tile[t].sum), sum[t]);
      }
    }
  }
#pragma GCC unroll 12
  for (std::size_t t = 0; t < Tokens; ++t) sums[t] = sum[t];
}

template <typename Block, std::size_t Tokens>
void product(const std::uint8_t* w, const std::uint16_t* scales, const std::uint16_t* minimums,
             std::size_t blocks, const ActivationBlock* x, const PanelOutput& out) {
  for (std::size_t row = 0; row < out.rows; row += kRows) {
    __m512 sums[Tokens];
    panelProduct<Block, Tokens>(w, scales, minimums, blocks, x, sums);
    store<Tokens>(sums, out, row);
    w += blocks * Block::kBytes;
    scales += blocks * kRows;
    if (minimums != nullptr) minimums += blocks * kRows;
  }
}

/// Chooses the code for the number of tokens.
template <typename Block, std::size_t Tokens = kMaxTileTokens>
void productOf(const std::uint8_t* w, const std::uint16_t* scales, const std::uint16_t* minimums,
               std::size_t blocks, const ActivationBlock* x, std::size_t tokens,
               const PanelOutput& out) {
  if (tokens == Tokens) {
    product<Block, Tokens>(w, scales, minimums, blocks, x, out);
  } else if constexpr (Tokens > 1) {
    productOf<Block, Tokens - 1>(w, scales, minimums, blocks, x, tokens, out);
  }
}

void productQ8(const std::uint8_t* w, const std::uint16_t* scales, std::size_t blocks,
               const ActivationBlock* x, std::size_t tokens, const PanelOutput& out) {
  productOf<Q8Block>(w, scales, nullptr, blocks, x, tokens, out);
}

void productQ4(const std::uint8_t* w, const std::uint16_t* scales, const std::uint16_t* minimums,
               std::size_t blocks, const ActivationBlock* x, std::size_t tokens,
               const PanelOutput& out) {
  productOf<Q4Block>(w, scales, minimums, blocks, x, tokens, out);
}

}  // namespace

KernelTable withVnni(KernelTable table) {
  table.isa = "avx512vnni";
  table.productQ8 = productQ8;
  table.productQ4 = productQ4;
  return table;
}

}  // namespace vl
