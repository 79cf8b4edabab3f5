#pragma once

#include <atomic>
#include <filesystem>
#include <string_view>

#include "inference/base/file_descriptor.h"
#include "inference/base/result.h"

namespace vl {

/// Standard output or a file in its place, unbuffered, so that an answer is seen while it is
/// written. Remembers the first failure and writes nothing after it. Each call of write() may come
/// from another thread.
class Output {
 public:
  /// From now on into this file, which keeps what it has until the first write. Error: Io.
  Status sendTo(const std::filesystem::path& file);

  /// False when it failed, now or earlier.
  bool write(std::string_view text);
  /// errno of the first failure, 0 without one. EPIPE: whoever read it has gone.
  int error() const { return error_; }

 private:
  std::atomic<int> error_ = 0;
  FileDescriptor file_;               // none: standard output
  std::atomic<bool> isFresh_ = true;  // nothing has been written
};

}  // namespace vl
