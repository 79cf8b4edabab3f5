#pragma once

#include <atomic>
#include <string_view>

namespace vl {

/// Standard output, unbuffered, so that an answer is seen while it is written. Remembers the first
/// failure and writes nothing after it. Each call may come from another thread.
class Output {
 public:
  /// False when it failed, now or earlier.
  bool write(std::string_view text);
  /// errno of the first failure, 0 without one. EPIPE: whoever read it has gone.
  int error() const { return error_; }

 private:
  std::atomic<int> error_ = 0;
};

}  // namespace vl
