#pragma once

#include <cstdint>
#include <filesystem>

#include "inference/base/result.h"

namespace vl {

/// A picture of noise that looks like a file and lies in memory only, so that nothing stays behind
/// when the process is killed. Two seeds give two pictures, which no cache takes for the same.
class NoisePhoto {
 public:
  /// Error: Io.
  static Result<NoisePhoto> make(int width, int height, std::uint32_t seed);
  NoisePhoto(NoisePhoto&& other) noexcept;
  NoisePhoto& operator=(NoisePhoto&&) = delete;
  ~NoisePhoto();

  /// To be opened by this process, while the photo lives.
  std::filesystem::path path() const;

 private:
  explicit NoisePhoto(int file) : file_(file) {}

  int file_;
};

}  // namespace vl
