#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "inference/base/result.h"
#include "inference/weights/conversion_plan.h"
#include "inference/weights/convert.h"
#include "inference/weights/output_file.h"

namespace vl {

/// Writes the planned tensors one after another. Works on pieces of a row, so that its memory is a
/// few megabytes whatever the shapes, and takes the source's pages out of the process behind it.
/// The progress function and the stop token must outlive it. One thread at a time.
class TensorConverter {
 public:
  TensorConverter(const ConvertProgress& progress, std::stop_token stop, std::size_t totalBytes);

  /// Errors: Corrupt and Unsupported (a weight q8_0 cannot hold), Io, Cancelled.
  Status convert(const PlannedTensor& tensor, OutputFile& file);

 private:
  Status copy(const PlannedTensor& tensor, OutputFile& file);
  Status quantize(const PlannedTensor& tensor, OutputFile& file);
  /// Counts source bytes as done, releases them and looks at the stop token.
  Status advance(std::span<const std::byte> done);

  const ConvertProgress& progress_;
  std::stop_token stop_;
  std::size_t doneBytes_ = 0;
  std::size_t totalBytes_;
  std::span<const std::byte> released_;  // the last stretch of source bytes, a window's length
  // Scratch for one piece of a row.
  std::vector<float> weights_;
  std::vector<std::int8_t> values_;
  std::vector<std::uint16_t> scales_;
};

}  // namespace vl
