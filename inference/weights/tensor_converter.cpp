#include "inference/weights/tensor_converter.h"

#include <algorithm>
#include <string>
#include <utility>

#include "inference/tensor/panels.h"
#include "inference/tensor/quantize.h"
#include "inference/tensor/to_float.h"
#include "inference/tensor/weight_matrix.h"
#include "inference/weights/mapped_file.h"
#include "inference/weights/quoted_text.h"
#include "inference/weights/region_writer.h"

namespace vl {
namespace {

// Weights of one piece; pieces of several rows are whole blocks wide.
constexpr std::size_t kPieceValues = std::size_t{1} << 18;
static_assert(kPieceValues / kPanelRows % kBlockSize == 0);
// Weights quantised between two looks at the stop token.
constexpr std::size_t kBatchValues = std::size_t{1} << 19;
// Written at once where elements are only copied.
constexpr std::size_t kCopyBytes = std::size_t{1} << 20;
// The system maps files in units of up to 2 MiB, so a read also brings back pages released before
// it. Releasing a window behind the reader again keeps those from adding up.
constexpr std::size_t kReleaseWindow = std::size_t{16} << 20;

std::size_t rowsPerPiece(WeightType type) { return isPanels(type) ? kPanelRows : 1; }

/// Bytes of the values of a piece; in rows, the last block has no padding.
std::size_t valueBytes(WeightType type, std::size_t cols) {
  return isPanels(type) ? blocksPerRow(cols) * panelBlockBytes(type) : cols;
}

template <typename T>
Status append(RegionWriter& region, const std::vector<T>& elements) {
  return region.append(std::as_bytes(std::span(elements)));
}

}  // namespace

TensorConverter::TensorConverter(Compute& compute, const ConvertProgress& progress,
                                 std::stop_token stop, std::size_t totalBytes)
    : compute_(compute), progress_(progress), stop_(std::move(stop)), totalBytes_(totalBytes) {}

Status TensorConverter::convert(const PlannedTensor& tensor, OutputFile& file) {
  Status done = tensor.type ? quantize(tensor, file) : copy(tensor, file);
  if (done || done.error().code == ErrorCode::Io || done.error().code == ErrorCode::Cancelled) {
    return done;
  }
  return Error{done.error().code,
               "tensor " + quotedText(tensor.source->name) + ": " + done.error().what};
}

Status TensorConverter::copy(const PlannedTensor& tensor, OutputFile& file) {
  const std::span<const std::byte> bytes = tensor.source->bytes;
  for (std::size_t begin = 0; begin < bytes.size(); begin += kCopyBytes) {
    const auto piece = bytes.subspan(begin, std::min(kCopyBytes, bytes.size() - begin));
    if (Status written = file.writeAt(tensor.values.offset + begin, piece); !written)
      return written;
    if (Status advanced = advance(piece); !advanced) return advanced;
  }
  return {};
}

Status TensorConverter::quantize(const PlannedTensor& tensor, OutputFile& file) {
  const StoredTensor& source = *tensor.source;
  const std::size_t rows = source.shape[0];
  const std::size_t cols = source.shape[1];
  const std::size_t rowBytes = cols * sizeOf(source.dtype);
  const std::size_t pieceRows = rowsPerPiece(*tensor.type);
  const std::size_t pieceCols = kPieceValues / pieceRows;
  RegionWriter valueRegion(file, tensor.values.offset);
  RegionWriter scaleRegion(file, tensor.scales->offset);
  RegionWriter minimumRegion(file, tensor.minimums ? tensor.minimums->offset : 0);

  std::size_t advancedTo = 0;  // source bytes
  for (std::size_t row = 0, col = 0; row < rows;) {
    batch_.clear();
    values_.clear();
    scales_.clear();
    for (std::size_t weights = 0; row < rows && weights < kBatchValues;) {
      const Piece piece{.row = row,
                        .rows = std::min(pieceRows, rows - row),
                        .col = col,
                        .cols = std::min(pieceCols, cols - col),
                        .valueOffset = values_.size(),
                        .scaleOffset = scales_.size()};
      values_.resize(values_.size() + valueBytes(*tensor.type, piece.cols));
      scales_.resize(scales_.size() + blocksPerRow(piece.cols) * pieceRows);
      batch_.push_back(piece);
      weights += piece.rows * piece.cols;
      col += piece.cols;
      if (col == cols) {
        col = 0;
        row += piece.rows;
      }
    }
    minimums_.resize(tensor.minimums ? scales_.size() : 0);
    if (Status quantized = quantizeBatch(tensor); !quantized) return quantized;
    if (Status added = append(valueRegion, values_); !added) return added;
    if (Status added = append(scaleRegion, scales_); !added) return added;
    if (Status added = append(minimumRegion, minimums_); !added) return added;
    const std::size_t end = row * rowBytes;  // of whole rows
    if (Status advanced = advance(source.bytes.subspan(advancedTo, end - advancedTo)); !advanced)
      return advanced;
    advancedTo = end;
  }
  for (RegionWriter* region : {&valueRegion, &scaleRegion, &minimumRegion}) {
    if (Status flushed = region->flush(); !flushed) return flushed;
  }
  return {};
}

Status TensorConverter::quantizeBatch(const PlannedTensor& tensor) {
  std::vector<Status> done(batch_.size());
  compute_.parallelFor(
      batch_.size(), 1, [&](std::size_t begin, std::size_t end, std::size_t thread) {
        for (std::size_t i = begin; i < end; ++i) {
          const Piece& piece = batch_[i];
          done[i] = quantizePiece(tensor, piece, compute_.scratch(thread, piece.rows * piece.cols));
        }
      });
  for (Status& status : done) {
    if (!status) return std::move(status);
  }
  return {};
}

Status TensorConverter::quantizePiece(const PlannedTensor& tensor, const Piece& piece,
                                      std::span<float> weights) {
  const StoredTensor& source = *tensor.source;
  const std::size_t elementBytes = sizeOf(source.dtype);
  const MatrixView<float> rows(weights.data(), piece.rows, piece.cols);
  for (std::size_t r = 0; r < piece.rows; ++r) {
    const std::size_t first = (piece.row + r) * source.shape[1] + piece.col;
    toFloat(source.dtype, source.bytes.subspan(first * elementBytes, piece.cols * elementBytes),
            rows.row(r));
  }
  const std::size_t blocks = blocksPerRow(piece.cols);
  std::uint8_t* values = values_.data() + piece.valueOffset;
  std::uint16_t* scales = scales_.data() + piece.scaleOffset;
  if (!isPanels(*tensor.type)) {
    return quantizeRowQ8(rows.row(0), {reinterpret_cast<std::int8_t*>(values), piece.cols},
                         {scales, blocks});
  }
  const std::size_t scaleCount = blocks * kPanelRows;
  PanelSpan panel{{values, blocks * panelBlockBytes(*tensor.type)}, {scales, scaleCount}, {}};
  if (tensor.minimums) panel.minimums = {minimums_.data() + piece.scaleOffset, scaleCount};
  return quantizePanel(*tensor.type, rows, panel);
}

Status TensorConverter::advance(std::span<const std::byte> done) {
  const bool follows = released_.data() + released_.size() == done.data();
  released_ = follows ? std::span(released_.data(), released_.size() + done.size()) : done;
  const std::size_t window = std::max(kReleaseWindow, done.size());
  if (released_.size() > window) released_ = released_.last(window);
  releasePages(released_);
  doneBytes_ += done.size();
  if (progress_) progress_(doneBytes_, totalBytes_);
  if (stop_.stop_requested()) {
    return Error{ErrorCode::Cancelled, "the conversion was stopped"};
  }
  return {};
}

}  // namespace vl
