#include "inference/documents/page_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace vl {
namespace {

constexpr int kLookMs = 50;  // how often a waiting call looks at its stop token

struct FileActions {
  FileActions() { posix_spawn_file_actions_init(&actions); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  posix_spawn_file_actions_t actions{};
};

/// A process group of its own: Ctrl+C is for the program, which then ends its helper. Signals are
/// as in a fresh process.
struct Attributes {
  Attributes() {
    posix_spawnattr_init(&attributes);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  posix_spawnattr_t attributes{};
};

Error systemFailure(const std::string& what, int reason) {
  return {reason == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
          what + ": " + std::generic_category().message(reason) + "."};
}

Error died() { return {ErrorCode::Corrupt, "it is damaged or needs too much memory"}; }

}  // namespace

/// One request and its answer, with the time they may take.
class PageProcess::Exchange {
 public:
  Exchange(int socket, std::chrono::milliseconds time, const std::stop_token& stop)
      : socket_(socket), end_(Clock::now() + time), time_(time), stop_(stop) {}

  Status send(const void* data, std::size_t size) {
    return transfer(POLLOUT, size, [&](std::size_t done) {
      return ::send(socket_, static_cast<const char*>(data) + done, size - done,
                    MSG_NOSIGNAL | MSG_DONTWAIT);
    });
  }

  Status receive(void* data, std::size_t size) {
    return transfer(POLLIN, size, [&](std::size_t done) {
      return ::recv(socket_, static_cast<char*>(data) + done, size - done, MSG_DONTWAIT);
    });
  }

 private:
  using Clock = std::chrono::steady_clock;

  template <typename Step>
  Status transfer(short direction, std::size_t size, Step step) {
    std::size_t done = 0;
    while (done < size) {
      if (Status ready = wait(direction); !ready) return ready;
      const ssize_t count = step(done);
      if (count > 0) {
        done += static_cast<std::size_t>(count);
      } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
        return died();
      }
    }
    return {};
  }

  Status wait(short direction) {
    pollfd waited{socket_, direction, 0};
    while (::poll(&waited, 1, kLookMs) <= 0) {
      if (stop_.stop_requested()) return Error{ErrorCode::Cancelled, "Stopped."};
      if (Clock::now() > end_) {
        return Error{ErrorCode::Corrupt,
                     "it took longer than " + std::to_string(time_.count() / 1000) + " s"};
      }
    }
    return {};
  }

  int socket_;
  Clock::time_point end_;
  std::chrono::milliseconds time_;
  const std::stop_token& stop_;
};

Result<PageProcess> PageProcess::start(const std::filesystem::path& program,
                                       const FileDescriptor& document) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return systemFailure("A connection to vl2-pages cannot be made", errno);
  }
  FileDescriptor own(ends[0]);
  const FileDescriptor theirs(ends[1]);
  FileActions files;
  // Away from the numbers they will have first, so that none is overwritten before it was copied.
  const int spare = std::max({theirs.get(), document.get(), kPagesDocument}) + 1;
  posix_spawn_file_actions_adddup2(&files.actions, document.get(), spare);
  posix_spawn_file_actions_adddup2(&files.actions, theirs.get(), kPagesSocket);
  posix_spawn_file_actions_adddup2(&files.actions, spare, kPagesDocument);
  posix_spawn_file_actions_addopen(&files.actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files.actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&files.actions, kPagesDocument + 1);

  const Attributes attributes;
  std::string name = program.string();
  std::array<char*, 2> arguments{name.data(), nullptr};
  pid_t child = 0;
  const int failure = ::posix_spawn(&child, name.c_str(), &files.actions, &attributes.attributes,
                                    arguments.data(), environ);
  if (failure != 0) return systemFailure(name + ", which reads documents, cannot run", failure);
  return PageProcess(child, std::move(own));
}

Result<PageAnswer> PageProcess::ask(const PageRequest& request, std::string_view password,
                                    std::uint64_t mostPayload, std::chrono::milliseconds time,
                                    const std::stop_token& stop) {
  if (!isRunning()) return died();
  Exchange exchange(socket_.get(), time, stop);
  PageAnswer answer;
  Status done = exchange.send(&request, sizeof request);
  if (done) done = exchange.send(password.data(), password.size());
  if (done) done = exchange.receive(&answer.reply, sizeof answer.reply);
  if (done && answer.reply.payloadBytes > mostPayload) done = died();
  if (done) {
    answer.payload.resize(static_cast<std::size_t>(answer.reply.payloadBytes));
    done = exchange.receive(answer.payload.data(), answer.payload.size());
  }
  if (done) return answer;
  kill();
  return done.error();
}

void PageProcess::kill() {
  if (child_ == 0) return;
  ::kill(child_, SIGKILL);
  while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
  child_ = 0;
}

}  // namespace vl
