#include "inference/kernels/row_ops.h"

#include <cassert>

#include "inference/kernels/dispatch.h"

namespace vl {
namespace {

/// Rows per piece.
constexpr std::size_t kGrain = 16;

void normRow(const LayerNorm& norm, std::span<const float> x, float* out) {
  assert(x.size() == norm.weight.size() && x.size() == norm.bias.size());
  kernels().layerNorm(x.data(), norm.weight.data(), norm.bias.data(), norm.eps, out, x.size());
}

/// task(row) for each of them.
template <typename Task>
void forRows(Compute& compute, std::size_t rows, Task task) {
  compute.parallelFor(rows, kGrain,
                      [&](std::size_t begin, std::size_t end, std::size_t /*thread*/) {
                        for (std::size_t r = begin; r < end; ++r) task(r);
                      });
}

}  // namespace

void addRows(Compute& compute, MatrixView<const float> term, MatrixView<float> x) {
  assert(term.rows() == x.rows() && term.cols() == x.cols());
  forRows(compute, x.rows(), [&](std::size_t r) {
    kernels().addScaled(1.0f, term.row(r).data(), x.row(r).data(), x.cols());
  });
}

void rmsNorm(Compute& compute, MatrixView<const float> x, std::span<const float> weight, double eps,
             MatrixView<float> out) {
  assert(weight.size() == x.cols() && out.cols() == x.cols() && out.rows() == x.rows());
  forRows(compute, x.rows(), [&](std::size_t r) {
    kernels().rmsNorm(x.row(r).data(), weight.data(), static_cast<float>(eps), out.row(r).data(),
                      x.cols());
  });
}

void layerNorm(Compute& compute, MatrixView<const float> x, const LayerNorm& norm,
               MatrixView<float> out) {
  assert(out.cols() == x.cols() && out.rows() == x.rows());
  forRows(compute, x.rows(), [&](std::size_t r) { normRow(norm, x.row(r), out.row(r).data()); });
}

Int8Tiles layerNormTiles(Compute& compute, Arena::Frame& frame, MatrixView<const float> x,
                         const LayerNorm& norm) {
  const Int8Tiles tiles(frame, x.rows(), x.cols());
  compute.parallelFor(
      tiles.tiles(), 2, [&](std::size_t begin, std::size_t end, std::size_t thread) {
        const std::span<float> rows = compute.scratch(thread, kMaxTileTokens * x.cols());
        for (std::size_t i = begin; i < end; ++i) {
          const Int8Tiles::Tile tile = tiles.tile(i);
          for (std::size_t t = 0; t < tile.tokens; ++t) {
            normRow(norm, x.row(tile.begin + t), rows.data() + t * x.cols());
          }
          kernels().quantize(rows.data(), x.cols(), tile.tokens, x.cols(), tile.blocks);
        }
      });
  return tiles;
}

}  // namespace vl
