#include "app/cli/interrupt.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <utility>

#include "app/cli/outcome.h"

namespace vl {
namespace {

// Of the 200 ms that an interrupted answer may take; the rest is for printing.
constexpr std::chrono::milliseconds kGrace{130};

// What a signal handler can reach; -1 while there is no Interrupt.
volatile std::sig_atomic_t writeEnd = -1;

extern "C" void onInterrupt(int) {
  const int saved = errno;
  const char byte = 'i';
  [[maybe_unused]] const ssize_t written = ::write(writeEnd, &byte, 1);
  errno = saved;
}

}  // namespace

Interrupt::Interrupt() {
  int ends[2];
  // Without a pipe (no descriptors left) Ctrl+C kills at once, as by default.
  if (::pipe2(ends, O_CLOEXEC) != 0) return;
  readEnd_ = ends[0];
  writeEnd = ends[1];
  thread_ = std::thread([this] { watch(); });
  struct sigaction action {};
  action.sa_handler = onInterrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);  // the second one kills
  ::sigaction(SIGINT, &action, nullptr);
}

Interrupt::~Interrupt() {
  if (!thread_.joinable()) return;
  std::signal(SIGINT, SIG_DFL);
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  const int end = std::exchange(writeEnd, -1);
  ::close(end);  // ends the read in watch()
  thread_.join();
  ::close(readEnd_);
}

void Interrupt::saveWith(std::function<void()> save) {
  const std::lock_guard lock(mutex_);
  save_ = std::move(save);
  givesUp_ = true;
}

void Interrupt::waitForEnd() {
  const std::lock_guard lock(mutex_);
  save_ = nullptr;
  givesUp_ = false;
}

void Interrupt::watch() {
  char byte = 0;
  ssize_t count = 0;
  do {
    count = ::read(readEnd_, &byte, 1);
  } while (count < 0 && errno == EINTR);
  if (count != 1) return;
  stop_.request_stop();
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kGrace, [this] { return ending_; });
  if (ending_ || !givesUp_) return;
  if (save_) save_();
  ::_exit(static_cast<int>(ExitCode::Interrupted));
}

}  // namespace vl
