#include "inference/language/mla_attention.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "inference/kernels/attention.h"
#include "inference/kernels/dispatch.h"
#include "inference/kernels/matmul.h"
#include "inference/kernels/panel_attention.h"
#include "inference/kernels/row_ops.h"

namespace vl {
namespace {

/// The norms inside MLA always use this, whatever rms_norm_eps says (SPEC section 7).
constexpr double kLatentNormEps = 1e-6;
/// Up to this many tokens, a row of kv_b is multiplied where it was expanded.
constexpr std::size_t kFewTokens = 4;

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
  const std::size_t queryDim = nopeDim_ + ropeDim_;
  Arena::Frame frame(compute.arena());
  LinearInput input(compute, frame, x);
  const MatrixView<float> queries = frame.matrix(tokens, heads_ * queryDim);
  project(compute, input, queries);
  compute.parallelFor(tokens, 16, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t t = begin; t < end; ++t) {
      for (std::size_t h = 0; h < heads_; ++h) {
        Rope::rotatePairs(queries.row(t).subspan(h * queryDim + nopeDim_, ropeDim_),
                          angles.cos.view().row(t), angles.sin.view().row(t));
      }
    }
  });
  const MatrixView<float> entries = frame.matrix(tokens, ropeDim_ + latentDim_);
  compress(compute, input, angles, entries);

  const MatrixView<float> attended = frame.matrix(tokens, heads_ * valueDim_);
  if (cache.precision() == Precision::Fast) {
    attendPanels(compute, queries, entries, layer, cache, attended);
  } else {
    attendRows(compute, queries, entries, layer, cache, attended);
  }
  matmul(compute, attended, o_.weight, o_.bias, out);
}

void MlaAttention::project(Compute& compute, LinearInput& x, MatrixView<float> queries) const {
  Arena::Frame frame(compute.arena());
  if (qNorm_.empty()) {
    const MatmulJob job{&x, q_.weight, q_.bias, queries};
    matmul(compute, {&job, 1});
    return;
  }
  const MatrixView<float> compressed = frame.matrix(x.tokens(), qNorm_.size());
  const MatmulJob job{&x, qA_.weight, qA_.bias, compressed};
  matmul(compute, {&job, 1});
  rmsNorm(compute, compressed, qNorm_, kLatentNormEps, compressed);
  matmul(compute, compressed, q_.weight, q_.bias, queries);
}

/// What the cache holds of each token: the rotated key, then the normalised latent.
void MlaAttention::compress(Compute& compute, LinearInput& x, const RopeAngles& angles,
                            MatrixView<float> entries) const {
  Arena::Frame frame(compute.arena());
  const MatrixView<float> compressed = frame.matrix(x.tokens(), latentDim_ + ropeDim_);
  const MatmulJob job{&x, kvA_.weight, kvA_.bias, compressed};
  matmul(compute, {&job, 1});
  rmsNorm(compute, compressed.middleCols(0, latentDim_), kvNorm_, kLatentNormEps,
          entries.middleCols(ropeDim_, latentDim_));
  for (std::size_t t = 0; t < x.tokens(); ++t) {
    const std::span<float> key = entries.row(t).first(ropeDim_);
    std::ranges::copy(compressed.row(t).subspan(latentDim_, ropeDim_), key.begin());
    Rope::rotatePairs(key, angles.cos.view().row(t), angles.sin.view().row(t));
  }
}

/// q' = q_nope Wk, row by row of the weight, so each is expanded once for all tokens.
void MlaAttention::absorbKey(std::size_t head, MatrixView<const float> query,
                             std::span<float> weightRow, MatrixView<float> absorbed) const {
  const WeightMatrix wK = kvB_.middleRows(head * (nopeDim_ + valueDim_), nopeDim_);
  for (std::size_t t = 0; t < query.rows(); ++t) std::ranges::fill(absorbed.row(t), 0.0f);
  for (std::size_t r = 0; r < nopeDim_; ++r) {
    expandRow(wK, r, weightRow);
    for (std::size_t t = 0; t < query.rows(); ++t) {
      kernels().addScaled(query.row(t)[r], weightRow.data(), absorbed.row(t).data(), latentDim_);
    }
  }
}

/// o = attended latent Wv^T.
void MlaAttention::expandValue(std::size_t head, MatrixView<const float> latents,
                               std::span<float> weightRow, MatrixView<float> attended) const {
  const WeightMatrix wV = kvB_.middleRows(head * (nopeDim_ + valueDim_) + nopeDim_, valueDim_);
  for (std::size_t r = 0; r < valueDim_; ++r) {
    expandRow(wV, r, weightRow);
    for (std::size_t t = 0; t < latents.rows(); ++t) {
      attended.row(t)[head * valueDim_ + r] =
          kernels().dotF32(weightRow.data(), latents.row(t).data(), latentDim_);
    }
  }
}

/// score = q_pe . k_pe + q' . c; o = (softmax(score) c) Wv^T.
void MlaAttention::attendRows(Compute& compute, MatrixView<const float> queries,
                              MatrixView<const float> entries, std::size_t layer, KvCache& cache,
                              MatrixView<float> attended) const {
  const std::size_t tokens = queries.rows();
  const std::size_t begin = cache.length();
  for (std::size_t t = 0; t < tokens; ++t) {
    std::ranges::copy(entries.row(t).first(ropeDim_), cache.keys(layer, 0).row(begin + t).begin());
    std::ranges::copy(entries.row(t).subspan(ropeDim_),
                      cache.values(layer, 0).row(begin + t).begin());
  }
  const std::size_t length = begin + tokens;
  const MatrixView<const float> keys = cache.keys(layer, 0).middleRows(0, length);
  const MatrixView<const float> latents = cache.values(layer, 0).middleRows(0, length);
  compute.parallelFor(heads_, 1, [&](std::size_t first, std::size_t last, std::size_t thread) {
    const std::size_t rows = 2 * tokens + 1;  // absorbed queries, their results, a weight's row
    const std::span<float> scratch =
        compute.scratch(thread, attentionScratch(tokens, length) + rows * latentDim_);
    const MatrixView<float> absorbed(scratch.data(), tokens, latentDim_);
    const MatrixView<float> results(scratch.data() + tokens * latentDim_, tokens, latentDim_);
    const std::span<float> weightRow = scratch.subspan(2 * tokens * latentDim_, latentDim_);
    for (std::size_t h = first; h < last; ++h) {
      const MatrixView<const float> query =
          queries.middleCols(h * (nopeDim_ + ropeDim_), nopeDim_ + ropeDim_);
      absorbKey(h, query, weightRow, absorbed);
      const std::array terms{ScoreTerm{query.middleCols(nopeDim_, ropeDim_), keys},
                             ScoreTerm{absorbed, latents}};
      attendHead(terms, latents, scale_, begin, scratch.subspan(rows * latentDim_), results);
      expandValue(h, results, weightRow, attended);
    }
  });
}

/// The same with all heads of a token as queries of one head of panels.
void MlaAttention::attendPanels(Compute& compute, MatrixView<const float> queries,
                                MatrixView<const float> entries, std::size_t layer, KvCache& cache,
                                MatrixView<float> attended) const {
  const std::size_t tokens = queries.rows();
  const std::size_t begin = cache.length();
  const KvPanels panels = cache.panels(layer, 0);
  panels.put(begin, entries, entries.middleCols(ropeDim_, latentDim_));

  Arena::Frame frame(compute.arena());
  const MatrixView<float> absorbed = frame.matrix(tokens * heads_, ropeDim_ + latentDim_);
  const MatrixView<float> results = frame.matrix(tokens * heads_, latentDim_);
  LinearInput halves(compute, frame, queries);
  absorbKeys(compute, queries, halves, absorbed);
  LinearInput rounded(compute, frame, absorbed);
  const PanelAttention attention{panels, begin + tokens, rounded.halves(), results};
  attend(compute, {&attention, 1}, scale_, heads_, begin);
  LinearInput latents(compute, frame, results);
  expandValues(compute, latents, attended);
}

/// The rows of one head among rows of all heads of all tokens.
MatrixView<float> MlaAttention::ofHead(MatrixView<float> rows, std::size_t head) const {
  return {rows.row(head).data(), rows.rows() / heads_, rows.cols(), heads_ * rows.cols()};
}

/// Many tokens multiply each head's weight as panels of BF16, made in a thread's scratch.
void MlaAttention::absorbKeys(Compute& compute, MatrixView<const float> queries,
                              LinearInput& halves, MatrixView<float> absorbed) const {
  const std::size_t queryDim = nopeDim_ + ropeDim_;
  const bool many = queries.rows() > kFewTokens;
  if (many) halves.halves();
  compute.parallelFor(heads_, 1, [&](std::size_t first, std::size_t last, std::size_t thread) {
    const std::size_t words = KvPanels::valueWords(nopeDim_, latentDim_);
    const std::span<float> scratch = compute.scratch(thread, latentDim_ + words);
    const std::span<float> weightRow = scratch.first(latentDim_);
    const KvPanels weight(nullptr, 0, reinterpret_cast<std::uint32_t*>(scratch.data() + latentDim_),
                          latentDim_);
    for (std::size_t h = first; h < last; ++h) {
      const MatrixView<const float> query = queries.middleCols(h * queryDim, queryDim);
      const MatrixView<float> rows = ofHead(absorbed, h);
      for (std::size_t t = 0; t < queries.rows(); ++t) {
        std::ranges::copy(query.row(t).subspan(nopeDim_), rows.row(t).begin());
      }
      const MatrixView<float> out = rows.middleCols(ropeDim_, latentDim_);
      if (!many) {
        absorbKey(h, query, weightRow, out);
        continue;
      }
      const WeightMatrix wK = kvB_.middleRows(h * (nopeDim_ + valueDim_), nopeDim_);
      for (std::size_t r = 0; r < nopeDim_; ++r) {
        expandRow(wK, r, weightRow);
        weight.putValues(r, {weightRow.data(), 1, latentDim_});
      }
      const MatrixView<const std::uint16_t> x = halves.halves();
      kernels().productBf16(weight.values(), (nopeDim_ + 1) / 2, x.data() + h * queryDim,
                            x.stride(), x.rows(),
                            {out.data(), out.stride(), latentDim_, nullptr, false});
    }
  });
}

void MlaAttention::expandValues(Compute& compute, LinearInput& latents,
                                MatrixView<float> attended) const {
  const bool many = attended.rows() > kFewTokens;
  if (many) latents.halves();
  compute.parallelFor(heads_, 1, [&](std::size_t first, std::size_t last, std::size_t thread) {
    const std::size_t words = KvPanels::keyWords(valueDim_, latentDim_);
    const std::span<float> scratch = compute.scratch(thread, latentDim_ + words);
    const std::span<float> weightRow = scratch.first(latentDim_);
    const KvPanels weight(reinterpret_cast<std::uint32_t*>(scratch.data() + latentDim_), latentDim_,
                          nullptr, 0);
    for (std::size_t h = first; h < last; ++h) {
      if (!many) {
        const MatrixView<const float> rows(latents.values().row(h).data(), attended.rows(),
                                           latentDim_, heads_ * latentDim_);
        expandValue(h, rows, weightRow, attended);
        continue;
      }
      const WeightMatrix wV = kvB_.middleRows(h * (nopeDim_ + valueDim_) + nopeDim_, valueDim_);
      for (std::size_t r = 0; r < valueDim_; ++r) {
        expandRow(wV, r, weightRow);
        weight.putKeys(r, {weightRow.data(), 1, latentDim_});
      }
      const MatrixView<const std::uint16_t> x = latents.halves();
      const MatrixView<float> out = attended.middleCols(h * valueDim_, valueDim_);
      kernels().productBf16(weight.keys(), weight.keyPairs(), x.row(h).data(), heads_ * x.stride(),
                            attended.rows(), {out.data(), out.stride(), valueDim_, nullptr, false});
    }
  });
}

}  // namespace vl
