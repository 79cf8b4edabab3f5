#pragma once

#include <filesystem>

#include "inference/base/file_descriptor.h"
#include "inference/base/result.h"

namespace vl {

/// A folder that gets its name only when everything in it is complete and on the disk. Until then
/// it is a hidden sibling of that name; destroyed without commit(), it is removed with its content.
/// What a killed process left behind is found by the next one and removed. Movable.
class PartialFolder {
 public:
  PartialFolder(PartialFolder&& other) noexcept = default;
  PartialFolder& operator=(PartialFolder&&) = delete;
  ~PartialFolder();

  /// `destination` must not exist, or be an empty folder; its parent must exist.
  /// Errors: InvalidArgument (not so; another process is writing it), NotFound (parent), Io.
  static Result<PartialFolder> create(const std::filesystem::path& destination);

  /// Where to put the files.
  const std::filesystem::path& path() const { return path_; }

  /// Gives the folder its name. The files in it must be synced. Error: Io; it is then removed as if
  /// commit() had not been called.
  Status commit();

 private:
  PartialFolder() = default;

  std::filesystem::path destination_;
  std::filesystem::path path_;
  FileDescriptor folder_;  // open and locked while the partial folder is ours
};

}  // namespace vl
