#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "inference/base/result.h"
#include "inference/weights/output_file.h"

namespace vl {

/// Collects small pieces that follow each other in a file into writes of about a megabyte. The file
/// must outlive it; call flush() at the end.
class RegionWriter {
 public:
  RegionWriter(OutputFile& file, std::size_t offset) : file_(file), offset_(offset) {}

  /// Error: Io.
  Status append(std::span<const std::byte> bytes) {
    constexpr std::size_t kWriteBytes = std::size_t{1} << 20;
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    return buffer_.size() < kWriteBytes ? Status{} : flush();
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

}  // namespace vl
