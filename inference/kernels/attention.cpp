#include "inference/kernels/attention.h"

#include <algorithm>
#include <cassert>

#include "inference/kernels/blas.h"
#include "inference/kernels/dispatch.h"

namespace vl {
namespace {

/// Queries per block: enough rows to fill a matrix product, few enough to keep scores in the cache.
constexpr std::size_t kQueryBlock = 64;

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
