// The BF16 product for 512-bit registers, with the multiplication left open. Included only by files
// that are compiled for one instruction set each, hence the unnamed namespace.
#pragma once

#include <immintrin.h>

#include "inference/kernels/panel_operands.h"

namespace vl {
namespace {  // NOLINT(cert-dcl59-cpp): a copy per instruction set is the purpose

constexpr std::size_t kPanelWidth = 16;  // kPanelRows

/// Adds nothing that a wider panel or a longer pair list would change: one sum per output.
///   Step::kTokens, kPanels   tile whose sums fit into the registers
///   Step::Weight, Activation what a pair of 16 rows, of one token is turned into
template <typename Step, std::size_t Tokens, std::size_t Panels>
void bf16Tile(const Bf16Panels& w, std::size_t pairs, const std::uint16_t* x, std::size_t xStride,
              const PanelOutput& out) {
  Ahead ahead = out.ahead == nullptr ? Ahead{} : *out.ahead;
  __m512 sums[Tokens][Panels];
#pragma GCC unroll 8
  for (std::size_t t = 0; t < Tokens; ++t) {
#pragma GCC unroll 8
    for (std::size_t p = 0; p < Panels; ++p) sums[t][p] = _mm512_setzero_ps();
  }
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    if (ahead.begin < ahead.end) {
      _mm_prefetch(reinterpret_cast<const char*>(ahead.begin), _MM_HINT_T1);
      ahead.begin += kCacheLine;
    }
    typename Step::Weight weights[Panels];
#pragma GCC unroll 8
    for (std::size_t p = 0; p < Panels; ++p) {
      weights[p] =
          Step::weight(_mm512_loadu_si512(w.data + p * w.panelStride + pair * w.pairStride));
    }
#pragma GCC unroll 8
    for (std::size_t t = 0; t < Tokens; ++t) {
      std::int32_t bits;
      __builtin_memcpy(&bits, x + t * xStride + 2 * pair, sizeof(bits));
      const typename Step::Activation activation = Step::activation(_mm512_set1_epi32(bits));
#pragma GCC unroll 8
      for (std::size_t p = 0; p < Panels; ++p) {
        sums[t][p] = Step::add(sums[t][p], weights[p], activation);
      }
    }
  }
  if (out.ahead != nullptr) *out.ahead = ahead;
#pragma GCC unroll 8
  for (std::size_t p = 0; p < Panels; ++p) {
    const std::size_t row = p * kPanelWidth;
    const std::size_t left = out.rows - row;
    const auto mask = static_cast<__mmask16>(left >= kPanelWidth ? 0xffff : (1u << left) - 1);
    const __m512 bias =
        out.bias == nullptr ? _mm512_setzero_ps() : _mm512_maskz_loadu_ps(mask, out.bias + row);
#pragma GCC unroll 8
    for (std::size_t t = 0; t < Tokens; ++t) {
      float* to = out.data + t * out.stride + row;
      __m512 sum = _mm512_add_ps(sums[t][p], bias);
      if (out.add) sum = _mm512_add_ps(sum, _mm512_maskz_loadu_ps(mask, to));
      _mm512_mask_storeu_ps(to, mask, sum);
    }
  }
}

template <typename Step, std::size_t Panels, std::size_t Tokens = Step::kTokens>
void bf16TileOf(std::size_t tokens, const Bf16Panels& w, std::size_t pairs, const std::uint16_t* x,
                std::size_t xStride, const PanelOutput& out) {
  if (tokens == Tokens) {
    bf16Tile<Step, Tokens, Panels>(w, pairs, x, xStride, out);
  } else if constexpr (Tokens > 1) {
    bf16TileOf<Step, Panels, Tokens - 1>(tokens, w, pairs, x, xStride, out);
  }
}

template <typename Step, std::size_t Panels>
void bf16Rows(const Bf16Panels& w, std::size_t pairs, const std::uint16_t* x, std::size_t xStride,
              std::size_t tokens, PanelOutput out) {
  for (std::size_t t = 0; t < tokens; t += Step::kTokens) {
    const std::size_t count = tokens - t < Step::kTokens ? tokens - t : Step::kTokens;
    bf16TileOf<Step, Panels>(count, w, pairs, x + t * xStride, xStride, out);
    out.data += count * out.stride;
  }
}

template <typename Step>
void bf16Product(const Bf16Panels& w, std::size_t pairs, const std::uint16_t* x,
                 std::size_t xStride, std::size_t tokens, const PanelOutput& out) {
  Bf16Panels panels = w;
  PanelOutput rest = out;
  while (rest.rows > 0) {
    const std::size_t count = (rest.rows + kPanelWidth - 1) / kPanelWidth;
    const std::size_t step = count < Step::kPanels ? count : Step::kPanels;
    PanelOutput part = rest;
    if (part.rows > step * kPanelWidth) part.rows = step * kPanelWidth;
    switch (step) {
      case 1:
        bf16Rows<Step, 1>(panels, pairs, x, xStride, tokens, part);
        break;
      case 2:
        bf16Rows<Step, 2>(panels, pairs, x, xStride, tokens, part);
        break;
      case 3:
        bf16Rows<Step, 3>(panels, pairs, x, xStride, tokens, part);
        break;
      default:
        bf16Rows<Step, 4>(panels, pairs, x, xStride, tokens, part);
        break;
    }
    panels.data += step * panels.panelStride;
    rest.data += part.rows;
    if (rest.bias != nullptr) rest.bias += part.rows;
    rest.rows -= part.rows;
  }
}

}  // namespace
}  // namespace vl
