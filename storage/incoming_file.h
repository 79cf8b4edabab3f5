#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "inference/base/file_descriptor.h"
#include "inference/base/result.h"

namespace vl {

/// A file being written under a temporary name. It is removed again unless it gets its real name,
/// so that a file with a real name is always whole.
class IncomingFile {
 public:
  /// Creates an empty file, and the folder when it is missing; on the same file system as the later
  /// name. Error: Io.
  static Result<IncomingFile> create(const std::filesystem::path& folder);

  IncomingFile(IncomingFile&& other) noexcept;
  IncomingFile& operator=(IncomingFile&&) = delete;
  ~IncomingFile();

  /// Error: Io (full disk).
  Status write(std::span<const std::byte> data);

  /// Puts content, name and the folders on the way to it on the disk; creates the target's folder
  /// when it is missing. Replaces an existing file in one step. Error: Io.
  Status moveTo(const std::filesystem::path& target);

 private:
  IncomingFile(FileDescriptor descriptor, std::string path);

  FileDescriptor descriptor_;
  std::string path_;  // empty once it has its name
};

}  // namespace vl
