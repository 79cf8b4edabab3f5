#pragma once

#include <unistd.h>

#include <utility>

namespace vl {

/// Owns a POSIX file descriptor; empty() when there is none.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  FileDescriptor(FileDescriptor&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, kNone)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FileDescriptor() {
    if (!empty()) ::close(descriptor_);
  }

  bool empty() const { return descriptor_ == kNone; }
  int get() const { return descriptor_; }

 private:
  static constexpr int kNone = -1;
  int descriptor_ = kNone;
};

}  // namespace vl
