// AVX2 + FMA + F16C. Compiled with those flags, so it includes nothing whose inline functions could
// be linked into code that older CPUs run.
#include <immintrin.h>

#include "inference/kernels/kernel_table.h"
#include "inference/kernels/tables.h"

namespace vl {
namespace {

constexpr std::size_t kQ8Block = 32;  // kBlockSize

float horizontalSum(__m256 v) {
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
float horizontalMax(__m256 v) {
  const __m128 four = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  const __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}

__m256 loadF32(const float* p) { return _mm256_loadu_ps(p); }
__m256 loadF16(const std::uint16_t* p) {
  return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
}
__m256 loadBf16(const std::uint16_t* p) {
  const __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  return _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16));
}
__m256 loadI8(const std::int8_t* p) {
  return _mm256_cvtepi32_ps(
      _mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))));
}
float halfToFloat(std::uint16_t bits) { return _cvtsh_ss(bits); }

/// Copies the n < 8 elements of a tail, so that every step can be a full vector.
template <typename T>
struct Tail {
  Tail(const T* p, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) values[i] = p[i];
  }
  T values[8] = {};
};

template <typename T, __m256 (*Load)(const T*)>
float dot(const T* w, const float* x, std::size_t n) {
  __m256 sum0 = _mm256_setzero_ps(), sum1 = sum0, sum2 = sum0, sum3 = sum0;
  std::size_t i = 0;
  for (; i + 32 <= n; i += 32) {
    sum0 = _mm256_fmadd_ps(Load(w + i), loadF32(x + i), sum0);
    sum1 = _mm256_fmadd_ps(Load(w + i + 8), loadF32(x + i + 8), sum1);
    sum2 = _mm256_fmadd_ps(Load(w + i + 16), loadF32(x + i + 16), sum2);
    sum3 = _mm256_fmadd_ps(Load(w + i + 24), loadF32(x + i + 24), sum3);
  }
  for (; i + 8 <= n; i += 8) sum0 = _mm256_fmadd_ps(Load(w + i), loadF32(x + i), sum0);
  if (i < n) {
    const Tail<T> wTail(w + i, n - i);
    const Tail<float> xTail(x + i, n - i);
    sum1 = _mm256_fmadd_ps(Load(wTail.values), loadF32(xTail.values), sum1);
  }
  return horizontalSum(_mm256_add_ps(_mm256_add_ps(sum0, sum1), _mm256_add_ps(sum2, sum3)));
}

float dotQ8(const std::int8_t* w, const std::uint16_t* scales, const float* x, std::size_t n) {
  __m256 sum = _mm256_setzero_ps();
  std::size_t i = 0;
  for (; i + kQ8Block <= n; i += kQ8Block) {
    __m256 even = _mm256_mul_ps(loadI8(w + i), loadF32(x + i));
    __m256 odd = _mm256_mul_ps(loadI8(w + i + 8), loadF32(x + i + 8));
    even = _mm256_fmadd_ps(loadI8(w + i + 16), loadF32(x + i + 16), even);
    odd = _mm256_fmadd_ps(loadI8(w + i + 24), loadF32(x + i + 24), odd);
    const __m256 scale = _mm256_set1_ps(halfToFloat(scales[i / kQ8Block]));
    sum = _mm256_fmadd_ps(scale, _mm256_add_ps(even, odd), sum);
  }
  for (; i < n; i += 8) {
    const std::size_t count = n - i < 8 ? n - i : 8;
    const Tail<std::int8_t> wTail(w + i, count);
    const Tail<float> xTail(x + i, count);
    const __m256 scale = _mm256_set1_ps(halfToFloat(scales[i / kQ8Block]));
    sum = _mm256_fmadd_ps(scale, _mm256_mul_ps(loadI8(wTail.values), loadF32(xTail.values)), sum);
  }
  return horizontalSum(sum);
}

template <typename T, __m256 (*Load)(const T*)>
void expand(const T* w, float* out, std::size_t n) {
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) _mm256_storeu_ps(out + i, Load(w + i));
  if (i < n) {
    const Tail<T> tail(w + i, n - i);
    float values[8];
    _mm256_storeu_ps(values, Load(tail.values));
    for (std::size_t j = 0; i + j < n; ++j) out[i + j] = values[j];
  }
}

void expandQ8(const std::int8_t* w, const std::uint16_t* scales, float* out, std::size_t n) {
  for (std::size_t begin = 0; begin < n; begin += kQ8Block) {
    const float scale = halfToFloat(scales[begin / kQ8Block]);
    const __m256 scales8 = _mm256_set1_ps(scale);
    const std::size_t end = n - begin < kQ8Block ? n : begin + kQ8Block;
    std::size_t i = begin;
    for (; i + 8 <= end; i += 8) _mm256_storeu_ps(out + i, _mm256_mul_ps(scales8, loadI8(w + i)));
    for (; i < end; ++i) out[i] = static_cast<float>(w[i]) * scale;
  }
}

void addScaled(float factor, const float* x, float* y, std::size_t n) {
  const __m256 factor8 = _mm256_set1_ps(factor);
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    _mm256_storeu_ps(y + i, _mm256_fmadd_ps(factor8, loadF32(x + i), loadF32(y + i)));
  }
  for (; i < n; ++i) y[i] += factor * x[i];
}

/// exp(v) with a relative error below 3e-7: v = k ln 2 + r, |r| <= ln 2 / 2, a degree 6 Taylor
/// polynomial in r (remainder (ln 2 / 2)^7 / 7! = 1.2e-7), times 2^k. Results below the smallest
/// normal float become 0.
__m256 exponential(__m256 v) {
  const __m256 tooSmall = _mm256_cmp_ps(v, _mm256_set1_ps(-87.3f), _CMP_LT_OQ);
  v = _mm256_min_ps(_mm256_max_ps(v, _mm256_set1_ps(-87.3f)), _mm256_set1_ps(88.3f));
  const __m256 k = _mm256_round_ps(_mm256_mul_ps(v, _mm256_set1_ps(1.44269504f)),
                                   _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  __m256 r = _mm256_fnmadd_ps(k, _mm256_set1_ps(0.693359375f), v);  // ln 2 in two parts
  r = _mm256_fnmadd_ps(k, _mm256_set1_ps(-2.12194440e-4f), r);
  __m256 p = _mm256_set1_ps(1.0f / 720);
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.0f / 120));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.0f / 24));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.0f / 6));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(0.5f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.0f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.0f));
  const __m256i power =
      _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(k), _mm256_set1_epi32(127)), 23);
  return _mm256_andnot_ps(tooSmall, _mm256_mul_ps(p, _mm256_castsi256_ps(power)));
}

__m256 silu(__m256 v) {
  const __m256 one = _mm256_set1_ps(1.0f);
  const __m256 negated = _mm256_sub_ps(_mm256_setzero_ps(), v);
  return _mm256_div_ps(v, _mm256_add_ps(one, exponential(negated)));
}

/// 0.5 v (1 + tanh(u)) = v / (1 + exp(-2u)).
__m256 gelu(__m256 v) {
  const __m256 cubic = _mm256_mul_ps(_mm256_mul_ps(v, v), v);
  const __m256 u = _mm256_fmadd_ps(_mm256_set1_ps(0.044715f), cubic, v);
  const __m256 minus2u = _mm256_mul_ps(_mm256_set1_ps(-2.0f * 0.79788456f), u);
  return _mm256_div_ps(v, _mm256_add_ps(_mm256_set1_ps(1.0f), exponential(minus2u)));
}

/// sum_i term(i), a register of eight at a time; the tail through copies filled up with `filler`.
template <typename Term>
float sumOf(const float* x, std::size_t n, float filler, Term term) {
  __m256 sums[4] = {};
  std::size_t i = 0;
  for (; i + 32 <= n; i += 32) {
    for (std::size_t j = 0; j < 4; ++j) {
      sums[j] = _mm256_add_ps(sums[j], term(loadF32(x + i + 8 * j)));
    }
  }
  for (; i + 8 <= n; i += 8) sums[0] = _mm256_add_ps(sums[0], term(loadF32(x + i)));
  if (i < n) {
    Tail<float> tail(x + i, n - i);
    for (std::size_t j = n - i; j < 8; ++j) tail.values[j] = filler;
    sums[1] = _mm256_add_ps(sums[1], term(loadF32(tail.values)));
  }
  return horizontalSum(
      _mm256_add_ps(_mm256_add_ps(sums[0], sums[1]), _mm256_add_ps(sums[2], sums[3])));
}

void rmsNorm(const float* x, const float* weight, float eps, float* out, std::size_t n) {
  const float squares = sumOf(x, n, 0.0f, [](__m256 v) { return _mm256_mul_ps(v, v); });
  const float scale = 1.0f / __builtin_sqrtf(squares / static_cast<float>(n) + eps);
  const __m256 scale8 = _mm256_set1_ps(scale);
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    const __m256 v = _mm256_mul_ps(loadF32(x + i), scale8);
    _mm256_storeu_ps(out + i, _mm256_mul_ps(v, loadF32(weight + i)));
  }
  for (; i < n; ++i) out[i] = x[i] * scale * weight[i];
}

void layerNorm(const float* x, const float* weight, const float* bias, float eps, float* out,
               std::size_t n) {
  const auto count = static_cast<float>(n);
  const float mean = sumOf(x, n, 0.0f, [](__m256 v) { return v; }) / count;
  const __m256 mean8 = _mm256_set1_ps(mean);
  const float squares = sumOf(x, n, mean, [mean8](__m256 v) {
    const __m256 centred = _mm256_sub_ps(v, mean8);
    return _mm256_mul_ps(centred, centred);
  });
  const float scale = 1.0f / __builtin_sqrtf(squares / count + eps);
  const __m256 scale8 = _mm256_set1_ps(scale);
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    const __m256 v = _mm256_mul_ps(_mm256_sub_ps(loadF32(x + i), mean8), scale8);
    _mm256_storeu_ps(out + i, _mm256_fmadd_ps(v, loadF32(weight + i), loadF32(bias + i)));
  }
  for (; i < n; ++i) out[i] = (x[i] - mean) * scale * weight[i] + bias[i];
}

void softmax(float* x, std::size_t n) {
  std::size_t i = 0;
  float largest = x[0];
  if (n >= 8) {
    __m256 largest8 = loadF32(x);
    for (i = 8; i + 8 <= n; i += 8) largest8 = _mm256_max_ps(largest8, loadF32(x + i));
    largest = horizontalMax(largest8);
  }
  for (; i < n; ++i) largest = x[i] > largest ? x[i] : largest;

  const __m256 shift = _mm256_set1_ps(largest);
  __m256 sum8 = _mm256_setzero_ps();
  for (i = 0; i + 8 <= n; i += 8) {
    const __m256 e = exponential(_mm256_sub_ps(loadF32(x + i), shift));
    _mm256_storeu_ps(x + i, e);
    sum8 = _mm256_add_ps(sum8, e);
  }
  float sum = horizontalSum(sum8);
  if (i < n) {
    const Tail<float> tail(x + i, n - i);
    float e[8];
    _mm256_storeu_ps(e, exponential(_mm256_sub_ps(loadF32(tail.values), shift)));
    for (std::size_t j = 0; i + j < n; ++j) {
      x[i + j] = e[j];
      sum += e[j];
    }
  }
  const float scale = 1.0f / sum;
  const __m256 scale8 = _mm256_set1_ps(scale);
  for (i = 0; i + 8 <= n; i += 8) _mm256_storeu_ps(x + i, _mm256_mul_ps(scale8, loadF32(x + i)));
  for (; i < n; ++i) x[i] *= scale;
}

void siluMultiply(float* gate, const float* up, std::size_t n) {
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    _mm256_storeu_ps(gate + i, _mm256_mul_ps(silu(loadF32(gate + i)), loadF32(up + i)));
  }
  if (i < n) {
    const Tail<float> tail(gate + i, n - i);
    float values[8];
    _mm256_storeu_ps(values, silu(loadF32(tail.values)));
    for (std::size_t j = 0; i + j < n; ++j) gate[i + j] = values[j] * up[i + j];
  }
}

void geluTanh(float* x, std::size_t n) {
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) _mm256_storeu_ps(x + i, gelu(loadF32(x + i)));
  if (i < n) {
    const Tail<float> tail(x + i, n - i);
    float values[8];
    _mm256_storeu_ps(values, gelu(loadF32(tail.values)));
    for (std::size_t j = 0; i + j < n; ++j) x[i + j] = values[j];
  }
}

constexpr std::size_t kRows = 16;  // kPanelRows, two registers of 8
constexpr std::size_t kGroup = 4;  // tokens whose sums are in registers together
constexpr std::size_t kQuads = 8;  // of four values in a block

__m256i load(const void* p) { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }

__m256i broadcastWord(const void* p) {
  std::int32_t word;
  __builtin_memcpy(&word, p, sizeof(word));
  return _mm256_set1_epi32(word);
}

void store8(__m256 sum, std::size_t token, std::size_t row, const PanelOutput& out) {
  if (row >= out.rows) return;
  float* to = out.data + token * out.stride + row;
  float values[8];
  _mm256_storeu_ps(values, sum);
  for (std::size_t r = 0; r < 8 && row + r < out.rows; ++r) {
    const float value = out.bias == nullptr ? values[r] : values[r] + out.bias[row + r];
    to[r] = out.add ? to[r] + value : value;
  }
}

/// Sums of products of 8 rows of a block. The byte products of this instruction set take one
/// unsigned operand and saturate in 16 bits, so 8-bit weights come as magnitudes, with their sign
/// moved to the activation: |128 * 127 * 2| fits.
struct Q8Half {
  static constexpr std::size_t kBytes = 512;
  static constexpr bool kHasMinimum = false;
  Q8Half(const std::uint8_t* w, std::size_t half) : w_(w + 32 * half) {}
  __m256i dot(const ActivationBlock& x) const {
    const __m256i ones = _mm256_set1_epi16(1);
    __m256i sum = _mm256_setzero_si256();
    for (std::size_t q = 0; q < kQuads; ++q) {
      const __m256i weight = _mm256_xor_si256(load(w_ + 64 * q), _mm256_set1_epi8(-128));
      const __m256i product = _mm256_maddubs_epi16(
          _mm256_abs_epi8(weight), _mm256_sign_epi8(broadcastWord(x.values + 4 * q), weight));
      sum = _mm256_add_epi32(sum, _mm256_madd_epi16(product, ones));
    }
    return sum;
  }

 private:
  const std::uint8_t* w_;
};
struct Q4Half {
  static constexpr std::size_t kBytes = 256;
  static constexpr bool kHasMinimum = true;
  Q4Half(const std::uint8_t* w, std::size_t half) : w_(w + 32 * half) {}
  __m256i dot(const ActivationBlock& x) const {
    const __m256i low = _mm256_set1_epi8(0x0f);
    __m256i sum = _mm256_setzero_si256();
    for (std::size_t q = 0; q < kQuads / 2; ++q) {
      const __m256i both = load(w_ + 64 * q);
      const __m256i first = _mm256_and_si256(both, low);
      const __m256i second = _mm256_and_si256(_mm256_srli_epi16(both, 4), low);
      // At most 4 * 15 * 127 in 16 bits.
      const __m256i product = _mm256_add_epi16(
          _mm256_maddubs_epi16(first, broadcastWord(x.values + 4 * q)),
          _mm256_maddubs_epi16(second, broadcastWord(x.values + kQ8Block / 2 + 4 * q)));
      sum = _mm256_add_epi32(sum, _mm256_madd_epi16(product, _mm256_set1_epi16(1)));
    }
    return sum;
  }

 private:
  const std::uint8_t* w_;
};

template <typename Half>
void product(const std::uint8_t* w, const std::uint16_t* scales, const std::uint16_t* minimums,
             std::size_t blocks, const ActivationBlock* x, std::size_t tokens,
             const PanelOutput& out) {
  for (std::size_t row = 0; row < out.rows; row += 8) {
    const std::size_t panel = row / kRows * blocks;
    const std::size_t half = row % kRows / 8;
    for (std::size_t begin = 0; begin < tokens; begin += kGroup) {
      const std::size_t count = tokens - begin < kGroup ? tokens - begin : kGroup;
      __m256 sums[kGroup] = {};
      for (std::size_t b = panel; b < panel + blocks; ++b) {
        const Half block(w + b * Half::kBytes, half);
        const __m256 scale = loadF16(scales + b * kRows + 8 * half);
        const ActivationBlock* tile = x + (b - panel) * tokens + begin;
        for (std::size_t t = 0; t < count; ++t) {
          sums[t] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(block.dot(tile[t])),
                                    _mm256_mul_ps(scale, _mm256_set1_ps(tile[t].scale)), sums[t]);
          if constexpr (Half::kHasMinimum) {
            sums[t] = _mm256_fmadd_ps(loadF16(minimums + b * kRows + 8 * half),
                                      _mm256_set1_ps(tile[t].sum), sums[t]);
          }
        }
      }
      for (std::size_t t = 0; t < count; ++t) store8(sums[t], begin + t, row, out);
    }
  }
}

void productQ8(const std::uint8_t* w, const std::uint16_t* scales, std::size_t blocks,
               const ActivationBlock* x, std::size_t tokens, const PanelOutput& out) {
  product<Q8Half>(w, scales, nullptr, blocks, x, tokens, out);
}

void productQ4(const std::uint8_t* w, const std::uint16_t* scales, const std::uint16_t* minimums,
               std::size_t blocks, const ActivationBlock* x, std::size_t tokens,
               const PanelOutput& out) {
  product<Q4Half>(w, scales, minimums, blocks, x, tokens, out);
}

/// The elements of BF16 pairs as F32; their products are exact.
struct Pair {
  explicit Pair(__m256i words)
      : even(_mm256_castsi256_ps(_mm256_slli_epi32(words, 16))),
        odd(_mm256_castsi256_ps(
            _mm256_and_si256(words, _mm256_set1_epi32(static_cast<int>(0xffff0000u))))) {}
  __m256 even;
  __m256 odd;
};

template <std::size_t Tokens>
void bf16Tile(const Bf16Panels& w, std::size_t panel, std::size_t pairs, const std::uint16_t* x,
              std::size_t xStride, std::size_t token, const PanelOutput& out) {
  __m256 low[Tokens] = {};
  __m256 high[Tokens] = {};
  for (std::size_t p = 0; p < pairs; ++p) {
    const std::uint32_t* words = w.data + panel * w.panelStride + p * w.pairStride;
    const Pair lowWeights(load(words));
    const Pair highWeights(load(words + 8));
#pragma GCC unroll 4
    for (std::size_t t = 0; t < Tokens; ++t) {
      const Pair activations(broadcastWord(x + (token + t) * xStride + 2 * p));
      low[t] = _mm256_fmadd_ps(lowWeights.even, activations.even, low[t]);
      high[t] = _mm256_fmadd_ps(highWeights.even, activations.even, high[t]);
      low[t] = _mm256_fmadd_ps(lowWeights.odd, activations.odd, low[t]);
      high[t] = _mm256_fmadd_ps(highWeights.odd, activations.odd, high[t]);
    }
  }
  for (std::size_t t = 0; t < Tokens; ++t) {
    store8(low[t], token + t, panel * kRows, out);
    store8(high[t], token + t, panel * kRows + 8, out);
  }
}

void productBf16(const Bf16Panels& w, std::size_t pairs, const std::uint16_t* x,
                 std::size_t xStride, std::size_t tokens, const PanelOutput& out) {
  for (std::size_t panel = 0; panel * kRows < out.rows; ++panel) {
    std::size_t t = 0;
    for (; t + 3 <= tokens; t += 3) bf16Tile<3>(w, panel, pairs, x, xStride, t, out);
    for (; t < tokens; ++t) bf16Tile<1>(w, panel, pairs, x, xStride, t, out);
  }
}

__m256i roundedBf16(__m256 v) {
  const __m256i bits = _mm256_castps_si256(v);
  const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
  return _mm256_srli_epi32(_mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff))),
                           16);
}

/// The low halves of 8 words.
__m128i lowHalves(__m256i words) {
  return _mm_packus_epi32(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
}

void roundBf16(const float* x, std::uint16_t* out, std::size_t n) {
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i), lowHalves(roundedBf16(loadF32(x + i))));
  }
  if (i < n) {
    const Tail<float> tail(x + i, n - i);
    std::uint16_t values[8];
    _mm_storeu_si128(reinterpret_cast<__m128i*>(values),
                     lowHalves(roundedBf16(loadF32(tail.values))));
    for (std::size_t j = 0; i + j < n; ++j) out[i + j] = values[j];
  }
}

float exponentials(const float* x, float scale, std::uint16_t* out, std::size_t n) {
  float largest = x[0];
  for (std::size_t i = 1; i < n; ++i) largest = x[i] > largest ? x[i] : largest;
  const __m256 scales = _mm256_set1_ps(scale);
  const __m256 shift = _mm256_set1_ps(scale * largest);
  __m256 sums = _mm256_setzero_ps();
  float rest = 0;
  for (std::size_t i = 0; i < n; i += 8) {
    const std::size_t count = n - i < 8 ? n - i : 8;
    const Tail<float> in(x + i, count);
    const __m256i rounded =
        roundedBf16(exponential(_mm256_fmsub_ps(scales, loadF32(in.values), shift)));
    const __m256 values = _mm256_castsi256_ps(_mm256_slli_epi32(rounded, 16));
    if (count == 8) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i), lowHalves(rounded));
      sums = _mm256_add_ps(sums, values);
      continue;
    }
    std::uint32_t words[8];
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(words), rounded);
    float exact[8];
    _mm256_storeu_ps(exact, values);
    for (std::size_t j = 0; j < count; ++j) {
      out[i + j] = static_cast<std::uint16_t>(words[j]);
      rest += exact[j];
    }
  }
  return horizontalSum(sums) + rest;
}

void quantizeBlock(const float* x, std::size_t count, ActivationBlock& out) {
  float values[kQ8Block] = {};
  for (std::size_t i = 0; i < count; ++i) values[i] = x[i];
  const __m256 sign = _mm256_set1_ps(-0.0f);
  __m256 largest = _mm256_setzero_ps();
  for (std::size_t i = 0; i < kQ8Block; i += 8) {
    largest = _mm256_max_ps(largest, _mm256_andnot_ps(sign, loadF32(values + i)));
  }
  out.scale = horizontalMax(largest) / 127.0f;
  // The division by a tiny scale could overflow; such a block is zero to every purpose.
  const __m256 inverse = _mm256_set1_ps(out.scale > 1e-37f ? 1.0f / out.scale : 0.0f);
  __m256i words[4];
  __m256i sums = _mm256_setzero_si256();
  for (std::size_t i = 0; i < 4; ++i) {
    words[i] = _mm256_cvtps_epi32(_mm256_mul_ps(loadF32(values + 8 * i), inverse));
    sums = _mm256_add_epi32(sums, words[i]);
  }
  // Packing works within halves: the permutation puts the groups of four values in order.
  const __m256i packed = _mm256_packs_epi16(_mm256_packs_epi32(words[0], words[1]),
                                            _mm256_packs_epi32(words[2], words[3]));
  _mm256_storeu_si256(
      reinterpret_cast<__m256i*>(out.values),
      _mm256_permutevar8x32_epi32(packed, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7)));
  std::int32_t lanes[8];
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(lanes), sums);
  std::int32_t sum = 0;
  for (const std::int32_t lane : lanes) sum += lane;
  out.offset = -128 * sum;
  out.sum = out.scale * static_cast<float>(sum);
}

void quantize(const float* x, std::size_t xStride, std::size_t rows, std::size_t n,
              ActivationBlock* out) {
  for (std::size_t begin = 0; begin < n; begin += kQ8Block) {
    const std::size_t count = n - begin < kQ8Block ? n - begin : kQ8Block;
    for (std::size_t row = 0; row < rows; ++row) {
      quantizeBlock(x + row * xStride + begin, count, *out++);
    }
  }
}

}  // namespace

KernelTable withAvx2(KernelTable table) {
  table.isa = "avx2";
  table.dotF32 = dot<float, loadF32>;
  table.dotF16 = dot<std::uint16_t, loadF16>;
  table.dotBf16 = dot<std::uint16_t, loadBf16>;
  table.dotQ8 = dotQ8;
  table.expandF16 = expand<std::uint16_t, loadF16>;
  table.expandBf16 = expand<std::uint16_t, loadBf16>;
  table.expandQ8 = expandQ8;
  table.addScaled = addScaled;
  table.rmsNorm = rmsNorm;
  table.layerNorm = layerNorm;
  table.softmax = softmax;
  table.siluMultiply = siluMultiply;
  table.geluTanh = geluTanh;
  table.roundBf16 = roundBf16;
  table.exponentials = exponentials;
  table.quantize = quantize;
  table.productQ8 = productQ8;
  table.productQ4 = productQ4;
  table.productBf16 = productBf16;
  return table;
}

}  // namespace vl
