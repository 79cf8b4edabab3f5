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
    : shape_{.heads = config.numAttentionHeads,
             .nopeDim = config.qkNopeHeadDim,
             .ropeDim = config.qkRopeHeadDim,
             .valueDim = config.vHeadDim,
             .latentDim = config.kvLoraRank},
      scale_(static_cast<float>(ropeAttentionFactor(config) /
                                std::sqrt(static_cast<double>(config.qkHeadDim())))) {
  const std::size_t hidden = config.hiddenSize;
  const std::size_t queryWidth = shape_.heads * shape_.queryDim();
  if (config.qLoraRank) {
    qA_ = reader.linear("self_attn.q_a_proj", *config.qLoraRank, hidden, config.attentionBias);
    qNorm_ = reader.vector("self_attn.q_a_layernorm.weight", *config.qLoraRank);
    q_ = reader.linear("self_attn.q_b_proj", queryWidth, *config.qLoraRank, false);
  } else {
    q_ = reader.linear("self_attn.q_proj", queryWidth, hidden, false);
  }
  kvA_ = reader.linear("self_attn.kv_a_proj_with_mqa", shape_.latentDim + shape_.ropeDim, hidden,
                       config.attentionBias);
  kvNorm_ = reader.vector("self_attn.kv_a_layernorm.weight", shape_.latentDim);
  kvB_ = reader.matrix("self_attn.kv_b_proj.weight", shape_.heads * shape_.expandedDim(),
                       shape_.latentDim);
  o_ = reader.linear("self_attn.o_proj", hidden, shape_.heads * shape_.valueDim,
                     config.attentionBias);
}

void MlaAttention::forward(Compute& compute, MatrixView<const float> x, const RopeAngles& angles,
                           std::size_t layer, KvCache& cache, MatrixView<float> out) const {
  const std::size_t tokens = x.rows();
  const std::size_t queryDim = shape_.queryDim();
  Arena::Frame frame(compute.arena());
  LinearInput input(compute, frame, x);
  const MatrixView<float> queries = frame.matrix(tokens, shape_.heads * queryDim);
  project(compute, input, queries);
  compute.parallelFor(tokens, 16, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t t = begin; t < end; ++t) {
      for (std::size_t h = 0; h < shape_.heads; ++h) {
        Rope::rotatePairs(queries.row(t).subspan(h * queryDim + shape_.nopeDim, shape_.ropeDim),
                          angles.cos.view().row(t), angles.sin.view().row(t));
      }
    }
  });
  const MatrixView<float> entries = frame.matrix(tokens, shape_.ropeDim + shape_.latentDim);
  compress(compute, input, angles, entries);

  const MatrixView<float> attended = frame.matrix(tokens, shape_.heads * shape_.valueDim);
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
  const MatrixView<float> compressed = frame.matrix(x.tokens(), shape_.latentDim + shape_.ropeDim);
  const MatmulJob job{&x, kvA_.weight, kvA_.bias, compressed};
  matmul(compute, {&job, 1});
  rmsNorm(compute, compressed.middleCols(0, shape_.latentDim), kvNorm_, kLatentNormEps,
          entries.middleCols(shape_.ropeDim, shape_.latentDim));
  for (std::size_t t = 0; t < x.tokens(); ++t) {
    const std::span<float> key = entries.row(t).first(shape_.ropeDim);
    std::ranges::copy(compressed.row(t).subspan(shape_.latentDim, shape_.ropeDim), key.begin());
    Rope::rotatePairs(key, angles.cos.view().row(t), angles.sin.view().row(t));
  }
}

/// q' = q_nope Wk, row by row of the weight, so each is expanded once for all tokens.
void MlaAttention::absorbKey(std::size_t head, MatrixView<const float> query,
                             std::span<float> weightRow, MatrixView<float> absorbed) const {
  const WeightMatrix wK = kvB_.middleRows(head * shape_.expandedDim(), shape_.nopeDim);
  for (std::size_t t = 0; t < query.rows(); ++t) std::ranges::fill(absorbed.row(t), 0.0f);
  for (std::size_t r = 0; r < shape_.nopeDim; ++r) {
    expandRow(wK, r, weightRow);
    for (std::size_t t = 0; t < query.rows(); ++t) {
      kernels().addScaled(query.row(t)[r], weightRow.data(), absorbed.row(t).data(),
                          shape_.latentDim);
    }
  }
}

/// o = attended latent Wv^T.
void MlaAttention::expandValue(std::size_t head, MatrixView<const float> latents,
                               std::span<float> weightRow, MatrixView<float> attended) const {
  const WeightMatrix wV =
      kvB_.middleRows(head * shape_.expandedDim() + shape_.nopeDim, shape_.valueDim);
  for (std::size_t r = 0; r < shape_.valueDim; ++r) {
    expandRow(wV, r, weightRow);
    for (std::size_t t = 0; t < latents.rows(); ++t) {
      attended.row(t)[head * shape_.valueDim + r] =
          kernels().dotF32(weightRow.data(), latents.row(t).data(), shape_.latentDim);
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
    std::ranges::copy(entries.row(t).first(shape_.ropeDim),
                      cache.keys(layer, 0).row(begin + t).begin());
    std::ranges::copy(entries.row(t).subspan(shape_.ropeDim),
                      cache.values(layer, 0).row(begin + t).begin());
  }
  const std::size_t length = begin + tokens;
  const MatrixView<const float> keys = cache.keys(layer, 0).middleRows(0, length);
  const MatrixView<const float> latents = cache.values(layer, 0).middleRows(0, length);
  compute.parallelFor(
      shape_.heads, 1, [&](std::size_t first, std::size_t last, std::size_t thread) {
        const std::size_t rows = 2 * tokens + 1;  // absorbed queries, their results, a weight's row
        const std::span<float> scratch =
            compute.scratch(thread, attentionScratch(tokens, length) + rows * shape_.latentDim);
        const MatrixView<float> absorbed(scratch.data(), tokens, shape_.latentDim);
        const MatrixView<float> results(scratch.data() + tokens * shape_.latentDim, tokens,
                                        shape_.latentDim);
        const std::span<float> weightRow =
            scratch.subspan(2 * tokens * shape_.latentDim, shape_.latentDim);
        for (std::size_t h = first; h < last; ++h) {
          const MatrixView<const float> query =
              queries.middleCols(h * (shape_.queryDim()), shape_.queryDim());
          absorbKey(h, query, weightRow, absorbed);
          const std::array terms{ScoreTerm{query.middleCols(shape_.nopeDim, shape_.ropeDim), keys},
                                 ScoreTerm{absorbed, latents}};
          attendHead(terms, latents, scale_, begin, scratch.subspan(rows * shape_.latentDim),
                     results);
          expandValue(h, results, weightRow, attended);
        }
      });
}

void MlaAttention::attendPanels(Compute& compute, MatrixView<const float> queries,
                                MatrixView<const float> entries, std::size_t layer, KvCache& cache,
                                MatrixView<float> attended) const {
  const std::size_t begin = cache.length();
  const KvPanels panels = cache.panels(layer, 0);
  panels.put(begin, entries, entries.middleCols(shape_.ropeDim, shape_.latentDim));
  Arena::Frame frame(compute.arena());
  LinearInput halves(compute, frame, queries);
  if (expandingPays(shape_, queries.rows(), begin + queries.rows())) {
    attendExpanded(compute, halves, panels, begin, attended);
  } else {
    attendAbsorbed(compute, queries, halves, panels, begin, attended);
  }
}

void MlaAttention::attendExpanded(Compute& compute, LinearInput& halves, const KvPanels& panels,
                                  std::size_t begin, MatrixView<float> attended) const {
  Arena::Frame frame(compute.arena());
  const std::size_t length = begin + attended.rows();
  const std::vector<KvPanels> expanded = expandHeads(compute, frame, shape_, panels, length, kvB_);
  std::vector<PanelAttention> heads;
  for (std::size_t h = 0; h < shape_.heads; ++h) {
    heads.push_back({expanded[h], length,
                     halves.halves().middleCols(h * shape_.queryDim(), shape_.queryDim()),
                     attended.middleCols(h * shape_.valueDim, shape_.valueDim)});
  }
  attend(compute, heads, scale_, 1, begin);
}

/// As attendRows, with all heads of a token as queries of one head of panels.
void MlaAttention::attendAbsorbed(Compute& compute, MatrixView<const float> queries,
                                  LinearInput& halves, const KvPanels& panels, std::size_t begin,
                                  MatrixView<float> attended) const {
  const std::size_t tokens = queries.rows();
  Arena::Frame frame(compute.arena());
  const MatrixView<float> absorbed =
      frame.matrix(tokens * shape_.heads, shape_.ropeDim + shape_.latentDim);
  const MatrixView<float> results = frame.matrix(tokens * shape_.heads, shape_.latentDim);
  absorbKeys(compute, queries, halves, absorbed);
  LinearInput rounded(compute, frame, absorbed);
  const PanelAttention attention{panels, begin + tokens, rounded.halves(), results};
  attend(compute, {&attention, 1}, scale_, shape_.heads, begin);
  LinearInput latents(compute, frame, results);
  expandValues(compute, latents, attended);
}

/// The rows of one head among rows of all heads of all tokens.
MatrixView<float> MlaAttention::ofHead(MatrixView<float> rows, std::size_t head) const {
  return {rows.row(head).data(), rows.rows() / shape_.heads, rows.cols(),
          shape_.heads * rows.cols()};
}

/// Many tokens multiply each head's weight as panels of BF16, made in a thread's scratch.
void MlaAttention::absorbKeys(Compute& compute, MatrixView<const float> queries,
                              LinearInput& halves, MatrixView<float> absorbed) const {
  const std::size_t queryDim = shape_.queryDim();
  const bool many = queries.rows() > kFewTokens;
  if (many) halves.halves();
  compute.parallelFor(
      shape_.heads, 1, [&](std::size_t first, std::size_t last, std::size_t thread) {
        const std::size_t words = KvPanels::valueWords(shape_.nopeDim, shape_.latentDim);
        const std::span<float> scratch = compute.scratch(thread, shape_.latentDim + words);
        const std::span<float> weightRow = scratch.first(shape_.latentDim);
        const KvPanels weight(nullptr, 0,
                              reinterpret_cast<std::uint32_t*>(scratch.data() + shape_.latentDim),
                              shape_.latentDim);
        for (std::size_t h = first; h < last; ++h) {
          const MatrixView<const float> query = queries.middleCols(h * queryDim, queryDim);
          const MatrixView<float> rows = ofHead(absorbed, h);
          for (std::size_t t = 0; t < queries.rows(); ++t) {
            std::ranges::copy(query.row(t).subspan(shape_.nopeDim), rows.row(t).begin());
          }
          const MatrixView<float> out = rows.middleCols(shape_.ropeDim, shape_.latentDim);
          if (!many) {
            absorbKey(h, query, weightRow, out);
            continue;
          }
          const WeightMatrix wK = kvB_.middleRows(h * shape_.expandedDim(), shape_.nopeDim);
          for (std::size_t r = 0; r < shape_.nopeDim; ++r) {
            expandRow(wK, r, weightRow);
            weight.putValues(r, {weightRow.data(), 1, shape_.latentDim});
          }
          const MatrixView<const std::uint16_t> x = halves.halves();
          kernels().productBf16(weight.values(), (shape_.nopeDim + 1) / 2, x.data() + h * queryDim,
                                x.stride(), x.rows(),
                                {out.data(), out.stride(), shape_.latentDim, nullptr, false});
        }
      });
}

void MlaAttention::expandValues(Compute& compute, LinearInput& latents,
                                MatrixView<float> attended) const {
  const bool many = attended.rows() > kFewTokens;
  if (many) latents.halves();
  compute.parallelFor(
      shape_.heads, 1, [&](std::size_t first, std::size_t last, std::size_t thread) {
        const std::size_t words = KvPanels::keyWords(shape_.valueDim, shape_.latentDim);
        const std::span<float> scratch = compute.scratch(thread, shape_.latentDim + words);
        const std::span<float> weightRow = scratch.first(shape_.latentDim);
        const KvPanels weight(reinterpret_cast<std::uint32_t*>(scratch.data() + shape_.latentDim),
                              shape_.latentDim, nullptr, 0);
        for (std::size_t h = first; h < last; ++h) {
          if (!many) {
            const MatrixView<const float> rows(latents.values().row(h).data(), attended.rows(),
                                               shape_.latentDim, shape_.heads * shape_.latentDim);
            expandValue(h, rows, weightRow, attended);
            continue;
          }
          const WeightMatrix wV =
              kvB_.middleRows(h * shape_.expandedDim() + shape_.nopeDim, shape_.valueDim);
          for (std::size_t r = 0; r < shape_.valueDim; ++r) {
            expandRow(wV, r, weightRow);
            weight.putKeys(r, {weightRow.data(), 1, shape_.latentDim});
          }
          const MatrixView<const std::uint16_t> x = latents.halves();
          const MatrixView<float> out = attended.middleCols(h * shape_.valueDim, shape_.valueDim);
          kernels().productBf16(weight.keys(), weight.keyPairs(), x.row(h).data(),
                                shape_.heads * x.stride(), attended.rows(),
                                {out.data(), out.stride(), shape_.valueDim, nullptr, false});
        }
      });
}

}  // namespace vl
