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
  enum class Use {
    History,  // for its owner only, and under its name for certain once moveTo has succeeded
    Export,   // as a file of any program: its mode is that of the file it replaces, or the usual
  };

  /// Creates an empty file, and the folder when it is missing; on the same file system as the later
  /// name. Error: Io.
  static Result<IncomingFile> create(const std::filesystem::path& folder, Use use);

  IncomingFile(IncomingFile&& other) noexcept;
  IncomingFile& operator=(IncomingFile&&) = delete;
  ~IncomingFile();

  /// Error: Io (full disk).
  Status write(std::span<const std::byte> data);

  /// Puts content, name and the folders on the way to it on the disk; creates the target's folder
  /// when it is missing. Replaces an existing file in one step. Error: Io; not of an Export that
  /// has its name, where the folders may belong to others.
  Status moveTo(const std::filesystem::path& target);

 private:
  IncomingFile(FileDescriptor descriptor, std::string path, Use use);

  FileDescriptor descriptor_;
  std::string path_;  // empty once it has its name
  Use use_;
};

}  // namespace vl
