// AVX-512 with BF16 dot products. Compiled with those flags, so it includes nothing whose inline
// functions could be linked into code that older CPUs run.
#include <immintrin.h>

#include "inference/kernels/avx512_bf16_product.h"
#include "inference/kernels/kernel_table.h"
#include "inference/kernels/tables.h"

namespace vl {
namespace {

struct DotStep {
  static constexpr std::size_t kTokens = 6;
  static constexpr std::size_t kPanels = 4;
  using Weight = __m512i;
  using Activation = __m512i;
  static Weight weight(__m512i pairs) { return pairs; }
  static Activation activation(__m512i pairs) { return pairs; }
  static __m512 add(__m512 sum, Weight w, Activation x) {
    return _mm512_dpbf16_ps(sum, (__m512bh)w, (__m512bh)x);
  }
};

void roundBf16(const float* x, std::uint16_t* out, std::size_t n) {
  std::size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + i),
                        (__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(x + i)));
  }
  if (i < n) {
    const auto mask = static_cast<__mmask16>((1u << (n - i)) - 1);
    _mm256_mask_storeu_epi16(out + i, mask,
                             (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(mask, x + i)));
  }
}

}  // namespace

KernelTable withBf16(KernelTable table) {
  table.isa = "avx512bf16";
  table.roundBf16 = roundBf16;
  table.productBf16 = bf16Product<DotStep>;
  return table;
}

}  // namespace vl
