#include "inference/weights/output_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "inference/weights/system_error.h"

namespace vl {
namespace {

// Bytes between two requests to store what was written. The last sync() and the removal of a
// cancelled file, which nothing can hurry, then have little left to do.
constexpr std::size_t kStoreInterval = std::size_t{8} << 20;

}  // namespace

Result<OutputFile> OutputFile::create(const std::filesystem::path& path, std::size_t bytes) {
  OutputFile output;
  output.path_ = path;
  output.file_ =
      FileDescriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!output.file_.isOpen()) return systemError(path, "create", errno);
  if (bytes > 0 && ::fallocate(output.file_.get(), 0, 0, static_cast<off_t>(bytes)) != 0 &&
      errno != EOPNOTSUPP && errno != ENOSYS) {
    return systemError(path, "reserve the space", errno);
  }
  return output;
}

Status OutputFile::writeAt(std::size_t offset, std::span<const std::byte> bytes) {
  unsyncedBytes_ += bytes.size();
  while (!bytes.empty()) {
    const ssize_t written =
        ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0) {
      if (errno == EINTR) continue;
      return systemError(path_, "write", errno);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::size_t>(written);
  }
  if (unsyncedBytes_ >= kStoreInterval) {
    // Waits for the previous request, starts the next, and gives up the cached copy of what is
    // stored: removing a file takes longer the more of it is cached. Hints only: errors show in
    // sync().
    ::sync_file_range(file_.get(), 0, 0, SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE);
    ::posix_fadvise(file_.get(), 0, 0, POSIX_FADV_DONTNEED);
    unsyncedBytes_ = 0;
  }
  return {};
}

Status OutputFile::sync() {
  if (::fsync(file_.get()) != 0) return systemError(path_, "write", errno);
  return {};
}

Status writeNewFile(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  Result<OutputFile> file = OutputFile::create(path, bytes.size());
  if (!file) return file.error();
  if (Status written = file->writeAt(0, bytes); !written) return written;
  return file->sync();
}

}  // namespace vl
