#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "inference/base/result.h"
#include "inference/kernels/compute.h"
#include "inference/weights/conversion_plan.h"
#include "inference/weights/convert.h"
#include "inference/weights/output_file.h"

namespace vl {

/// Writes the planned tensors one after another. Works on pieces of some rows on all threads, so
/// that its memory is a few megabytes whatever the shapes, and takes the source's pages out of the
/// process behind it. The result does not depend on the number of threads. Compute, progress
/// function and stop token must outlive it. One caller at a time.
class TensorConverter {
 public:
  TensorConverter(Compute& compute, const ConvertProgress& progress, std::stop_token stop,
                  std::size_t totalBytes);

  /// Errors: Corrupt and Unsupported (a weight that the type cannot hold), Io, Cancelled.
  Status convert(const PlannedTensor& tensor, OutputFile& file);

 private:
  /// Some columns of one row, or of the rows of one panel, and where their elements go in the
  /// batch's buffers: those of consecutive pieces follow each other, as they do in the file.
  struct Piece {
    std::size_t row;
    std::size_t rows;
    std::size_t col;
    std::size_t cols;
    std::size_t valueOffset;
    std::size_t scaleOffset;
  };

  Status copy(const PlannedTensor& tensor, OutputFile& file);
  Status quantize(const PlannedTensor& tensor, OutputFile& file);
  /// Quantises the pieces of batch_ into the buffers.
  Status quantizeBatch(const PlannedTensor& tensor);
  Status quantizePiece(const PlannedTensor& tensor, const Piece& piece, std::span<float> weights);
  /// Counts source bytes as done, releases them and looks at the stop token.
  Status advance(std::span<const std::byte> done);

  Compute& compute_;
  const ConvertProgress& progress_;
  std::stop_token stop_;
  std::size_t doneBytes_ = 0;
  std::size_t totalBytes_;
  std::span<const std::byte> released_;  // the last stretch of source bytes, a window's length
  // One batch; each thread writes the elements of its own pieces.
  std::vector<Piece> batch_;
  std::vector<std::uint8_t> values_;
  std::vector<std::uint16_t> scales_;
  std::vector<std::uint16_t> minimums_;
};

}  // namespace vl
