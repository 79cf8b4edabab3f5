#include "inference/language/mha_attention.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "inference/kernels/attention.h"
#include "inference/kernels/matmul.h"
#include "inference/kernels/panel_attention.h"

namespace vl {

MhaAttention::MhaAttention(WeightReader& reader, const LanguageConfig& config)
    : heads_(config.numAttentionHeads),
      kvHeads_(config.numKeyValueHeads),
      headDim_(config.headDim()),
      scale_(1.0f / std::sqrt(static_cast<float>(config.headDim()))) {
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
  Arena::Frame frame(compute.arena());
  const MatrixView<float> queries = frame.matrix(tokens, heads_ * headDim_);
  const MatrixView<float> keys = frame.matrix(tokens, kvHeads_ * headDim_);
  const MatrixView<float> values = frame.matrix(tokens, kvHeads_ * headDim_);
  LinearInput input(compute, frame, x);
  const std::array jobs{MatmulJob{&input, q_.weight, q_.bias, queries},
                        MatmulJob{&input, k_.weight, k_.bias, keys},
                        MatmulJob{&input, v_.weight, v_.bias, values}};
  matmul(compute, jobs);
  rotate(compute, queries, angles);
  rotate(compute, keys, angles);

  const MatrixView<float> attended = frame.matrix(tokens, heads_ * headDim_);
  if (cache.precision() == Precision::Fast) {
    attendPanels(compute, queries, keys, values, layer, cache, attended);
  } else {
    attendRows(compute, queries, keys, values, layer, cache, attended);
  }
  matmul(compute, attended, o_.weight, o_.bias, out);
}

void MhaAttention::rotate(Compute& compute, MatrixView<float> rows,
                          const RopeAngles& angles) const {
  compute.parallelFor(rows.rows(), 16, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t t = begin; t < end; ++t) {
      for (std::size_t at = 0; at < rows.cols(); at += headDim_) {
        Rope::rotateHalves(rows.row(t).subspan(at, headDim_), angles.cos.view().row(t),
                           angles.sin.view().row(t));
      }
    }
  });
}

void MhaAttention::attendRows(Compute& compute, MatrixView<const float> queries,
                              MatrixView<const float> keys, MatrixView<const float> values,
                              std::size_t layer, KvCache& cache, MatrixView<float> attended) const {
  const std::size_t begin = cache.length();
  const std::size_t length = begin + queries.rows();
  for (std::size_t t = 0; t < queries.rows(); ++t) {
    for (std::size_t h = 0; h < kvHeads_; ++h) {
      const auto key = keys.row(t).subspan(h * headDim_, headDim_);
      const auto value = values.row(t).subspan(h * headDim_, headDim_);
      std::ranges::copy(key, cache.keys(layer, h).row(begin + t).begin());
      std::ranges::copy(value, cache.values(layer, h).row(begin + t).begin());
    }
  }
  compute.parallelFor(heads_, 1, [&](std::size_t first, std::size_t last, std::size_t thread) {
    const std::span<float> scratch =
        compute.scratch(thread, attentionScratch(queries.rows(), length));
    for (std::size_t h = first; h < last; ++h) {
      const std::size_t kvHead = h * kvHeads_ / heads_;
      const ScoreTerm term{queries.middleCols(h * headDim_, headDim_),
                           cache.keys(layer, kvHead).middleRows(0, length)};
      attendHead({&term, 1}, cache.values(layer, kvHead).middleRows(0, length), scale_, begin,
                 scratch, attended.middleCols(h * headDim_, headDim_));
    }
  });
}

void MhaAttention::attendPanels(Compute& compute, MatrixView<const float> queries,
                                MatrixView<const float> keys, MatrixView<const float> values,
                                std::size_t layer, KvCache& cache,
                                MatrixView<float> attended) const {
  const std::size_t begin = cache.length();
  compute.parallelFor(kvHeads_, 1, [&](std::size_t first, std::size_t last, std::size_t) {
    for (std::size_t h = first; h < last; ++h) {
      cache.panels(layer, h).put(begin, keys.middleCols(h * headDim_, headDim_),
                                 values.middleCols(h * headDim_, headDim_));
    }
  });
  Arena::Frame frame(compute.arena());
  LinearInput rounded(compute, frame, queries);
  std::vector<PanelAttention> heads;
  for (std::size_t h = 0; h < heads_; ++h) {
    heads.push_back({cache.panels(layer, h * kvHeads_ / heads_), begin + queries.rows(),
                     rounded.halves().middleCols(h * headDim_, headDim_),
                     attended.middleCols(h * headDim_, headDim_)});
  }
  attend(compute, heads, scale_, 1, begin);
}

}  // namespace vl
