#include "inference/kernels/matmul.h"

#include <cblas.h>

#include <algorithm>
#include <cassert>

#include "inference/kernels/dispatch.h"

namespace vl {
namespace {

/// Up to this many tokens, reading a weight once per token costs less than expanding it.
constexpr std::size_t kMaxDotTokens = 4;
/// Weight rows per OpenBLAS call: 64 x 4096 floats (1 MiB) stay in the L2 cache of one core.
constexpr std::size_t kBlockRows = 64;
/// Multiplications that are worth waking another thread for.
constexpr std::size_t kMinWorkPerPiece = 64 * 1024;

float dotRow(const KernelTable& k, const WeightMatrix& w, std::size_t row, const float* x) {
  const std::size_t n = w.cols();
  const std::size_t at = row * n;
  switch (w.type()) {
    case WeightType::F32:
      return k.dotF32(static_cast<const float*>(w.data()) + at, x, n);
    case WeightType::F16:
      return k.dotF16(static_cast<const std::uint16_t*>(w.data()) + at, x, n);
    case WeightType::BF16:
      return k.dotBf16(static_cast<const std::uint16_t*>(w.data()) + at, x, n);
    case WeightType::Q8_0:
      return k.dotQ8(static_cast<const std::int8_t*>(w.data()) + at,
                     w.scales() + row * q8BlocksPerRow(n), x, n);
  }
  return 0;
}

void matmulByDots(Compute& compute, MatrixView<const float> x, const WeightMatrix& weight,
                  std::span<const float> bias, MatrixView<float> y) {
  const KernelTable& k = kernels();
  const std::size_t grain = std::max<std::size_t>(1, kMinWorkPerPiece / (weight.cols() * x.rows()));
  compute.parallelFor(weight.rows(), grain,
                      [&](std::size_t begin, std::size_t end, std::size_t /*thread*/) {
                        for (std::size_t row = begin; row < end; ++row) {
                          const float offset = bias.empty() ? 0.0f : bias[row];
                          for (std::size_t t = 0; t < x.rows(); ++t) {
                            y.row(t)[row] = dotRow(k, weight, row, x.row(t).data()) + offset;
                          }
                        }
                      });
}

void matmulByBlas(Compute& compute, MatrixView<const float> x, const WeightMatrix& weight,
                  std::span<const float> bias, MatrixView<float> y) {
  const std::size_t in = weight.cols();
  compute.parallelFor(
      weight.rows(), kBlockRows, [&](std::size_t begin, std::size_t end, std::size_t thread) {
        const std::size_t rows = end - begin;
        const float* block = nullptr;
        if (weight.type() == WeightType::F32) {
          block = static_cast<const float*>(weight.data()) + begin * in;
        } else {
          const std::span<float> expanded = compute.scratch(thread, rows * in);
          for (std::size_t r = 0; r < rows; ++r) {
            expandRow(weight, begin + r, expanded.subspan(r * in, in));
          }
          block = expanded.data();
        }
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<int>(x.rows()),
                    static_cast<int>(rows), static_cast<int>(in), 1.0f, x.data(),
                    static_cast<int>(x.stride()), block, static_cast<int>(in), 0.0f,
                    y.data() + begin, static_cast<int>(y.stride()));
        if (bias.empty()) return;
        for (std::size_t t = 0; t < x.rows(); ++t) {
          const std::span<float> out = y.row(t).subspan(begin, rows);
          for (std::size_t r = 0; r < rows; ++r) out[r] += bias[begin + r];
        }
      });
}

}  // namespace

void matmul(Compute& compute, MatrixView<const float> x, const WeightMatrix& weight,
            std::span<const float> bias, MatrixView<float> y) {
  assert(x.cols() == weight.cols() && y.cols() == weight.rows() && x.rows() == y.rows());
  assert(bias.empty() || bias.size() == weight.rows());
  if (x.rows() <= kMaxDotTokens) {
    matmulByDots(compute, x, weight, bias, y);
  } else {
    matmulByBlas(compute, x, weight, bias, y);
  }
}

void expandRow(const WeightMatrix& weight, std::size_t row, std::span<float> out) {
  assert(row < weight.rows() && out.size() == weight.cols());
  const KernelTable& k = kernels();
  const std::size_t n = weight.cols();
  const std::size_t at = row * n;
  switch (weight.type()) {
    case WeightType::F32:
      std::copy_n(static_cast<const float*>(weight.data()) + at, n, out.data());
      break;
    case WeightType::F16:
      k.expandF16(static_cast<const std::uint16_t*>(weight.data()) + at, out.data(), n);
      break;
    case WeightType::BF16:
      k.expandBf16(static_cast<const std::uint16_t*>(weight.data()) + at, out.data(), n);
      break;
    case WeightType::Q8_0:
      k.expandQ8(static_cast<const std::int8_t*>(weight.data()) + at,
                 weight.scales() + row * q8BlocksPerRow(n), out.data(), n);
      break;
  }
}

void transposedMatvec(std::span<const float> q, const WeightMatrix& weight, std::span<float> y,
                      std::span<float> rowScratch) {
  assert(q.size() == weight.rows() && y.size() == weight.cols() && rowScratch.size() >= y.size());
  const KernelTable& k = kernels();
  std::fill(y.begin(), y.end(), 0.0f);
  for (std::size_t row = 0; row < weight.rows(); ++row) {
    expandRow(weight, row, rowScratch.first(weight.cols()));
    k.addScaled(q[row], rowScratch.data(), y.data(), y.size());
  }
}

}  // namespace vl
