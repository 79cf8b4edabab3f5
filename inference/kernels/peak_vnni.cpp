// Compiled for AVX512-VNNI; includes are as few as in peak_avx2.cpp, for the same reason.
#include <immintrin.h>

#include "inference/kernels/peak_loops.h"

namespace vl {
namespace {

constexpr std::size_t kSums = 12;

double int8(std::size_t turns, int one) {
  const __m512i a = _mm512_set1_epi8(static_cast<char>(one));
  __m512i sum[kSums];
#pragma GCC unroll 12
  for (std::size_t i = 0; i < kSums; ++i) {
    sum[i] = _mm512_setzero_si512();
    asm("" : "+v"(sum[i]));  // or the compiler takes all sums for the same
  }
  for (std::size_t turn = 0; turn < turns; ++turn) {
#pragma GCC unroll 12
    for (std::size_t i = 0; i < kSums; ++i) sum[i] = _mm512_dpbusd_epi32(sum[i], a, a);
  }
  double result = 0;
  for (std::size_t i = 0; i < kSums; ++i) {
    alignas(64) std::int32_t lanes[16];
    _mm512_store_si512(lanes, sum[i]);
    for (const std::int32_t lane : lanes) result += static_cast<double>(lane);
  }
  return result;
}

}  // namespace

const PeakLoop kVnniInt8Peak = {2UL * 64 * kSums, int8};

}  // namespace vl
