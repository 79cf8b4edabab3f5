#include "inference/kernels/attention.h"

#include <cblas.h>

#include <algorithm>
#include <cassert>

#include "inference/kernels/dispatch.h"

namespace vl {
namespace {

/// Queries per block: enough rows to fill a matrix product, few enough to keep scores in the cache.
constexpr std::size_t kQueryBlock = 64;

/// c = alpha * a b^T + beta * c
void productTransposed(float alpha, MatrixView<const float> a, MatrixView<const float> b,
                       float beta, MatrixView<float> c) {
  if (a.rows() == 1) {
    cblas_sgemv(CblasRowMajor, CblasNoTrans, static_cast<int>(b.rows()), static_cast<int>(b.cols()),
                alpha, b.data(), static_cast<int>(b.stride()), a.data(), 1, beta, c.data(), 1);
    return;
  }
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<int>(a.rows()),
              static_cast<int>(b.rows()), static_cast<int>(a.cols()), alpha, a.data(),
              static_cast<int>(a.stride()), b.data(), static_cast<int>(b.stride()), beta, c.data(),
              static_cast<int>(c.stride()));
}

/// c = a b
void product(MatrixView<const float> a, MatrixView<const float> b, MatrixView<float> c) {
  if (a.rows() == 1) {
    cblas_sgemv(CblasRowMajor, CblasTrans, static_cast<int>(b.rows()), static_cast<int>(b.cols()),
                1.0f, b.data(), static_cast<int>(b.stride()), a.data(), 1, 0.0f, c.data(), 1);
    return;
  }
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<int>(a.rows()),
              static_cast<int>(b.cols()), static_cast<int>(a.cols()), 1.0f, a.data(),
              static_cast<int>(a.stride()), b.data(), static_cast<int>(b.stride()), 0.0f, c.data(),
              static_cast<int>(c.stride()));
}

}  // namespace

std::size_t attentionScratch(std::size_t tokens, std::size_t length) {
  return std::min(tokens, kQueryBlock) * length;
}

void attendHead(std::span<const ScoreTerm> terms, MatrixView<const float> values, float scale,
                std::optional<std::size_t> causal, std::span<float> scratch,
                MatrixView<float> out) {
  assert(!terms.empty() && scratch.size() >= attentionScratch(out.rows(), values.rows()));
  assert(!causal || *causal + out.rows() <= values.rows());
  const KernelTable& k = kernels();
  for (std::size_t begin = 0; begin < out.rows(); begin += kQueryBlock) {
    const std::size_t count = std::min(kQueryBlock, out.rows() - begin);
    const std::size_t visible = causal ? *causal + begin + count : values.rows();
    const MatrixView<float> scores(scratch.data(), count, visible);
    float keep = 0.0f;  // the first term overwrites, the second adds
    for (const ScoreTerm& term : terms) {
      productTransposed(scale, term.queries.middleRows(begin, count),
                        term.keys.middleRows(0, visible), keep, scores);
      keep = 1.0f;
    }
    for (std::size_t t = 0; t < count; ++t) {
      const std::span<float> row = scores.row(t);
      const std::size_t seen = causal ? *causal + begin + t + 1 : visible;
      k.softmax(row.data(), seen);
      std::fill(row.begin() + static_cast<std::ptrdiff_t>(seen), row.end(), 0.0f);
    }
    product(scores, values.middleRows(0, visible), out.middleRows(begin, count));
  }
}

}  // namespace vl
