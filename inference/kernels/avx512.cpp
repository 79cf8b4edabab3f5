// AVX-512 F, BW, VL, DQ. Compiled with those flags, so it includes nothing whose inline functions
// could be linked into code that older CPUs run.
#include <immintrin.h>

#include "inference/kernels/avx512_bf16_product.h"
#include "inference/kernels/kernel_table.h"
#include "inference/kernels/tables.h"

namespace vl {
namespace {

constexpr std::size_t kLanes = 16;
constexpr std::size_t kBlock = 32;  // kBlockSize

/// The first `count` lanes, all for 16 and more.
__mmask16 firstLanes(std::size_t count) {
  return static_cast<__mmask16>(count >= kLanes ? 0xffff : (1u << count) - 1);
}

__m512 loadF32(const float* p, __mmask16 mask) { return _mm512_maskz_loadu_ps(mask, p); }
__m512 loadF16(const std::uint16_t* p, __mmask16 mask) {
  return _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(mask, p));
}
__m512 loadBf16(const std::uint16_t* p, __mmask16 mask) {
  return _mm512_castsi512_ps(
      _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, p)), 16));
}

template <typename T, __m512 (*Load)(const T*, __mmask16)>
float dot(const T* w, const float* x, std::size_t n) {
  __m512 sums[4] = {};
  std::size_t i = 0;
  for (; i + 4 * kLanes <= n; i += 4 * kLanes) {
#pragma GCC unroll 4
    for (std::size_t j = 0; j < 4; ++j) {
      sums[j] = _mm512_fmadd_ps(Load(w + i + j * kLanes, 0xffff),
                                _mm512_loadu_ps(x + i + j * kLanes), sums[j]);
    }
  }
  for (; i < n; i += kLanes) {
    const __mmask16 mask = firstLanes(n - i);
    sums[0] = _mm512_fmadd_ps(Load(w + i, mask), loadF32(x + i, mask), sums[0]);
  }
  return _mm512_reduce_add_ps(
      _mm512_add_ps(_mm512_add_ps(sums[0], sums[1]), _mm512_add_ps(sums[2], sums[3])));
}

template <typename T, __m512 (*Load)(const T*, __mmask16)>
void expand(const T* w, float* out, std::size_t n) {
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __mmask16 mask = firstLanes(n - i);
    _mm512_mask_storeu_ps(out + i, mask, Load(w + i, mask));
  }
}

void addScaled(float factor, const float* x, float* y, std::size_t n) {
  const __m512 factors = _mm512_set1_ps(factor);
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __mmask16 mask = firstLanes(n - i);
    _mm512_mask_storeu_ps(y + i, mask,
                          _mm512_fmadd_ps(factors, loadF32(x + i, mask), loadF32(y + i, mask)));
  }
}

/// exp(v) with a relative error below 3e-7: v = k ln 2 + r, |r| <= ln 2 / 2, a degree 6 Taylor
/// polynomial in r (remainder (ln 2 / 2)^7 / 7! = 1.2e-7), times 2^k. Results below the smallest
/// normal float become 0.
__m512 exponential(__m512 v) {
  const __mmask16 normal = _mm512_cmp_ps_mask(v, _mm512_set1_ps(-87.3f), _CMP_GE_OQ);
  v = _mm512_min_ps(_mm512_max_ps(v, _mm512_set1_ps(-87.3f)), _mm512_set1_ps(88.3f));
  const __m512 k = _mm512_roundscale_ps(_mm512_mul_ps(v, _mm512_set1_ps(1.44269504f)),
                                        _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  __m512 r = _mm512_fnmadd_ps(k, _mm512_set1_ps(0.693359375f), v);  // ln 2 in two parts
  r = _mm512_fnmadd_ps(k, _mm512_set1_ps(-2.12194440e-4f), r);
  __m512 p = _mm512_set1_ps(1.0f / 720);
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.0f / 120));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.0f / 24));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.0f / 6));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0.5f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.0f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.0f));
  return _mm512_maskz_scalef_ps(normal, p, k);
}

/// sum_i term(i, mask) over registers at i, four sums side by side.
template <typename Term>
float sumOf(std::size_t n, Term term) {
  __m512 sums[4] = {};
  std::size_t i = 0;
  for (; i + 4 * kLanes <= n; i += 4 * kLanes) {
#pragma GCC unroll 4
    for (std::size_t j = 0; j < 4; ++j) {
      sums[j] = _mm512_add_ps(sums[j], term(i + j * kLanes, __mmask16{0xffff}));
    }
  }
  for (; i < n; i += kLanes) sums[0] = _mm512_add_ps(sums[0], term(i, firstLanes(n - i)));
  return _mm512_reduce_add_ps(
      _mm512_add_ps(_mm512_add_ps(sums[0], sums[1]), _mm512_add_ps(sums[2], sums[3])));
}

void rmsNorm(const float* x, const float* weight, float eps, float* out, std::size_t n) {
  const float squares = sumOf(n, [x](std::size_t i, __mmask16 mask) {
    const __m512 v = loadF32(x + i, mask);
    return _mm512_mul_ps(v, v);
  });
  const __m512 scale =
      _mm512_set1_ps(1.0f / __builtin_sqrtf(squares / static_cast<float>(n) + eps));
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __mmask16 mask = firstLanes(n - i);
    const __m512 v = _mm512_mul_ps(loadF32(x + i, mask), scale);
    _mm512_mask_storeu_ps(out + i, mask, _mm512_mul_ps(v, loadF32(weight + i, mask)));
  }
}

void layerNorm(const float* x, const float* weight, const float* bias, float eps, float* out,
               std::size_t n) {
  const auto count = static_cast<float>(n);
  const __m512 mean = _mm512_set1_ps(
      sumOf(n, [x](std::size_t i, __mmask16 mask) { return loadF32(x + i, mask); }) / count);
  const float squares = sumOf(n, [x, mean](std::size_t i, __mmask16 mask) {
    const __m512 v = _mm512_maskz_sub_ps(mask, loadF32(x + i, mask), mean);
    return _mm512_mul_ps(v, v);
  });
  const __m512 scale = _mm512_set1_ps(1.0f / __builtin_sqrtf(squares / count + eps));
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __mmask16 mask = firstLanes(n - i);
    const __m512 v = _mm512_mul_ps(_mm512_sub_ps(loadF32(x + i, mask), mean), scale);
    _mm512_mask_storeu_ps(out + i, mask,
                          _mm512_fmadd_ps(v, loadF32(weight + i, mask), loadF32(bias + i, mask)));
  }
}

float largestOf(const float* x, std::size_t n) {
  __m512 largest = _mm512_set1_ps(-__builtin_inff());
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __mmask16 mask = firstLanes(n - i);
    largest = _mm512_mask_max_ps(largest, mask, largest, loadF32(x + i, mask));
  }
  return _mm512_reduce_max_ps(largest);
}

void softmax(float* x, std::size_t n) {
  const __m512 shift = _mm512_set1_ps(largestOf(x, n));
  __m512 sums = _mm512_setzero_ps();
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __mmask16 mask = firstLanes(n - i);
    const __m512 e = exponential(_mm512_sub_ps(loadF32(x + i, mask), shift));
    _mm512_mask_storeu_ps(x + i, mask, e);
    sums = _mm512_mask_add_ps(sums, mask, sums, e);
  }
  const __m512 scale = _mm512_set1_ps(1.0f / _mm512_reduce_add_ps(sums));
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __mmask16 mask = firstLanes(n - i);
    _mm512_mask_storeu_ps(x + i, mask, _mm512_mul_ps(scale, loadF32(x + i, mask)));
  }
}

void siluMultiply(float* gate, const float* up, std::size_t n) {
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __mmask16 mask = firstLanes(n - i);
    const __m512 v = loadF32(gate + i, mask);
    const __m512 divisor =
        _mm512_add_ps(_mm512_set1_ps(1.0f), exponential(_mm512_sub_ps(_mm512_setzero_ps(), v)));
    _mm512_mask_storeu_ps(gate + i, mask,
                          _mm512_mul_ps(_mm512_div_ps(v, divisor), loadF32(up + i, mask)));
  }
}

/// 0.5 v (1 + tanh(u)) = v / (1 + exp(-2u)).
void geluTanh(float* x, std::size_t n) {
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __mmask16 mask = firstLanes(n - i);
    const __m512 v = loadF32(x + i, mask);
    const __m512 cubic = _mm512_mul_ps(_mm512_mul_ps(v, v), v);
    const __m512 u = _mm512_fmadd_ps(_mm512_set1_ps(0.044715f), cubic, v);
    const __m512 e = exponential(_mm512_mul_ps(_mm512_set1_ps(-2.0f * 0.79788456f), u));
    _mm512_mask_storeu_ps(x + i, mask, _mm512_div_ps(v, _mm512_add_ps(_mm512_set1_ps(1.0f), e)));
  }
}

/// To nearest, ties to even, by integer arithmetic; 16 results in the low half.
__m512i roundedBf16(__m512 v) {
  const __m512i bits = _mm512_castps_si512(v);
  const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
  return _mm512_srli_epi32(_mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff))),
                           16);
}

void roundBf16(const float* x, std::uint16_t* out, std::size_t n) {
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __mmask16 mask = firstLanes(n - i);
    _mm256_mask_storeu_epi16(out + i, mask,
                             _mm512_cvtepi32_epi16(roundedBf16(loadF32(x + i, mask))));
  }
}

/// 2^v for v <= 0 with a relative error below 2^-13: 2^k for the integer k next to v, times the
/// cubic polynomial that comes closest to 2^f for |f| <= 1/2 (Remez: 7.5e-5).
__m512 powerOfTwo(__m512 v) {
  const __m512 k = _mm512_roundscale_ps(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  const __m512 f = _mm512_sub_ps(v, k);
  __m512 p = _mm512_set1_ps(0.05517167f);
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.24261112f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.69326099f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.99992807f));
  return _mm512_scalef_ps(p, k);
}

float exponentials(const float* x, float scale, std::uint16_t* out, std::size_t n) {
  const float inTwos = scale * 1.44269504f;
  const __m512 scales = _mm512_set1_ps(inTwos);
  const __m512 shift = _mm512_set1_ps(inTwos * largestOf(x, n));
  __m512 sums = _mm512_setzero_ps();
  for (std::size_t i = 0; i < n; i += kLanes) {
    const __mmask16 mask = firstLanes(n - i);
    const __m512i rounded =
        roundedBf16(powerOfTwo(_mm512_fmsub_ps(scales, loadF32(x + i, mask), shift)));
    _mm256_mask_storeu_epi16(out + i, mask, _mm512_cvtepi32_epi16(rounded));
    sums =
        _mm512_mask_add_ps(sums, mask, sums, _mm512_castsi512_ps(_mm512_slli_epi32(rounded, 16)));
  }
  return _mm512_reduce_add_ps(sums);
}

/// Four registers to one of four lanes, each combined from all lanes of one register.
template <typename Combine>
__m128 combineLanes(const __m512* v, Combine combine) {
  const __m512 first = combine(_mm512_unpacklo_ps(v[0], v[1]), _mm512_unpackhi_ps(v[0], v[1]));
  const __m512 second = combine(_mm512_unpacklo_ps(v[2], v[3]), _mm512_unpackhi_ps(v[2], v[3]));
  const __m512 all =
      combine(_mm512_shuffle_ps(first, second, 0x44), _mm512_shuffle_ps(first, second, 0xee));
  const __m512 half = combine(all, _mm512_shuffle_f32x4(all, all, 0x4e));
  return _mm512_castps512_ps128(combine(half, _mm512_shuffle_f32x4(half, half, 0x01)));
}

/// Four blocks at a time, whose lanes are combined together.
void quantize(const float* x, std::size_t xStride, std::size_t rows, std::size_t n,
              ActivationBlock* out) {
  constexpr std::size_t kGroup = 4;
  const std::size_t items = (n + kBlock - 1) / kBlock * rows;
  std::size_t row = 0;
  std::size_t col = 0;
  for (std::size_t begin = 0; begin < items; begin += kGroup) {
    const std::size_t count = items - begin < kGroup ? items - begin : kGroup;
    __m512 low[kGroup] = {};
    __m512 high[kGroup] = {};
    __m512 magnitude[kGroup] = {};
    for (std::size_t i = 0; i < count; ++i) {
      const float* from = x + row * xStride + col;
      low[i] = loadF32(from, firstLanes(n - col));
      if (n - col > kLanes) high[i] = loadF32(from + kLanes, firstLanes(n - col - kLanes));
      magnitude[i] = _mm512_max_ps(_mm512_abs_ps(low[i]), _mm512_abs_ps(high[i]));
      if (++row == rows) {
        row = 0;
        col += kBlock;
      }
    }
    const __m128 largest =
        combineLanes(magnitude, [](__m512 a, __m512 b) { return _mm512_max_ps(a, b); });
    const __m128 scale = _mm_div_ps(largest, _mm_set1_ps(127.0f));
    // The division by a tiny scale could overflow; such a block is zero to every purpose.
    const __mmask8 usable = _mm_cmp_ps_mask(scale, _mm_set1_ps(1e-37f), _CMP_GT_OQ);
    float scales[kGroup];
    float inverses[kGroup];
    _mm_storeu_ps(scales, scale);
    _mm_storeu_ps(inverses, _mm_maskz_div_ps(usable, _mm_set1_ps(1.0f), scale));
    __m512 sums[kGroup] = {};
    for (std::size_t i = 0; i < count; ++i) {
      const __m512 inverse = _mm512_set1_ps(inverses[i]);
      const __m512i lowValues = _mm512_cvtps_epi32(_mm512_mul_ps(low[i], inverse));
      const __m512i highValues = _mm512_cvtps_epi32(_mm512_mul_ps(high[i], inverse));
      ActivationBlock& block = out[begin + i];
      _mm_storeu_si128(reinterpret_cast<__m128i*>(block.values), _mm512_cvtsepi32_epi8(lowValues));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(block.values + kLanes),
                       _mm512_cvtsepi32_epi8(highValues));
      sums[i] = _mm512_castsi512_ps(_mm512_add_epi32(lowValues, highValues));
    }
    const __m128i sum = _mm_castps_si128(combineLanes(sums, [](__m512 a, __m512 b) {
      return _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(a), _mm512_castps_si512(b)));
    }));
    std::int32_t offsets[kGroup];
    float scaledSums[kGroup];
    _mm_storeu_si128(reinterpret_cast<__m128i*>(offsets),
                     _mm_mullo_epi32(sum, _mm_set1_epi32(-128)));
    _mm_storeu_ps(scaledSums, _mm_mul_ps(scale, _mm_cvtepi32_ps(sum)));
    for (std::size_t i = 0; i < count; ++i) {
      out[begin + i].scale = scales[i];
      out[begin + i].offset = offsets[i];
      out[begin + i].sum = scaledSums[i];
    }
  }
}

/// Transposes 16 x 16 words.
[[gnu::always_inline]] inline void transpose(__m512i* rows) {
  __m512i a[16];
#pragma GCC unroll 8
  for (std::size_t i = 0; i < 8; ++i) {
    a[2 * i] = _mm512_unpacklo_epi32(rows[2 * i], rows[2 * i + 1]);
    a[2 * i + 1] = _mm512_unpackhi_epi32(rows[2 * i], rows[2 * i + 1]);
  }
#pragma GCC unroll 4
  for (std::size_t i = 0; i < 4; ++i) {
    rows[4 * i] = _mm512_unpacklo_epi64(a[4 * i], a[4 * i + 2]);
    rows[4 * i + 1] = _mm512_unpackhi_epi64(a[4 * i], a[4 * i + 2]);
    rows[4 * i + 2] = _mm512_unpacklo_epi64(a[4 * i + 1], a[4 * i + 3]);
    rows[4 * i + 3] = _mm512_unpackhi_epi64(a[4 * i + 1], a[4 * i + 3]);
  }
  // Word c of a 128-bit lane l of rows[4 g + c] now is column 4 l + c of the rows 4 g .. 4 g + 3.
#pragma GCC unroll 4
  for (std::size_t c = 0; c < 4; ++c) {
    a[c] = _mm512_shuffle_i32x4(rows[c], rows[4 + c], 0x88);
    a[4 + c] = _mm512_shuffle_i32x4(rows[c], rows[4 + c], 0xdd);
    a[8 + c] = _mm512_shuffle_i32x4(rows[8 + c], rows[12 + c], 0x88);
    a[12 + c] = _mm512_shuffle_i32x4(rows[8 + c], rows[12 + c], 0xdd);
  }
#pragma GCC unroll 4
  for (std::size_t c = 0; c < 4; ++c) {
    rows[c] = _mm512_shuffle_i32x4(a[c], a[8 + c], 0x88);
    rows[4 + c] = _mm512_shuffle_i32x4(a[4 + c], a[12 + c], 0x88);
    rows[8 + c] = _mm512_shuffle_i32x4(a[c], a[8 + c], 0xdd);
    rows[12 + c] = _mm512_shuffle_i32x4(a[4 + c], a[12 + c], 0xdd);
  }
}

constexpr std::size_t kPackColumns = 32;  // of a register

/// Packs 16 rows and 32 columns, all of them there.
void packSquare(const std::uint16_t* w, std::size_t stride, std::uint32_t* out) {
  __m512i words[16];
#pragma GCC unroll 16
  for (std::size_t r = 0; r < 16; ++r) words[r] = _mm512_loadu_si512(w + r * stride);
  transpose(words);
#pragma GCC unroll 16
  for (std::size_t p = 0; p < 16; ++p) _mm512_storeu_si512(out + p * kPanelWidth, words[p]);
}

/// The same for what is less.
void packCorner(const std::uint16_t* w, std::size_t stride, std::size_t rows, std::size_t cols,
                std::uint32_t* out) {
  const __mmask32 mask = cols >= kPackColumns ? 0xffffffffu : (1u << cols) - 1;
  __m512i words[16] = {};
  for (std::size_t r = 0; r < rows; ++r) {
    words[r] = _mm512_maskz_loadu_epi16(mask, w + r * stride);
  }
  transpose(words);
  const std::size_t pairs = (cols + 1) / 2;
  for (std::size_t p = 0; p < pairs; ++p) _mm512_storeu_si512(out + p * kPanelWidth, words[p]);
}

void packBf16(const std::uint16_t* w, std::size_t stride, std::size_t rows, std::size_t cols,
              std::uint32_t* out) {
  std::size_t col = 0;
  for (; rows == 16 && col + kPackColumns <= cols; col += kPackColumns) {
    // Sixteen rows are too many streams for the processor to follow by itself.
    for (std::size_t r = 16; r < 32; ++r) {
      _mm_prefetch(reinterpret_cast<const char*>(w + r * stride + col), _MM_HINT_T1);
    }
    packSquare(w + col, stride, out + col / 2 * kPanelWidth);
  }
  for (; col < cols; col += kPackColumns) {
    packCorner(w + col, stride, rows, (cols - col < kPackColumns ? cols - col : kPackColumns),
               out + col / 2 * kPanelWidth);
  }
}

/// BF16 times BF16 in F32 is exact, so two fused additions do what the dot instruction does.
struct FusedStep {
  static constexpr std::size_t kTokens = 6;
  static constexpr std::size_t kPanels = 2;
  struct Weight {
    __m512 even;
    __m512 odd;
  };
  using Activation = Weight;
  static Weight weight(__m512i pairs) {
    return {_mm512_castsi512_ps(_mm512_slli_epi32(pairs, 16)),
            _mm512_castsi512_ps(
                _mm512_and_si512(pairs, _mm512_set1_epi32(static_cast<int>(0xffff0000u))))};
  }
  static Activation activation(__m512i pairs) { return weight(pairs); }
  static __m512 add(__m512 sum, const Weight& w, const Activation& x) {
    return _mm512_fmadd_ps(w.odd, x.odd, _mm512_fmadd_ps(w.even, x.even, sum));
  }
};

}  // namespace

KernelTable withAvx512(KernelTable table) {
  table.isa = "avx512";
  table.dotF32 = dot<float, loadF32>;
  table.dotF16 = dot<std::uint16_t, loadF16>;
  table.dotBf16 = dot<std::uint16_t, loadBf16>;
  table.expandF16 = expand<std::uint16_t, loadF16>;
  table.expandBf16 = expand<std::uint16_t, loadBf16>;
  table.addScaled = addScaled;
  table.rmsNorm = rmsNorm;
  table.layerNorm = layerNorm;
  table.softmax = softmax;
  table.siluMultiply = siluMultiply;
  table.geluTanh = geluTanh;
  table.roundBf16 = roundBf16;
  table.exponentials = exponentials;
  table.quantize = quantize;
  table.packBf16 = packBf16;
  table.productBf16 = bf16Product<FusedStep>;
  return table;
}

}  // namespace vl
