#include "storage/store_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace vl {

namespace {

Error lockError(const std::filesystem::path& file) {
  return {ErrorCode::Io, "The history folder " + file.parent_path().string() +
                             " cannot be used: " + file.filename().string() + ": " +
                             std::generic_category().message(errno) + "."};
}

bool flockUninterrupted(int descriptor, int operation) {
  int code = 0;
  do {
    code = ::flock(descriptor, operation);
  } while (code != 0 && errno == EINTR);
  return code == 0;
}

}  // namespace

Result<StoreLock> StoreLock::acquire(const std::filesystem::path& file) {
  FileDescriptor descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!descriptor.isOpen()) return lockError(file);
  if (flockUninterrupted(descriptor.get(), LOCK_EX | LOCK_NB)) {
    return StoreLock(std::move(descriptor), true);
  }
  if (errno != EWOULDBLOCK || !flockUninterrupted(descriptor.get(), LOCK_SH)) {
    return lockError(file);
  }
  return StoreLock(std::move(descriptor), false);
}

Status StoreLock::share() {
  if (!exclusive_) return {};
  if (!flockUninterrupted(file_.get(), LOCK_SH)) {
    return Error{ErrorCode::Io, "The lock of the history cannot be shared: " +
                                    std::generic_category().message(errno) + "."};
  }
  exclusive_ = false;
  return {};
}

}  // namespace vl
