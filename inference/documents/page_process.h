#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "inference/base/file_descriptor.h"
#include "inference/base/result.h"
#include "inference/documents/page_protocol.h"

namespace vl {

struct PageAnswer {
  PageReply reply;
  std::vector<std::uint8_t> payload;
};

/// A running vl2-pages, which reads one document. What a hostile document does to it (crash, fill
/// its memory, never end) stays there: the process is killed, and the call returns an error.
/// One thread at a time; any thread.
class PageProcess {
 public:
  /// Error: NotFound (no such program), Io.
  static Result<PageProcess> start(const std::filesystem::path& program,
                                   const FileDescriptor& document);

  PageProcess(PageProcess&& other) noexcept
      : child_(std::exchange(other.child_, 0)), socket_(std::move(other.socket_)) {}
  PageProcess& operator=(PageProcess&&) = delete;
  ~PageProcess() { kill(); }

  bool isRunning() const { return child_ != 0; }

  /// Sends a request and waits for its answer, of at most `mostPayload` bytes. After an error the
  /// process is gone. Errors: Cancelled; Corrupt (it crashed, took longer than `time`, or spoke
  /// nonsense), without a word about the document.
  Result<PageAnswer> ask(const PageRequest& request, std::string_view password,
                         std::uint64_t mostPayload, std::chrono::milliseconds time,
                         const std::stop_token& stop);

 private:
  PageProcess(pid_t child, FileDescriptor socket) : child_(child), socket_(std::move(socket)) {}

  class Exchange;
  void kill();

  pid_t child_;  // 0: none any more
  FileDescriptor socket_;
};

}  // namespace vl
