#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "inference/tensor/matrix_view.h"

namespace vl {

/// One summand of the attention scores: queries [tokens, d] against keys [length, d].
struct ScoreTerm {
  MatrixView<const float> queries;
  MatrixView<const float> keys;
};

/// Floats of scratch that attendHead needs for up to `length` keys.
std::size_t attentionScratch(std::size_t tokens, std::size_t length);

/// One attention head in F32: out = softmax(scale * sum of terms) values, in blocks of queries, so
/// scratch never holds tokens x length.
///   terms    one (MHA, vision) or two (MLA: latent and rotated part), same tokens and length
///   values   [length, width]
///   causal   position of query 0 among the keys: query t sees keys [0, causal + t]; none: all keys
///   scratch  attentionScratch(tokens, length) floats
///   out      [tokens, width], overwritten; must not overlap the inputs
/// Thread-safe for different scratch and out.
void attendHead(std::span<const ScoreTerm> terms, MatrixView<const float> values, float scale,
                std::optional<std::size_t> causal, std::span<float> scratch, MatrixView<float> out);

}  // namespace vl
