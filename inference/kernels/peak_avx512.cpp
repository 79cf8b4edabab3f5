// Compiled for AVX-512 F and BW; includes are as few as in peak_avx2.cpp, for the same reason.
#include <immintrin.h>

#include "inference/kernels/peak_loops.h"

namespace vl {
namespace {

constexpr std::size_t kSums = 12;

void forget(__m512i& value) { asm volatile("" : "+v"(value)); }

double f32(std::size_t turns, int one) {
  const __m512 a = _mm512_set1_ps(static_cast<float>(one));
  __m512 sum[kSums];
#pragma GCC unroll 12
  for (std::size_t i = 0; i < kSums; ++i) {
    sum[i] = _mm512_setzero_ps();
    asm("" : "+v"(sum[i]));  // or the compiler takes all sums for the same
  }
  for (std::size_t turn = 0; turn < turns; ++turn) {
#pragma GCC unroll 12
    for (std::size_t i = 0; i < kSums; ++i) sum[i] = _mm512_fmadd_ps(a, a, sum[i]);
  }
  double result = 0;
  for (std::size_t i = 0; i < kSums; ++i) {
    alignas(64) float lanes[16];
    _mm512_store_ps(lanes, sum[i]);
    for (const float lane : lanes) result += static_cast<double>(lane);
  }
  return result;
}

/// u8 x s8 without VNNI: pairs to 16 bit, pairs of those to 32 bit, then the sum.
double int8(std::size_t turns, int one) {
  const __m512i ones = _mm512_set1_epi16(1);
  __m512i a = _mm512_set1_epi8(static_cast<char>(one));
  __m512i sum[kSums];
#pragma GCC unroll 12
  for (std::size_t i = 0; i < kSums; ++i) {
    sum[i] = _mm512_setzero_si512();
    asm("" : "+v"(sum[i]));  // or the compiler takes all sums for the same
  }
  for (std::size_t turn = 0; turn < turns; ++turn) {
#pragma GCC unroll 12
    for (std::size_t i = 0; i < kSums; ++i) {
      forget(a);
      sum[i] = _mm512_add_epi32(sum[i], _mm512_madd_epi16(_mm512_maddubs_epi16(a, a), ones));
    }
  }
  double result = 0;
  for (std::size_t i = 0; i < kSums; ++i) {
    alignas(64) std::int32_t lanes[16];
    _mm512_store_si512(lanes, sum[i]);
    for (const std::int32_t lane : lanes) result += static_cast<double>(lane);
  }
  return result;
}

std::uint64_t readAll(const std::uint64_t* data, std::size_t bytes) {
  __m512i sum[8] = {};
  for (std::size_t i = 0; i < bytes / sizeof(std::uint64_t); i += 64) {
#pragma GCC unroll 8
    for (std::size_t lane = 0; lane < 8; ++lane) {
      sum[lane] = _mm512_add_epi64(sum[lane], _mm512_load_si512(data + i + 8 * lane));
    }
  }
  alignas(64) std::uint64_t lanes[8];
  std::uint64_t result = 0;
  for (const __m512i& part : sum) {
    _mm512_store_si512(lanes, part);
    for (const std::uint64_t lane : lanes) result += lane;
  }
  return result;
}

}  // namespace

const PeakLoops kAvx512Peaks = {.f32 = {2UL * 16 * kSums, f32},
                                .bf16 = {2UL * 16 * kSums, f32},
                                .int8 = {2UL * 64 * kSums, int8},
                                .read = readAll};

}  // namespace vl
