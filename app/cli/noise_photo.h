#pragma once

#include <cstdint>
#include <filesystem>
#include <utility>

#include "inference/base/file_descriptor.h"
#include "inference/base/result.h"

namespace vl {

/// A picture of noise that looks like a file and lies in memory only, so that nothing stays behind
/// when the process is killed. Two seeds give two pictures, which no cache takes for the same.
class NoisePhoto {
 public:
  /// Error: Io.
  static Result<NoisePhoto> make(int width, int height, std::uint32_t seed);

  /// To be opened by this process, while the photo lives.
  std::filesystem::path path() const;

 private:
  explicit NoisePhoto(FileDescriptor file) : file_(std::move(file)) {}

  FileDescriptor file_;
};

}  // namespace vl
