#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>

namespace vl {

/// A child process that runs `work` until it is killed. The child reports a number through a pipe
/// after each thing it has done; a report that has arrived is a promise.
class Victim {
 public:
  template <typename Work>
  explicit Victim(Work work) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("pipe");
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("fork");
    if (pid_ == 0) {
      ::close(ends[0]);
      work([end = ends[1]](std::int64_t number) {
        if (::write(end, &number, sizeof number) != sizeof number) ::_exit(2);
      });
      ::_exit(3);
    }
    ::close(ends[1]);
    reports_ = ends[0];
  }
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;
  ~Victim() {
    kill();
    ::close(reports_);
  }

  /// Waits for a report. Fails the test when the child has ended by itself.
  std::int64_t nextReport() {
    std::int64_t number = 0;
    if (::read(reports_, &number, sizeof number) != sizeof number) {
      throw std::runtime_error("the child has ended by itself");
    }
    return number;
  }

  /// kill -9; returns the last report that was made before, or `number`.
  std::int64_t killAfter(std::int64_t number) {
    kill();
    std::int64_t report = 0;
    while (::read(reports_, &report, sizeof report) == sizeof report) number = report;
    return number;
  }

 private:
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

  pid_t pid_ = 0;
  int reports_ = -1;
};

}  // namespace vl
