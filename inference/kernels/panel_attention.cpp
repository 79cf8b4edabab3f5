#include "inference/kernels/panel_attention.h"

#include <algorithm>
#include <cassert>

#include "inference/kernels/dispatch.h"
#include "inference/tensor/weight_matrix.h"

namespace vl {
namespace {

/// Scores of a block of queries, which should stay in the L2 cache beside keys or values.
constexpr std::size_t kScoreFloats = std::size_t{64} << 10;
constexpr std::size_t kMaxQueries = 48;
/// Pairs of positions whose values pass before the next queries: 256 KiB for 128 dimensions.
constexpr std::size_t kValuePairs = 512;

struct Block {
  std::size_t begin = 0;  // query
  std::size_t count = 0;
};

void attendBlock(const PanelAttention& head, const Block& block, float scale,
                 std::size_t queriesPerToken, std::optional<std::size_t> causal,
                 std::span<float> scratch) {
  const KernelTable& k = kernels();
  const auto visibleTo = [&](std::size_t query) {
    return causal ? *causal + query / queriesPerToken + 1 : head.length;
  };
  const std::size_t visible = visibleTo(block.begin + block.count - 1);
  assert(visible <= head.length);
  const std::size_t stride = (visible + kPanelRows - 1) / kPanelRows * kPanelRows;
  const MatrixView<const std::uint16_t> queries = head.queries.middleRows(block.begin, block.count);
  k.productBf16(head.panels.keys(), head.panels.keyPairs(), queries.data(), queries.stride(),
                block.count, {scratch.data(), stride, visible, nullptr, false});

  const std::size_t pairs = (visible + 1) / 2;
  auto* probabilities = reinterpret_cast<std::uint16_t*>(scratch.data() + block.count * stride);
  float sums[kMaxQueries];
  for (std::size_t q = 0; q < block.count; ++q) {
    const std::size_t seen = visibleTo(block.begin + q);
    std::uint16_t* row = probabilities + q * stride;
    sums[q] = k.exponentials(scratch.data() + q * stride, scale, row, seen);
    std::fill(row + seen, row + 2 * pairs, std::uint16_t{0});
  }

  const MatrixView<float> out = head.out.middleRows(block.begin, block.count);
  Bf16Panels values = head.panels.values();
  for (std::size_t pair = 0; pair < pairs; pair += kValuePairs) {
    k.productBf16(values, std::min(kValuePairs, pairs - pair), probabilities + 2 * pair, stride,
                  block.count, {out.data(), out.stride(), out.cols(), nullptr, pair != 0});
    values.data += kValuePairs * values.pairStride;
  }
  for (std::size_t q = 0; q < block.count; ++q) {
    const float factor = 1.0f / sums[q];
    for (float& v : out.row(q)) v *= factor;
  }
}

}  // namespace

void attend(Compute& compute, std::span<const PanelAttention> heads, float scale,
            std::size_t queriesPerToken, std::optional<std::size_t> causal) {
  if (heads.empty() || heads.front().queries.rows() == 0) return;
  const std::size_t queries = heads.front().queries.rows();
  const std::size_t length = heads.front().length;
  const std::size_t fitting = std::clamp(kScoreFloats / length, std::size_t{6}, kMaxQueries);
  const std::size_t shares = (queries * heads.size() + compute.threads() - 1) / compute.threads();
  const std::size_t perBlock = std::min({fitting, shares, queries});
  const std::size_t blocks = (queries + perBlock - 1) / perBlock;
  compute.parallelFor(
      heads.size() * blocks, 1, [&](std::size_t first, std::size_t last, std::size_t thread) {
        const std::span<float> scratch =  // scores, then probabilities
            compute.scratch(thread, perBlock * panelsFor(length) * kPanelRows * 3 / 2);
        for (std::size_t i = first; i < last; ++i) {
          // The last queries see the most: they go first.
          const std::size_t begin = (blocks - 1 - i % blocks) * perBlock;
          attendBlock(heads[i / blocks], {begin, std::min(perBlock, queries - begin)}, scale,
                      queriesPerToken, causal, scratch);
        }
      });
}

}  // namespace vl
