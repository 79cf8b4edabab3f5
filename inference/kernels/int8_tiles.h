#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "inference/kernels/arena.h"
#include "inference/kernels/compute.h"
#include "inference/kernels/panel_operands.h"
#include "inference/tensor/matrix_view.h"

namespace vl {

/// Activations [tokens, cols] quantised to int8, in tiles of at most kMaxTileTokens tokens of
/// nearly the same size: the right operand of products with panels. The memory is the frame's.
class Int8Tiles {
 public:
  struct Tile {
    std::size_t begin = 0;  // first token
    std::size_t tokens = 0;
    ActivationBlock* blocks = nullptr;  // [blocksPerRow(cols)][tokens]
  };

  Int8Tiles() = default;
  /// Not yet filled.
  Int8Tiles(Arena::Frame& frame, std::size_t tokens, std::size_t cols,
            std::size_t maxTileTokens = kMaxTileTokens);

  std::size_t tokens() const { return tokens_; }
  std::size_t cols() const { return cols_; }
  std::size_t tiles() const { return tiles_; }
  Tile tile(std::size_t index) const;

  /// Fills tile `index` from the rows of its tokens in x [tokens, cols].
  void quantizeTile(std::size_t index, MatrixView<const float> x) const;
  /// Fills tile `index` with rows of `source`, which has tiles of one token: token t becomes row
  /// rows[t] of it.
  void gatherTile(std::size_t index, const Int8Tiles& source,
                  std::span<const std::uint32_t> rows) const;

 private:
  std::size_t tokens_ = 0;
  std::size_t cols_ = 0;
  std::size_t tiles_ = 0;
  ActivationBlock* blocks_ = nullptr;
};

/// All tiles of x, quantised on all threads.
Int8Tiles quantized(Compute& compute, Arena::Frame& frame, MatrixView<const float> x,
                    std::size_t maxTileTokens = kMaxTileTokens);

}  // namespace vl
