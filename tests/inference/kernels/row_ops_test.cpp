#include "inference/kernels/row_ops.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/support/random.h"

namespace vl {
namespace {

constexpr std::size_t kRows = 37;  // several pieces and a rest
constexpr std::size_t kCols = 72;  // a last block of 8

LayerNorm someNorm() {
  return {.weight = test::gaussian(kCols, 1), .bias = test::gaussian(kCols, 2), .eps = 1e-6f};
}

TEST(RowOps, NormsTreatEveryRowByItself) {
  Compute compute(2);
  const std::vector<float> x = test::gaussian(kRows * kCols, 3);
  const LayerNorm norm = someNorm();
  std::vector<float> all(x.size());
  layerNorm(compute, {x.data(), kRows, kCols}, norm, {all.data(), kRows, kCols});
  std::vector<float> inPlace = x;
  layerNorm(compute, {inPlace.data(), kRows, kCols}, norm, {inPlace.data(), kRows, kCols});
  EXPECT_EQ(inPlace, all);
  std::vector<float> row(kCols);
  for (std::size_t r = 0; r < kRows; ++r) {
    layerNorm(compute, {x.data() + r * kCols, 1, kCols}, norm, {row.data(), 1, kCols});
    EXPECT_TRUE(std::ranges::equal(row, std::span(all).subspan(r * kCols, kCols)));
    rmsNorm(compute, {x.data() + r * kCols, 1, kCols}, norm.weight, 0.0, {row.data(), 1, kCols});
    double squares = 0;
    for (std::size_t c = 0; c < kCols; ++c) {
      const double v = row[c] / norm.weight[c];
      squares += v * v;
    }
    EXPECT_NEAR(squares / kCols, 1.0, 1e-4);
  }
}

TEST(RowOps, TilesAreTheQuantisedRowsOfTheNorm) {
  Compute compute(2);
  Arena::Frame frame(compute.arena());
  const std::vector<float> x = test::gaussian(kRows * kCols, 4);
  const LayerNorm norm = someNorm();
  std::vector<float> normed(x.size());
  layerNorm(compute, {x.data(), kRows, kCols}, norm, {normed.data(), kRows, kCols});
  const Int8Tiles expected = quantized(compute, frame, {normed.data(), kRows, kCols});
  const Int8Tiles found = layerNormTiles(compute, frame, {x.data(), kRows, kCols}, norm);
  ASSERT_EQ(found.tiles(), expected.tiles());
  for (std::size_t i = 0; i < found.tiles(); ++i) {
    const Int8Tiles::Tile tile = expected.tile(i);
    ASSERT_EQ(found.tile(i).tokens, tile.tokens);
    const std::size_t blocks = tile.tokens * ((kCols + 31) / 32);
    for (std::size_t b = 0; b < blocks; ++b) {
      EXPECT_TRUE(std::ranges::equal(found.tile(i).blocks[b].values, tile.blocks[b].values));
      EXPECT_EQ(found.tile(i).blocks[b].scale, tile.blocks[b].scale);
      EXPECT_EQ(found.tile(i).blocks[b].sum, tile.blocks[b].sum);
    }
  }
}

TEST(RowOps, AddsRows) {
  Compute compute(2);
  const std::vector<float> term(kRows * kCols, 2.0f);
  std::vector<float> x(kRows * kCols, 1.0f);
  addRows(compute, {term.data(), kRows, kCols}, {x.data(), kRows, kCols});
  EXPECT_EQ(x, std::vector<float>(kRows * kCols, 3.0f));
}

}  // namespace
}  // namespace vl
