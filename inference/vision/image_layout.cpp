#include "inference/vision/image_layout.h"

#include <algorithm>
#include <cassert>

#include "inference/weights/weight_reader.h"

namespace vl {
namespace {

/// Fills `out` from the top, row after row.
class RowWriter {
 public:
  explicit RowWriter(MatrixView<float> out) : out_(out) {}

  void append(std::span<const float> row) {
    assert(row.size() == out_.cols());
    std::copy(row.begin(), row.end(), out_.row(next_++).begin());
  }
  void append(MatrixView<const float> rows) {
    for (std::size_t r = 0; r < rows.rows(); ++r) append(rows.row(r));
  }
  std::size_t written() const { return next_; }

 private:
  MatrixView<float> out_;
  std::size_t next_ = 0;
};

/// A grid of views as one picture: each of its token rows runs across all columns.
void appendGrid(std::span<const MatrixView<const float>> views, TileGrid grid, std::size_t side,
                std::span<const float> newline, RowWriter& writer) {
  for (std::size_t y = 0; y < grid.rows * side; ++y) {
    for (std::size_t column = 0; column < grid.columns; ++column) {
      const MatrixView<const float>& view = views[y / side * grid.columns + column];
      writer.append(view.middleRows(y % side * side, side));
    }
    writer.append(newline);
  }
}

}  // namespace

Result<LayoutVectors> LayoutVectors::load(Checkpoint& checkpoint, std::size_t nEmbed) {
  WeightReader reader(checkpoint, "");
  LayoutVectors vectors{.newline = reader.vector("image_newline", nEmbed),
                        .separator = reader.vector("view_seperator", nEmbed)};
  if (!reader.status()) return reader.status().error();
  return vectors;
}

void layoutImage(std::span<const MatrixView<const float>> views, TileGrid grid, std::size_t side,
                 const LayoutVectors& vectors, bool globalFirst, MatrixView<float> out) {
  assert(views.size() == 1 + grid.rows * grid.columns);
  RowWriter writer(out);
  const auto global = views.first(1);
  const auto tiles = views.subspan(1);
  if (globalFirst) {
    appendGrid(global, {}, side, vectors.newline, writer);
    writer.append(vectors.separator);
    appendGrid(tiles, grid, side, vectors.newline, writer);
  } else {
    appendGrid(tiles, grid, side, vectors.newline, writer);
    writer.append(vectors.separator);
    appendGrid(global, {}, side, vectors.newline, writer);
  }
  assert(writer.written() == out.rows());
}

}  // namespace vl
