// Compiled for AVX2 and FMA, so it includes nothing whose inline functions could be linked into
// code that older CPUs run.
#include <immintrin.h>

#include "inference/kernels/peak_loops.h"

namespace vl {
namespace {

// Two FMA units with a latency of 4 to 5 cycles need 10 independent sums; 16 registers hold 12.
constexpr std::size_t kSums = 12;

/// `value` may have changed, for all the compiler knows: products of it are not computed once.
void forget(__m256i& value) { asm volatile("" : "+x"(value)); }

double total(const float* values, std::size_t count) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += static_cast<double>(values[i]);
  return sum;
}

double f32(std::size_t turns, int one) {
  const __m256 a = _mm256_set1_ps(static_cast<float>(one));
  __m256 sum[kSums];
#pragma GCC unroll 12
  for (std::size_t i = 0; i < kSums; ++i) {
    sum[i] = _mm256_setzero_ps();
    asm("" : "+v"(sum[i]));  // or the compiler takes all sums for the same
  }
  for (std::size_t turn = 0; turn < turns; ++turn) {
#pragma GCC unroll 12
    for (std::size_t i = 0; i < kSums; ++i) sum[i] = _mm256_fmadd_ps(a, a, sum[i]);
  }
  float values[8 * kSums];
  for (std::size_t i = 0; i < kSums; ++i) _mm256_storeu_ps(values + 8 * i, sum[i]);
  return total(values, 8 * kSums);
}

/// u8 x s8 without VNNI: pairs to 16 bit, pairs of those to 32 bit, then the sum.
double int8(std::size_t turns, int one) {
  constexpr std::size_t kIntSums = 8;
  const __m256i ones = _mm256_set1_epi16(1);
  __m256i a = _mm256_set1_epi8(static_cast<char>(one));
  __m256i sum[kIntSums];
#pragma GCC unroll 8
  for (std::size_t i = 0; i < kIntSums; ++i) {
    sum[i] = _mm256_setzero_si256();
    asm("" : "+v"(sum[i]));  // or the compiler takes all sums for the same
  }
  for (std::size_t turn = 0; turn < turns; ++turn) {
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kIntSums; ++i) {
      forget(a);
      sum[i] = _mm256_add_epi32(sum[i], _mm256_madd_epi16(_mm256_maddubs_epi16(a, a), ones));
    }
  }
  double result = 0;
  for (std::size_t i = 0; i < kIntSums; ++i) {
    alignas(32) std::int32_t lanes[8];
    _mm256_store_si256(reinterpret_cast<__m256i*>(lanes), sum[i]);
    for (const std::int32_t lane : lanes) result += static_cast<double>(lane);
  }
  return result;
}

std::uint64_t readAll(const std::uint64_t* data, std::size_t bytes) {
  const auto* from = reinterpret_cast<const __m256i*>(data);
  __m256i sum[4] = {};
  for (std::size_t i = 0; i < bytes / sizeof(__m256i); i += 4) {
#pragma GCC unroll 4
    for (std::size_t lane = 0; lane < 4; ++lane) {
      sum[lane] = _mm256_add_epi64(sum[lane], _mm256_load_si256(from + i + lane));
    }
  }
  alignas(32) std::uint64_t lanes[4];
  _mm256_store_si256(
      reinterpret_cast<__m256i*>(lanes),
      _mm256_add_epi64(_mm256_add_epi64(sum[0], sum[1]), _mm256_add_epi64(sum[2], sum[3])));
  return lanes[0] + lanes[1] + lanes[2] + lanes[3];
}

}  // namespace

const PeakLoops kAvx2Peaks = {.f32 = {2UL * 8 * kSums, f32},
                              .bf16 = {2UL * 8 * kSums, f32},
                              .int8 = {2UL * 32 * 8, int8},
                              .read = readAll};

}  // namespace vl
