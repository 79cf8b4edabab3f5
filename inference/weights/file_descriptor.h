#pragma once

#include <filesystem>
#include <utility>

#include "inference/base/result.h"

namespace vl {

/// Owns a POSIX file descriptor and closes it.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, kNone)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor();

  int get() const { return fd_; }
  bool isOpen() const { return fd_ >= 0; }

 private:
  static constexpr int kNone = -1;  // what open() returns on failure
  int fd_ = kNone;
};

/// "PATH: cannot ACTION: REASON" for an errno value: NotFound when the path does not exist, else
/// Io.
Error systemError(const std::filesystem::path& path, const char* action, int code);

}  // namespace vl
