// Plain C++; defines what every entry of the table means.
#include <algorithm>
#include <cmath>

#include "inference/kernels/tables.h"
#include "inference/tensor/dtype.h"
#include "inference/tensor/weight_matrix.h"

namespace vl {
namespace {

template <typename Load>
float dot(const float* x, std::size_t n, Load load) {
  float sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += load(i) * x[i];
  return sum;
}

float dotF32(const float* w, const float* x, std::size_t n) {
  return dot(x, n, [w](std::size_t i) { return w[i]; });
}
float dotF16(const std::uint16_t* w, const float* x, std::size_t n) {
  return dot(x, n, [w](std::size_t i) { return halfToFloat(w[i]); });
}
float dotBf16(const std::uint16_t* w, const float* x, std::size_t n) {
  return dot(x, n, [w](std::size_t i) { return bf16ToFloat(w[i]); });
}
float dotQ8(const std::int8_t* w, const std::uint16_t* scales, const float* x, std::size_t n) {
  float sum = 0;
  for (std::size_t begin = 0; begin < n; begin += kQ8BlockSize) {
    const std::size_t count = std::min(kQ8BlockSize, n - begin);
    const float block = dot(x + begin, count, [values = w + begin](std::size_t i) {
      return static_cast<float>(values[i]);
    });
    sum += halfToFloat(scales[begin / kQ8BlockSize]) * block;
  }
  return sum;
}

void expandF16(const std::uint16_t* w, float* out, std::size_t n) {
  std::transform(w, w + n, out, halfToFloat);
}
void expandBf16(const std::uint16_t* w, float* out, std::size_t n) {
  std::transform(w, w + n, out, bf16ToFloat);
}
void expandQ8(const std::int8_t* w, const std::uint16_t* scales, float* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = static_cast<float>(w[i]) * halfToFloat(scales[i / kQ8BlockSize]);
  }
}

void addScaled(float factor, const float* x, float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] += factor * x[i];
}

void softmax(float* x, std::size_t n) {
  const float largest = *std::max_element(x, x + n);
  float sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    x[i] = std::exp(x[i] - largest);
    sum += x[i];
  }
  for (std::size_t i = 0; i < n; ++i) x[i] /= sum;
}

void siluMultiply(float* gate, const float* up, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) gate[i] = gate[i] / (1.0f + std::exp(-gate[i])) * up[i];
}

void geluTanh(float* x, std::size_t n) {
  constexpr float kSqrt2OverPi = 0.79788456f;
  for (std::size_t i = 0; i < n; ++i) {
    const float v = x[i];
    x[i] = 0.5f * v * (1.0f + std::tanh(kSqrt2OverPi * (v + 0.044715f * v * v * v)));
  }
}

}  // namespace

const KernelTable kReferenceKernels = {
    .isa = "reference",
    .dotF32 = dotF32,
    .dotF16 = dotF16,
    .dotBf16 = dotBf16,
    .dotQ8 = dotQ8,
    .expandF16 = expandF16,
    .expandBf16 = expandBf16,
    .expandQ8 = expandQ8,
    .addScaled = addScaled,
    .softmax = softmax,
    .siluMultiply = siluMultiply,
    .geluTanh = geluTanh,
};

}  // namespace vl
