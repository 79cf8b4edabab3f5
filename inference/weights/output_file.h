#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "inference/base/file_descriptor.h"
#include "inference/base/result.h"

namespace vl {

/// A new file of a size known in advance, written at any offset. Movable; one thread at a time.
class OutputFile {
 public:
  /// Reserves the space where the file system can, so that a full disk shows before the work.
  /// Error: Io, also when the path already exists.
  static Result<OutputFile> create(const std::filesystem::path& path, std::size_t bytes);

  /// Requires offset + bytes.size() <= the size given to create(). Error: Io (full disk, limits).
  Status writeAt(std::size_t offset, std::span<const std::byte> bytes);

  /// Puts everything on the disk. Error: Io; the file must then not be used.
  Status sync();

 private:
  std::filesystem::path path_;
  FileDescriptor file_;
  std::size_t unsyncedBytes_ = 0;  // written since the system was last told to store
};

/// Creates a file with these contents and puts it on the disk. Error: as of OutputFile.
Status writeNewFile(const std::filesystem::path& path, std::span<const std::byte> bytes);

}  // namespace vl
