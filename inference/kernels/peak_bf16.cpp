// Compiled for AVX512-BF16; includes are as few as in peak_avx2.cpp, for the same reason.
#include <immintrin.h>

#include "inference/kernels/peak_loops.h"

namespace vl {
namespace {

// A BF16 dot product takes 6 cycles on Zen 4 and 5, and two start per cycle.
constexpr std::size_t kSums = 16;

double bf16(std::size_t turns, int one) {
  const __m512 value = _mm512_set1_ps(static_cast<float>(one));
  const __m512bh a = _mm512_cvtne2ps_pbh(value, value);
  __m512 sum[kSums];
#pragma GCC unroll 16
  for (std::size_t i = 0; i < kSums; ++i) {
    sum[i] = _mm512_setzero_ps();
    asm("" : "+v"(sum[i]));  // or the compiler takes all sums for the same
  }
  for (std::size_t turn = 0; turn < turns; ++turn) {
#pragma GCC unroll 16
    for (std::size_t i = 0; i < kSums; ++i) sum[i] = _mm512_dpbf16_ps(sum[i], a, a);
  }
  double result = 0;
  for (std::size_t i = 0; i < kSums; ++i) {
    alignas(64) float lanes[16];
    _mm512_store_ps(lanes, sum[i]);
    for (const float lane : lanes) result += static_cast<double>(lane);
  }
  return result;
}

}  // namespace

const PeakLoop kAvx512Bf16Peak = {2UL * 32 * kSums, bf16};

}  // namespace vl
