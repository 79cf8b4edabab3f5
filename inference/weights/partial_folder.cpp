#include "inference/weights/partial_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>
#include <vector>

#include "inference/weights/system_error.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

/// Without the trailing slash that would make the last name empty.
fs::path withoutTrailingSlash(const fs::path& path) {
  return path.has_filename() ? path : path.parent_path();
}

Status checkDestination(const fs::path& destination) {
  std::error_code error;
  const fs::file_status status = fs::status(destination, error);
  if (fs::exists(status) && !(fs::is_directory(status) && fs::is_empty(destination, error))) {
    return Error{ErrorCode::InvalidArgument,
                 destination.string() + ": already exists and is not an empty folder"};
  }
  if (!fs::is_directory(fs::absolute(destination).parent_path(), error)) {
    return Error{ErrorCode::NotFound,
                 destination.string() + ": the folder that should hold it does not exist"};
  }
  return {};
}

/// False when another process removed or renamed the folder between our opening and locking it.
bool isStillNamed(int folder, const fs::path& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(folder, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/// Removes what a killed process left.
Status removeContent(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> leftovers;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    leftovers.push_back(entry->path());
  }
  for (const fs::path& leftover : leftovers) {
    if (!error) fs::remove_all(leftover, error);
  }
  if (error) return systemError(folder, "clear the folder", error.value());
  return {};
}

}  // namespace

Result<PartialFolder> PartialFolder::create(const fs::path& destination) {
  const fs::path target = withoutTrailingSlash(destination);
  if (const Status usable = checkDestination(target); !usable) return usable.error();
  fs::path hiddenName(".");
  hiddenName += target.filename();
  hiddenName += ".vl2-partial";
  const fs::path path = fs::absolute(target).parent_path() / hiddenName;
  if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) {
    return systemError(path, "create the folder", errno);
  }
  FileDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder.isOpen()) return systemError(path, "open", errno);
  // The lock tells a running writer from a dead one. File systems without locks have no such check.
  const bool busy = ::flock(folder.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  if (busy || !isStillNamed(folder.get(), path)) {
    return Error{ErrorCode::InvalidArgument,
                 target.string() + ": another process is writing this folder"};
  }

  PartialFolder partial;
  partial.destination_ = target;
  partial.path_ = path;
  partial.folder_ = std::move(folder);
  if (const Status cleared = removeContent(path); !cleared) return cleared.error();
  return partial;
}

PartialFolder::~PartialFolder() {
  if (!folder_.isOpen()) return;
  std::error_code ignored;  // nobody is left to tell; the next conversion tries again
  fs::remove_all(path_, ignored);
}

Status PartialFolder::commit() {
  if (::fsync(folder_.get()) != 0) return systemError(path_, "write", errno);
  // Replaces an empty folder, fails on any other.
  if (::rename(path_.c_str(), destination_.c_str()) != 0) {
    return systemError(destination_, "create", errno);
  }
  folder_ = FileDescriptor();
  const fs::path parent = path_.parent_path();
  const FileDescriptor parentFolder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!parentFolder.isOpen() || ::fsync(parentFolder.get()) != 0) {
    return systemError(parent, "write", errno);
  }
  return {};
}

}  // namespace vl
