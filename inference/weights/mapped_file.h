#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "inference/base/result.h"

namespace vl {

/// A whole file mapped read-only. Movable, not copyable; bytes() stays valid across moves.
/// The file must not shrink while it is mapped: the system answers a read past its end with SIGBUS.
class MappedFile {
 public:
  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  /// Errors: NotFound, Io (not a regular file, cannot be mapped). An empty file maps to no bytes.
  static Result<MappedFile> open(const std::filesystem::path& path);

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

/// Takes the pages that hold a part of a mapped file out of the process; the next read fetches them
/// again. For passes over files larger than the memory that may be used.
void releasePages(std::span<const std::byte> bytes);

}  // namespace vl
