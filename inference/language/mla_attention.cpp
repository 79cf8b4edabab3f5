#include "inference/language/mla_attention.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "inference/kernels/attention.h"
#include "inference/kernels/dispatch.h"
#include "inference/kernels/matmul.h"
#include "inference/language/rms_norm.h"

namespace vl {
namespace {

/// The norms inside MLA always use this, whatever rms_norm_eps says (SPEC section 7).
constexpr double kLatentNormEps = 1e-6;

}  // namespace

MlaAttention::MlaAttention(WeightReader& reader, const LanguageConfig& config)
    : heads_(config.numAttentionHeads),
      nopeDim_(config.qkNopeHeadDim),
      ropeDim_(config.qkRopeHeadDim),
      valueDim_(config.vHeadDim),
      latentDim_(config.kvLoraRank),
      scale_(static_cast<float>(ropeAttentionFactor(config) /
                                std::sqrt(static_cast<double>(config.qkHeadDim())))) {
  const std::size_t hidden = config.hiddenSize;
  const std::size_t queryWidth = heads_ * (nopeDim_ + ropeDim_);
  if (config.qLoraRank) {
    qA_ = reader.linear("self_attn.q_a_proj", *config.qLoraRank, hidden, config.attentionBias);
    qNorm_ = reader.vector("self_attn.q_a_layernorm.weight", *config.qLoraRank);
    q_ = reader.linear("self_attn.q_b_proj", queryWidth, *config.qLoraRank, false);
  } else {
    q_ = reader.linear("self_attn.q_proj", queryWidth, hidden, false);
  }
  kvA_ = reader.linear("self_attn.kv_a_proj_with_mqa", latentDim_ + ropeDim_, hidden,
                       config.attentionBias);
  kvNorm_ = reader.vector("self_attn.kv_a_layernorm.weight", latentDim_);
  kvB_ = reader.matrix("self_attn.kv_b_proj.weight", heads_ * (nopeDim_ + valueDim_), latentDim_);
  o_ = reader.linear("self_attn.o_proj", hidden, heads_ * valueDim_, config.attentionBias);
}

void MlaAttention::forward(Compute& compute, MatrixView<const float> x, const RopeAngles& angles,
                           std::size_t layer, KvCache& cache, MatrixView<float> out) const {
  const std::size_t tokens = x.rows();
  Matrix queries(tokens, heads_ * (nopeDim_ + ropeDim_));
  project(compute, x, queries.view());
  for (std::size_t t = 0; t < tokens; ++t) {
    for (std::size_t h = 0; h < heads_; ++h) {
      Rope::rotatePairs(
          queries.view().row(t).subspan(h * (nopeDim_ + ropeDim_) + nopeDim_, ropeDim_),
          angles.cos.view().row(t), angles.sin.view().row(t));
    }
  }
  appendToCache(compute, x, angles, layer, cache);

  Matrix attended(tokens, heads_ * valueDim_);
  compute.parallelFor(heads_, 1, [&](std::size_t begin, std::size_t end, std::size_t thread) {
    for (std::size_t h = begin; h < end; ++h) {
      attendOneHead(compute, h, thread, queries.view(), layer, cache, attended.view());
    }
  });
  matmul(compute, attended.view(), o_.weight, o_.bias, out);
}

void MlaAttention::project(Compute& compute, MatrixView<const float> x,
                           MatrixView<float> queries) const {
  if (qNorm_.empty()) {
    matmul(compute, x, q_.weight, q_.bias, queries);
    return;
  }
  Matrix compressed(x.rows(), qNorm_.size());
  matmul(compute, x, qA_.weight, qA_.bias, compressed.view());
  rmsNorm(compressed.view(), qNorm_, kLatentNormEps, compressed.view());
  matmul(compute, compressed.view(), q_.weight, q_.bias, queries);
}

void MlaAttention::appendToCache(Compute& compute, MatrixView<const float> x,
                                 const RopeAngles& angles, std::size_t layer,
                                 KvCache& cache) const {
  const std::size_t tokens = x.rows();
  Matrix compressed(tokens, latentDim_ + ropeDim_);
  matmul(compute, x, kvA_.weight, kvA_.bias, compressed.view());
  rmsNorm(compressed.view().middleCols(0, latentDim_), kvNorm_, kLatentNormEps,
          cache.values(layer, 0).middleRows(cache.length(), tokens));
  for (std::size_t t = 0; t < tokens; ++t) {
    const std::span<float> key = cache.keys(layer, 0).row(cache.length() + t);
    const auto unrotated = compressed.view().row(t).subspan(latentDim_, ropeDim_);
    std::copy(unrotated.begin(), unrotated.end(), key.begin());
    Rope::rotatePairs(key, angles.cos.view().row(t), angles.sin.view().row(t));
  }
}

/// q' = q_nope Wk; score = q_pe . k_pe + q' . c; o = (softmax(score) c) Wv^T.
void MlaAttention::attendOneHead(Compute& compute, std::size_t head, std::size_t thread,
                                 MatrixView<const float> queries, std::size_t layer, KvCache& cache,
                                 MatrixView<float> attended) const {
  const std::size_t tokens = queries.rows();
  const std::size_t length = cache.length() + tokens;
  const WeightMatrix wK = kvB_.middleRows(head * (nopeDim_ + valueDim_), nopeDim_);
  const WeightMatrix wV = kvB_.middleRows(head * (nopeDim_ + valueDim_) + nopeDim_, valueDim_);

  const std::span<float> scratch =
      compute.scratch(thread, attentionScratch(tokens, length) + latentDim_);
  const std::span<float> weightRow = scratch.first(latentDim_);
  Matrix absorbed(tokens, latentDim_);
  Matrix latentOut(tokens, latentDim_);
  const MatrixView<const float> query =
      queries.middleCols(head * (nopeDim_ + ropeDim_), nopeDim_ + ropeDim_);

  // Row by row of the weight, so each row is expanded once for all tokens.
  const KernelTable& k = kernels();
  for (std::size_t t = 0; t < tokens; ++t) {
    std::fill(absorbed.view().row(t).begin(), absorbed.view().row(t).end(), 0.0f);
  }
  for (std::size_t r = 0; r < nopeDim_; ++r) {
    expandRow(wK, r, weightRow);
    for (std::size_t t = 0; t < tokens; ++t) {
      k.addScaled(query.row(t)[r], weightRow.data(), absorbed.view().row(t).data(), latentDim_);
    }
  }

  const MatrixView<const float> latents = cache.values(layer, 0).middleRows(0, length);
  const std::array terms{
      ScoreTerm{query.middleCols(nopeDim_, ropeDim_), cache.keys(layer, 0).middleRows(0, length)},
      ScoreTerm{absorbed.view(), latents}};
  attendHead(terms, latents, scale_, cache.length(), scratch.subspan(latentDim_), latentOut.view());

  for (std::size_t r = 0; r < valueDim_; ++r) {
    expandRow(wV, r, weightRow);
    for (std::size_t t = 0; t < tokens; ++t) {
      attended.row(t)[head * valueDim_ + r] =
          k.dotF32(weightRow.data(), latentOut.view().row(t).data(), latentDim_);
    }
  }
}

}  // namespace vl
