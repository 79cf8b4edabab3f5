#include "inference/language/mha_attention.h"

#include <algorithm>
#include <cmath>

#include "inference/kernels/attention.h"
#include "inference/kernels/matmul.h"

namespace vl {

MhaAttention::MhaAttention(WeightReader& reader, const LanguageConfig& config)
    : heads_(config.numAttentionHeads),
      kvHeads_(config.numKeyValueHeads),
      headDim_(config.headDim()) {
  const std::size_t hidden = config.hiddenSize;
  const bool bias = config.attentionBias;
  q_ = reader.linear("self_attn.q_proj", heads_ * headDim_, hidden, bias);
  k_ = reader.linear("self_attn.k_proj", kvHeads_ * headDim_, hidden, bias);
  v_ = reader.linear("self_attn.v_proj", kvHeads_ * headDim_, hidden, bias);
  o_ = reader.linear("self_attn.o_proj", hidden, hidden, bias);
}

void MhaAttention::forward(Compute& compute, MatrixView<const float> x, const RopeAngles& angles,
                           std::size_t layer, KvCache& cache, MatrixView<float> out) const {
  const std::size_t tokens = x.rows();
  const std::size_t begin = cache.length();
  Matrix queries(tokens, heads_ * headDim_);
  Matrix keys(tokens, kvHeads_ * headDim_);
  Matrix values(tokens, kvHeads_ * headDim_);
  matmul(compute, x, q_.weight, q_.bias, queries.view());
  matmul(compute, x, k_.weight, k_.bias, keys.view());
  matmul(compute, x, v_.weight, v_.bias, values.view());

  const auto rotateHeads = [&](std::span<float> row, std::size_t token) {
    for (std::size_t at = 0; at < row.size(); at += headDim_) {
      Rope::rotateHalves(row.subspan(at, headDim_), angles.cos.view().row(token),
                         angles.sin.view().row(token));
    }
  };
  for (std::size_t t = 0; t < tokens; ++t) {
    rotateHeads(queries.view().row(t), t);
    rotateHeads(keys.view().row(t), t);
    for (std::size_t h = 0; h < kvHeads_; ++h) {
      const auto key = keys.view().row(t).subspan(h * headDim_, headDim_);
      const auto value = values.view().row(t).subspan(h * headDim_, headDim_);
      std::copy(key.begin(), key.end(), cache.keys(layer, h).row(begin + t).begin());
      std::copy(value.begin(), value.end(), cache.values(layer, h).row(begin + t).begin());
    }
  }

  const std::size_t length = begin + tokens;
  const float scale = 1.0f / std::sqrt(static_cast<float>(headDim_));
  Matrix attended(tokens, heads_ * headDim_);
  compute.parallelFor(heads_, 1, [&](std::size_t first, std::size_t last, std::size_t thread) {
    const std::span<float> scratch = compute.scratch(thread, attentionScratch(tokens, length));
    for (std::size_t h = first; h < last; ++h) {
      const std::size_t kvHead = h * kvHeads_ / heads_;
      const ScoreTerm term{queries.view().middleCols(h * headDim_, headDim_),
                           cache.keys(layer, kvHead).middleRows(0, length)};
      attendHead({&term, 1}, cache.values(layer, kvHead).middleRows(0, length), scale, begin,
                 scratch, attended.view().middleCols(h * headDim_, headDim_));
    }
  });
  matmul(compute, attended.view(), o_.weight, o_.bias, out);
}

}  // namespace vl
