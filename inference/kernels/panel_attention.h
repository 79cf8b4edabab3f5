#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "inference/kernels/compute.h"
#include "inference/kernels/kv_panels.h"
#include "inference/tensor/matrix_view.h"

namespace vl {

/// Attention of the queries that share one head of keys and values.
struct PanelAttention {
  KvPanels panels;
  std::size_t length = 0;  // positions held by the panels that may be seen
  /// BF16 [tokens * queriesPerToken, 2 * panels.keyPairs()], the queries of a token after each
  /// other; rows 4-byte aligned, the stride even.
  MatrixView<const std::uint16_t> queries;
  MatrixView<float> out;  // F32 [queries.rows(), panels.valueWidth()], overwritten
};

/// out = softmax(scale * queries keys^T) values for every head, shared out over the threads. Scores
/// and sums in F32, probabilities rounded to BF16 and divided by the sum of the rounded ones. Works
/// on blocks of queries, so scratch never holds queries x length.
///   queriesPerToken  query heads of one token
///   causal           position of token 0: token t sees [0, causal + t]; none: all see `length`
void attend(Compute& compute, std::span<const PanelAttention> heads, float scale,
            std::size_t queriesPerToken, std::optional<std::size_t> causal);

}  // namespace vl
