#include "storage/incoming_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace vl {

namespace fs = std::filesystem;

namespace {

Error writeError(const fs::path& folder, std::error_code reason) {
  return {ErrorCode::Io,
          "Nothing can be kept in " + folder.string() + ": " + reason.message() + "."};
}

Error writeError(const fs::path& folder) {
  return writeError(folder, {errno, std::generic_category()});
}

Status makeFolder(const fs::path& folder) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) return writeError(folder, failure);
  return {};
}

Status syncFolder(const fs::path& folder) {
  const FileDescriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.isOpen() || ::fsync(descriptor.get()) != 0) return writeError(folder);
  return {};
}

}  // namespace

Result<IncomingFile> IncomingFile::create(const fs::path& folder) {
  if (Status made = makeFolder(folder); !made) return made.error();
  std::string path = (folder / "XXXXXX").string();
  FileDescriptor descriptor(::mkostemp(path.data(), O_CLOEXEC));
  if (!descriptor.isOpen()) return writeError(folder);
  return IncomingFile(std::move(descriptor), std::move(path));
}

IncomingFile::IncomingFile(FileDescriptor descriptor, std::string path)
    : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

IncomingFile::IncomingFile(IncomingFile&& other) noexcept
    : descriptor_(std::move(other.descriptor_)), path_(std::exchange(other.path_, {})) {}

IncomingFile::~IncomingFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

Status IncomingFile::write(std::span<const std::byte> data) {
  while (!data.empty()) {
    const ssize_t written = ::write(descriptor_.get(), data.data(), data.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return writeError(fs::path(path_).parent_path());
    data = data.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Status IncomingFile::moveTo(const fs::path& target) {
  const fs::path folder = target.parent_path();
  if (Status made = makeFolder(folder); !made) return made;
  if (::fsync(descriptor_.get()) != 0) return writeError(folder);
  if (::rename(path_.c_str(), target.c_str()) != 0) return writeError(folder);
  path_.clear();
  if (Status synced = syncFolder(folder); !synced) return synced;
  return syncFolder(folder.parent_path());
}

}  // namespace vl
