#pragma once

#include <filesystem>
#include <utility>

#include "inference/base/file_descriptor.h"
#include "inference/base/result.h"

namespace vl {

/// Says who has a store open, across processes: an flock(2) on a file of its own, which the kernel
/// gives up when a process dies, however it dies.
class StoreLock {
 public:
  /// Exclusive when no other lock on the file exists, shared otherwise. Waits while another holder
  /// is exclusive, which it is only while it opens the store.
  /// Error: Io (the file cannot be created: read-only folder, full disk).
  static Result<StoreLock> acquire(const std::filesystem::path& file);

  bool exclusive() const { return exclusive_; }
  /// Lets others in. No effect on a shared lock.
  Status share();

 private:
  StoreLock(FileDescriptor file, bool exclusive) : file_(std::move(file)), exclusive_(exclusive) {}

  FileDescriptor file_;  // closing it gives the lock up
  bool exclusive_;
};

}  // namespace vl
