#include "inference/weights/tensor_converter.h"

#include <algorithm>
#include <string>
#include <utility>

#include "inference/tensor/quantize.h"
#include "inference/tensor/to_float.h"
#include "inference/tensor/weight_matrix.h"
#include "inference/weights/mapped_file.h"
#include "inference/weights/quoted_text.h"

namespace vl {
namespace {

constexpr std::size_t kPieceValues = std::size_t{1} << 18;  // of a row; a multiple of the block
// Written at once, and read between two looks at the stop token.
constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
// The system maps files in units of up to 2 MiB, so a read also brings back pages released before
// it. Releasing a window behind the reader again keeps those from adding up.
constexpr std::size_t kReleaseWindow = std::size_t{16} << 20;
static_assert(kPieceValues % kQ8BlockSize == 0);

/// Collects small pieces that follow each other in a file into large writes.
class RegionWriter {
 public:
  RegionWriter(OutputFile& file, std::size_t offset) : file_(file), offset_(offset) {}

  Status append(std::span<const std::byte> bytes) {
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    return buffer_.size() < kPieceBytes ? Status{} : flush();
  }

  Status flush() {
    Status written = file_.writeAt(offset_, buffer_);
    offset_ += buffer_.size();
    buffer_.clear();
    return written;
  }

 private:
  OutputFile& file_;
  std::size_t offset_;
  std::vector<std::byte> buffer_;
};

}  // namespace

TensorConverter::TensorConverter(const ConvertProgress& progress, std::stop_token stop,
                                 std::size_t totalBytes)
    : progress_(progress),
      stop_(std::move(stop)),
      totalBytes_(totalBytes),
      weights_(kPieceValues),
      values_(kPieceValues),
      scales_(kPieceValues / kQ8BlockSize) {}

Status TensorConverter::convert(const PlannedTensor& tensor, OutputFile& file) {
  Status done = tensor.scales ? quantize(tensor, file) : copy(tensor, file);
  if (done || done.error().code == ErrorCode::Io || done.error().code == ErrorCode::Cancelled) {
    return done;
  }
  return Error{done.error().code,
               "tensor " + quotedText(tensor.source->name) + ": " + done.error().what};
}

Status TensorConverter::copy(const PlannedTensor& tensor, OutputFile& file) {
  const std::span<const std::byte> bytes = tensor.source->bytes;
  for (std::size_t begin = 0; begin < bytes.size(); begin += kPieceBytes) {
    const auto piece = bytes.subspan(begin, std::min(kPieceBytes, bytes.size() - begin));
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
  const std::size_t elementBytes = sizeOf(source.dtype);
  RegionWriter valueRegion(file, tensor.values.offset);
  RegionWriter scaleRegion(file, tensor.scales->offset);

  std::size_t advancedTo = 0;  // source bytes
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t col = 0; col < cols; col += kPieceValues) {
      const std::size_t count = std::min(kPieceValues, cols - col);
      const std::size_t begin = (row * cols + col) * elementBytes;
      const std::size_t end = begin + count * elementBytes;
      const std::span weights(weights_.data(), count);
      const std::span values(values_.data(), count);
      const std::span scales(scales_.data(), q8BlocksPerRow(count));
      toFloat(source.dtype, source.bytes.subspan(begin, end - begin), weights);
      if (Status quantized = quantizeRowQ8(weights, values, scales); !quantized) return quantized;
      if (Status valuesWritten = valueRegion.append(std::as_bytes(values)); !valuesWritten)
        return valuesWritten;
      if (Status scalesWritten = scaleRegion.append(std::as_bytes(scales)); !scalesWritten)
        return scalesWritten;

      if (end - advancedTo >= kPieceBytes || end == source.bytes.size()) {
        if (Status advanced = advance(source.bytes.subspan(advancedTo, end - advancedTo));
            !advanced)
          return advanced;
        advancedTo = end;
      }
    }
  }
  if (Status valuesWritten = valueRegion.flush(); !valuesWritten) return valuesWritten;
  return scaleRegion.flush();
}

Status TensorConverter::advance(std::span<const std::byte> done) {
  const bool follows = released_.data() + released_.size() == done.data();
  released_ = follows ? std::span(released_.data(), released_.size() + done.size()) : done;
  if (released_.size() > kReleaseWindow) released_ = released_.last(kReleaseWindow);
  releasePages(released_);
  doneBytes_ += done.size();
  if (progress_) progress_(doneBytes_, totalBytes_);
  if (stop_.stop_requested()) {
    return Error{ErrorCode::Cancelled, "the conversion was stopped"};
  }
  return {};
}

}  // namespace vl
