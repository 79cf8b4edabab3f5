// Plain C++; defines what every entry of the table means.
#include <algorithm>
#include <bit>
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
  for (std::size_t begin = 0; begin < n; begin += kBlockSize) {
    const std::size_t count = std::min(kBlockSize, n - begin);
    const float block = dot(x + begin, count, [values = w + begin](std::size_t i) {
      return static_cast<float>(values[i]);
    });
    sum += halfToFloat(scales[begin / kBlockSize]) * block;
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
    out[i] = static_cast<float>(w[i]) * halfToFloat(scales[i / kBlockSize]);
  }
}

void addScaled(float factor, const float* x, float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] += factor * x[i];
}

void rmsNorm(const float* x, const float* weight, float eps, float* out, std::size_t n) {
  float squares = 0;
  for (std::size_t i = 0; i < n; ++i) squares += x[i] * x[i];
  const float scale = 1.0f / std::sqrt(squares / static_cast<float>(n) + eps);
  for (std::size_t i = 0; i < n; ++i) out[i] = x[i] * scale * weight[i];
}

void layerNorm(const float* x, const float* weight, const float* bias, float eps, float* out,
               std::size_t n) {
  float mean = 0;
  for (std::size_t i = 0; i < n; ++i) mean += x[i];
  mean /= static_cast<float>(n);
  float variance = 0;
  for (std::size_t i = 0; i < n; ++i) variance += (x[i] - mean) * (x[i] - mean);
  const float scale = 1.0f / std::sqrt(variance / static_cast<float>(n) + eps);
  for (std::size_t i = 0; i < n; ++i) out[i] = (x[i] - mean) * scale * weight[i] + bias[i];
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

std::uint16_t roundedBf16(float v) {
  const auto bits = std::bit_cast<std::uint32_t>(v);
  return static_cast<std::uint16_t>((bits + 0x7fffu + ((bits >> 16) & 1)) >> 16);
}

void roundBf16(const float* x, std::uint16_t* out, std::size_t n) {
  std::transform(x, x + n, out, roundedBf16);
}

float exponentials(const float* x, float scale, std::uint16_t* out, std::size_t n) {
  const float largest = *std::max_element(x, x + n);
  float sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = roundedBf16(std::exp(scale * x[i] - scale * largest));
    sum += bf16ToFloat(out[i]);
  }
  return sum;
}

void quantizeBlock(const float* x, std::size_t count, ActivationBlock& out) {
  float largest = 0;
  for (std::size_t i = 0; i < count; ++i) largest = std::max(largest, std::abs(x[i]));
  out = {.values = {}, .scale = largest / 127.0f, .offset = 0, .sum = 0};
  // The division by a tiny scale could overflow; such a block is zero to every purpose.
  const float inverse = out.scale > 1e-37f ? 1.0f / out.scale : 0.0f;
  int sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    // In this order a NaN becomes 127.
    const float rounded = std::max(-127.0f, std::min(127.0f, std::nearbyint(x[i] * inverse)));
    out.values[i] = static_cast<std::int8_t>(rounded);
    sum += out.values[i];
  }
  out.offset = -128 * sum;
  out.sum = out.scale * static_cast<float>(sum);
}

void quantize(const float* x, std::size_t xStride, std::size_t rows, std::size_t n,
              ActivationBlock* out) {
  for (std::size_t begin = 0; begin < n; begin += kBlockSize) {
    for (std::size_t row = 0; row < rows; ++row) {
      quantizeBlock(x + row * xStride + begin, std::min(kBlockSize, n - begin), *out++);
    }
  }
}

void packBf16(const std::uint16_t* w, std::size_t stride, std::size_t rows, std::size_t cols,
              std::uint32_t* out) {
  std::fill_n(out, (cols + 1) / 2 * kPanelRows, 0u);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < cols; ++c) {
      out[c / 2 * kPanelRows + r] |= std::uint32_t{w[r * stride + c]} << (c % 2 * 16);
    }
  }
}

void store(const PanelOutput& out, std::size_t token, std::size_t row, float sum) {
  float& to = out.data[token * out.stride + row];
  if (out.bias != nullptr) sum += out.bias[row];
  to = out.add ? to + sum : sum;
}

void productQ8(const std::uint8_t* w, const std::uint16_t* scales, std::size_t blocks,
               const ActivationBlock* x, std::size_t tokens, const PanelOutput& out) {
  for (std::size_t row = 0; row < out.rows; ++row) {
    const std::size_t panel = row / kPanelRows * blocks;
    const std::size_t lane = row % kPanelRows;
    for (std::size_t t = 0; t < tokens; ++t) {
      float sum = 0;
      for (std::size_t b = 0; b < blocks; ++b) {
        const std::uint8_t* block = w + (panel + b) * panelBlockBytes(WeightType::Q8Panels);
        const ActivationBlock& activations = x[b * tokens + t];
        std::int32_t dot = activations.offset;
        for (std::size_t i = 0; i < kBlockSize; ++i) {
          dot += block[i / 4 * 4 * kPanelRows + lane * 4 + i % 4] * activations.values[i];
        }
        sum += static_cast<float>(dot) *
               (halfToFloat(scales[(panel + b) * kPanelRows + lane]) * activations.scale);
      }
      store(out, t, row, sum);
    }
  }
}

void productQ4(const std::uint8_t* w, const std::uint16_t* scales, const std::uint16_t* minimums,
               std::size_t blocks, const ActivationBlock* x, std::size_t tokens,
               const PanelOutput& out) {
  constexpr std::size_t kHalf = kBlockSize / 2;
  for (std::size_t row = 0; row < out.rows; ++row) {
    const std::size_t panel = row / kPanelRows * blocks;
    const std::size_t lane = row % kPanelRows;
    for (std::size_t t = 0; t < tokens; ++t) {
      float sum = 0;
      for (std::size_t b = 0; b < blocks; ++b) {
        const std::uint8_t* block = w + (panel + b) * panelBlockBytes(WeightType::Q4Panels);
        const ActivationBlock& activations = x[b * tokens + t];
        std::int32_t dot = 0;
        for (std::size_t i = 0; i < kHalf; ++i) {
          const unsigned both = block[i / 4 * 4 * kPanelRows + lane * 4 + i % 4];
          dot += static_cast<std::int32_t>(both & 0xfu) * activations.values[i];
          dot += static_cast<std::int32_t>(both >> 4) * activations.values[i + kHalf];
        }
        const std::size_t at = (panel + b) * kPanelRows + lane;
        sum += static_cast<float>(dot) * (halfToFloat(scales[at]) * activations.scale);
        sum += halfToFloat(minimums[at]) * activations.sum;
      }
      store(out, t, row, sum);
    }
  }
}

void productBf16(const Bf16Panels& w, std::size_t pairs, const std::uint16_t* x,
                 std::size_t xStride, std::size_t tokens, const PanelOutput& out) {
  for (std::size_t row = 0; row < out.rows; ++row) {
    const std::uint32_t* panel = w.data + row / kPanelRows * w.panelStride + row % kPanelRows;
    for (std::size_t t = 0; t < tokens; ++t) {
      float sum = 0;
      for (std::size_t p = 0; p < pairs; ++p) {
        const std::uint32_t pair = panel[p * w.pairStride];
        const std::uint16_t* activations = x + t * xStride + 2 * p;
        sum += bf16ToFloat(static_cast<std::uint16_t>(pair)) * bf16ToFloat(activations[0]);
        sum += bf16ToFloat(static_cast<std::uint16_t>(pair >> 16)) * bf16ToFloat(activations[1]);
      }
      store(out, t, row, sum);
    }
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
    .rmsNorm = rmsNorm,
    .layerNorm = layerNorm,
    .softmax = softmax,
    .siluMultiply = siluMultiply,
    .geluTanh = geluTanh,
    .roundBf16 = roundBf16,
    .exponentials = exponentials,
    .quantize = quantize,
    .packBf16 = packBf16,
    .productQ8 = productQ8,
    .productQ4 = productQ4,
    .productBf16 = productBf16,
};

}  // namespace vl
