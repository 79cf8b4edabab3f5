#include "app/cli/output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace vl {

Status Output::sendTo(const std::filesystem::path& file) {
  FileDescriptor opened(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
  if (!opened.isOpen()) {
    return Error{ErrorCode::Io, file.string() + " cannot be written: " +
                                    std::generic_category().message(errno) + "."};
  }
  file_ = std::move(opened);
  return {};
}

bool Output::write(std::string_view text) {
  const int target = file_.isOpen() ? file_.get() : STDOUT_FILENO;
  const bool isFirst = isFresh_.exchange(false);
  if (isFirst && file_.isOpen() && ::ftruncate(target, 0) != 0 && errno != EINVAL) error_ = errno;
  while (!text.empty() && error_ == 0) {
    const ssize_t written = ::write(target, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
  return error_ == 0;
}

}  // namespace vl
