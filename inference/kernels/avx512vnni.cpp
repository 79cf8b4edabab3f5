// AVX-512 with VNNI: products of int8 activations and quantised panels. Compiled with those flags,
// so it includes nothing whose inline functions could be linked into code that older CPUs run.
#include <immintrin.h>

#include "inference/kernels/kernel_table.h"
#include "inference/kernels/tables.h"

namespace vl {
namespace {

constexpr std::size_t kRows = 16;  // kPanelRows
/// Blocks between the products and what is fetched for them: the processor itself stops at each
/// page.
constexpr std::size_t kAhead = 8;
constexpr std::size_t kLinesAhead = 2;  // of PanelOutput::ahead, a block
constexpr std::size_t kSecond = 4;  // a step takes a quad (four values) and the one this far behind

__m512 loadScales(const std::uint16_t* p) {
  return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
}

/// Two quads of one block of a panel, unsigned, four values of each row per register.
struct Quads {
  __m512i first;
  __m512i second;
};

struct Q8Format {
  static constexpr std::size_t kBlockBytes = 512;
  static constexpr bool kHasMinimum = false;
  static Quads load(const std::uint8_t* block, std::size_t step) {
    return {_mm512_loadu_si512(block + 64 * step),
            _mm512_loadu_si512(block + 64 * (step + kSecond))};
  }
  /// Where the sum of a token's products starts.
  static __m512i start(const ActivationBlock& x) { return _mm512_set1_epi32(x.offset); }
};
struct Q4Format {
  static constexpr std::size_t kBlockBytes = 256;
  static constexpr bool kHasMinimum = true;
  static Quads load(const std::uint8_t* block, std::size_t step) {
    const __m512i low = _mm512_set1_epi8(0x0f);
    const __m512i both = _mm512_loadu_si512(block + 64 * step);
    return {_mm512_and_si512(both, low), _mm512_and_si512(_mm512_srli_epi16(both, 4), low)};
  }
  static __m512i start(const ActivationBlock& /*x*/) { return _mm512_setzero_si512(); }
};

__m512i broadcastQuad(const ActivationBlock& x, std::size_t quad) {
  std::int32_t values;
  __builtin_memcpy(&values, x.values + 4 * quad, sizeof(values));
  return _mm512_set1_epi32(values);
}

void store(__m512 sum, std::size_t token, std::size_t row, const PanelOutput& out) {
  const std::size_t left = out.rows - row;
  const auto mask = static_cast<__mmask16>(left >= kRows ? 0xffff : (1u << left) - 1);
  if (out.bias != nullptr) {
    sum = _mm512_add_ps(sum, _mm512_maskz_loadu_ps(mask, out.bias + row));
  }
  float* to = out.data + token * out.stride + row;
  if (out.add) sum = _mm512_add_ps(sum, _mm512_maskz_loadu_ps(mask, to));
  _mm512_mask_storeu_ps(to, mask, sum);
}

/// `Panels` panels for a tile: the sums of all tokens and rows stay in registers, the integer sums
/// of a block beside them, and each broadcast activation serves every panel.
template <typename Format, std::size_t Tokens, std::size_t Panels>
void product(const std::uint8_t* w, const std::uint16_t* scales, const std::uint16_t* minimums,
             std::size_t blocks, const ActivationBlock* x, std::size_t row,
             const PanelOutput& out) {
  Ahead ahead = out.ahead == nullptr ? Ahead{} : *out.ahead;
  __m512 sums[Tokens][Panels];
#pragma GCC unroll 6
  for (std::size_t t = 0; t < Tokens; ++t) {
#pragma GCC unroll 2
    for (std::size_t p = 0; p < Panels; ++p) sums[t][p] = _mm512_setzero_ps();
  }
  for (std::size_t b = 0; b < blocks; ++b) {
    for (std::size_t line = 0; line < kLinesAhead && ahead.begin < ahead.end; ++line) {
      _mm_prefetch(reinterpret_cast<const char*>(ahead.begin), _MM_HINT_T1);
      ahead.begin += kCacheLine;
    }
    if constexpr (Tokens > 1) {
      for (std::size_t line = 0; line < Tokens * sizeof(ActivationBlock); line += 64) {
        _mm_prefetch(reinterpret_cast<const char*>(x + kAhead * Tokens) + line, _MM_HINT_T0);
      }
    }
    __m512i dots[Tokens][Panels];
#pragma GCC unroll 6
    for (std::size_t t = 0; t < Tokens; ++t) {
#pragma GCC unroll 2
      for (std::size_t p = 0; p < Panels; ++p) dots[t][p] = Format::start(x[t]);
    }
#pragma GCC unroll 4
    for (std::size_t step = 0; step < kSecond; ++step) {
      Quads quads[Panels];
#pragma GCC unroll 2
      for (std::size_t p = 0; p < Panels; ++p) {
        quads[p] = Format::load(w + (p * blocks + b) * Format::kBlockBytes, step);
      }
#pragma GCC unroll 6
      for (std::size_t t = 0; t < Tokens; ++t) {
        const __m512i first = broadcastQuad(x[t], step);
#pragma GCC unroll 2
        for (std::size_t p = 0; p < Panels; ++p) {
          dots[t][p] = _mm512_dpbusd_epi32(dots[t][p], quads[p].first, first);
        }
      }
#pragma GCC unroll 6
      for (std::size_t t = 0; t < Tokens; ++t) {
        const __m512i second = broadcastQuad(x[t], step + kSecond);
#pragma GCC unroll 2
        for (std::size_t p = 0; p < Panels; ++p) {
          dots[t][p] = _mm512_dpbusd_epi32(dots[t][p], quads[p].second, second);
        }
      }
    }
#pragma GCC unroll 2
    for (std::size_t p = 0; p < Panels; ++p) {
      const __m512 scale = loadScales(scales + (p * blocks + b) * kRows);
#pragma GCC unroll 6
      for (std::size_t t = 0; t < Tokens; ++t) {
        sums[t][p] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots[t][p]),
                                     _mm512_mul_ps(scale, _mm512_set1_ps(x[t].scale)), sums[t][p]);
      }
      if constexpr (Format::kHasMinimum) {
        const __m512 minimum = loadScales(minimums + (p * blocks + b) * kRows);
#pragma GCC unroll 6
        for (std::size_t t = 0; t < Tokens; ++t) {
          sums[t][p] = _mm512_fmadd_ps(minimum, _mm512_set1_ps(x[t].sum), sums[t][p]);
        }
      }
    }
    x += Tokens;
  }
  if (out.ahead != nullptr) *out.ahead = ahead;
#pragma GCC unroll 6
  for (std::size_t t = 0; t < Tokens; ++t) {
#pragma GCC unroll 2
    for (std::size_t p = 0; p < Panels; ++p) store(sums[t][p], t, row + p * kRows, out);
  }
}

/// Chooses the code for the number of tokens.
template <typename Format, std::size_t Tokens = kMaxTileTokens>
void productOf(const std::uint8_t* w, const std::uint16_t* scales, const std::uint16_t* minimums,
               std::size_t blocks, const ActivationBlock* x, std::size_t tokens,
               const PanelOutput& out) {
  if (tokens != Tokens) {
    if constexpr (Tokens > 1) {
      productOf<Format, Tokens - 1>(w, scales, minimums, blocks, x, tokens, out);
    }
    return;
  }
  std::size_t row = 0;
  for (; row + kRows < out.rows; row += 2 * kRows) {
    product<Format, Tokens, 2>(w, scales, minimums, blocks, x, row, out);
    w += 2 * blocks * Format::kBlockBytes;
    scales += 2 * blocks * kRows;
    if (minimums != nullptr) minimums += 2 * blocks * kRows;
  }
  if (row < out.rows) product<Format, Tokens, 1>(w, scales, minimums, blocks, x, row, out);
}

void productQ8(const std::uint8_t* w, const std::uint16_t* scales, std::size_t blocks,
               const ActivationBlock* x, std::size_t tokens, const PanelOutput& out) {
  productOf<Q8Format>(w, scales, nullptr, blocks, x, tokens, out);
}

void productQ4(const std::uint8_t* w, const std::uint16_t* scales, const std::uint16_t* minimums,
               std::size_t blocks, const ActivationBlock* x, std::size_t tokens,
               const PanelOutput& out) {
  productOf<Q4Format>(w, scales, minimums, blocks, x, tokens, out);
}

}  // namespace

KernelTable withVnni(KernelTable table) {
  table.isa = "avx512vnni";
  table.productQ8 = productQ8;
  table.productQ4 = productQ4;
  return table;
}

}  // namespace vl
