#include "inference/kernels/int8_tiles.h"

#include <algorithm>
#include <cassert>

#include "inference/kernels/dispatch.h"
#include "inference/tensor/weight_matrix.h"

namespace vl {

Int8Tiles::Int8Tiles(Arena::Frame& frame, std::size_t tokens, std::size_t cols,
                     std::size_t maxTileTokens)
    : tokens_(tokens),
      cols_(cols),
      tiles_((tokens + maxTileTokens - 1) / maxTileTokens),
      blocks_(frame.take<ActivationBlock>(tokens * blocksPerRow(cols)).data()) {
  assert(maxTileTokens >= 1 && maxTileTokens <= kMaxTileTokens);
}

/// The first tiles have a token more than the others when the division leaves a rest.
Int8Tiles::Tile Int8Tiles::tile(std::size_t index) const {
  assert(index < tiles_);
  const std::size_t least = tokens_ / tiles_;
  const std::size_t larger = tokens_ % tiles_;
  const std::size_t begin = index * least + std::min(index, larger);
  return {begin, least + (index < larger ? 1 : 0), blocks_ + begin * blocksPerRow(cols_)};
}

void Int8Tiles::quantizeTile(std::size_t index, MatrixView<const float> x) const {
  assert(x.rows() == tokens_ && x.cols() == cols_);
  const Tile to = tile(index);
  kernels().quantize(x.row(to.begin).data(), x.stride(), to.tokens, cols_, to.blocks);
}

void Int8Tiles::gatherTile(std::size_t index, const Int8Tiles& source,
                           std::span<const std::uint32_t> rows) const {
  assert(source.tiles_ == source.tokens_ && source.cols_ == cols_ && rows.size() == tokens_);
  const Tile to = tile(index);
  const std::size_t blocks = blocksPerRow(cols_);
  for (std::size_t t = 0; t < to.tokens; ++t) {
    const ActivationBlock* from = source.blocks_ + rows[to.begin + t] * blocks;
    for (std::size_t b = 0; b < blocks; ++b) to.blocks[b * to.tokens + t] = from[b];
  }
}

Int8Tiles quantized(Compute& compute, Arena::Frame& frame, MatrixView<const float> x,
                    std::size_t maxTileTokens) {
  const Int8Tiles tiles(frame, x.rows(), x.cols(), maxTileTokens);
  const std::size_t grain = std::max<std::size_t>(1, kMaxTileTokens / maxTileTokens);
  compute.parallelFor(tiles.tiles(), grain,
                      [&](std::size_t begin, std::size_t end, std::size_t /*thread*/) {
                        for (std::size_t i = begin; i < end; ++i) tiles.quantizeTile(i, x);
                      });
  return tiles;
}

}  // namespace vl
