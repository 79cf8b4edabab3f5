#include "storage/incoming_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <random>
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

/// What cannot be read or set stays as it is.
void takeModeOf(const fs::path& file, int descriptor) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) == 0) ::fchmod(descriptor, facts.st_mode & 0777);
}

}  // namespace

Result<IncomingFile> IncomingFile::create(const fs::path& folder, Use use) {
  if (Status made = makeFolder(folder); !made) return made.error();
  // mkostemp would close an export to others, whatever the umask says
  const mode_t mode = use == Use::History ? 0600 : 0666;
  std::random_device random;
  for (int attempt = 0; attempt < 100; ++attempt) {
    std::string path = (folder / (".incoming-" + std::to_string(random()))).string();
    FileDescriptor descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (descriptor.isOpen()) return IncomingFile(std::move(descriptor), std::move(path), use);
    if (errno != EEXIST) break;
  }
  return writeError(folder);
}

IncomingFile::IncomingFile(FileDescriptor descriptor, std::string path, Use use)
    : descriptor_(std::move(descriptor)), path_(std::move(path)), use_(use) {}

IncomingFile::IncomingFile(IncomingFile&& other) noexcept
    : descriptor_(std::move(other.descriptor_)),
      path_(std::exchange(other.path_, {})),
      use_(other.use_) {}

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
  if (use_ == Use::Export) takeModeOf(target, descriptor_.get());
  if (::fsync(descriptor_.get()) != 0) return writeError(folder);
  if (::rename(path_.c_str(), target.c_str()) != 0) return writeError(folder);
  path_.clear();
  Status synced = syncFolder(folder);
  if (synced) synced = syncFolder(folder.parent_path());
  return use_ == Use::Export ? Status() : synced;
}

}  // namespace vl
