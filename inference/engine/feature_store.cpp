#include "inference/engine/feature_store.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "inference/base/file_descriptor.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;
constexpr std::string_view kSuffix = ".features";
constexpr std::string_view kPartialSuffix = ".partial";
/// A write takes milliseconds; what is older was interrupted.
constexpr std::time_t kPartialSeconds = 3600;

/// The beginning of a file; numbers as this machine writes them, since a cache does not travel.
struct Header {
  std::array<char, 8> magic{'V', 'L', '2', 'F', 'E', 'A', 'T', '1'};
  std::uint64_t rows = 0;
  std::uint64_t cols = 0;
  Digest key{};
  Digest content{};  // of the values
};
static_assert(sizeof(Header) == 88);

std::string nameOf(const Digest& key) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string name;
  for (const std::byte byte : key) {
    name += kDigits[std::to_integer<std::size_t>(byte) >> 4];
    name += kDigits[std::to_integer<std::size_t>(byte) & 15];
  }
  return name.append(kSuffix);
}

/// A name that nobody else writes to now.
std::string partialName(const std::string& name) {
  static std::atomic<std::uint64_t> count = 0;
  return name + '.' + std::to_string(::getpid()) + '.' + std::to_string(++count) +
         std::string(kPartialSuffix);
}

/// Makes a folder and those around it, for the owner only.
void makeFolders(const fs::path& folder) {
  fs::path made;
  for (const fs::path& part : folder) {
    made /= part;
    ::mkdir(made.c_str(), kFolderMode);  // a failure shows when the last one is opened
  }
}

/// The folder, if it is ours; private from now on.
FileDescriptor openFolder(const fs::path& folder) {
  FileDescriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (!opened.isOpen() || ::fstat(opened.get(), &status) != 0 || status.st_uid != ::geteuid() ||
      ::fchmod(opened.get(), kFolderMode) != 0) {
    return {};
  }
  return opened;
}

bool readAll(int file, void* to, std::size_t size) {
  auto* bytes = static_cast<std::byte*>(to);
  while (size > 0) {
    const ssize_t count = ::read(file, bytes, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

bool writeAll(int file, const void* from, std::size_t size) {
  const auto* bytes = static_cast<const std::byte*>(from);
  while (size > 0) {
    const ssize_t count = ::write(file, bytes, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

std::span<const float> valuesOf(MatrixView<const float> matrix) {
  return {matrix.data(), matrix.rows() * matrix.cols()};
}

std::optional<Digest> contentOf(std::span<const float> values) {
  DigestStream stream;
  stream.add(std::as_bytes(values));
  return stream.finish();
}

/// The features in an open file of `bytes`, if all of it is as it was written.
std::optional<Matrix> read(int file, std::uintmax_t bytes, const Digest& key, std::size_t rows,
                           std::size_t cols) {
  Header header;
  const Header expected;
  if (bytes != sizeof(Header) + rows * cols * sizeof(float) ||
      !readAll(file, &header, sizeof(header)) || header.magic != expected.magic ||
      header.rows != rows || header.cols != cols || header.key != key) {
    return std::nullopt;
  }
  Matrix features(rows, cols);
  if (!readAll(file, features.view().data(), rows * cols * sizeof(float))) return std::nullopt;
  const std::span<const float> values = valuesOf(features.view());
  if (contentOf(values) != header.content) return std::nullopt;
  // A checksum can be forged; then at least no strange number reaches the model.
  const bool finite =
      std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
  return finite ? std::optional(std::move(features)) : std::nullopt;
}

struct SavedFile {
  std::string name;
  std::uintmax_t bytes = 0;
  timespec used{};
  bool isPartial = false;
};

/// What we have written into the folder, in no order.
std::vector<SavedFile> filesIn(int folder) {
  std::vector<SavedFile> files;
  const int again = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* entries = again < 0 ? nullptr : ::fdopendir(again);
  if (entries == nullptr) {
    if (again >= 0) ::close(again);
    return files;
  }
  while (const dirent* entry = ::readdir(entries)) {
    const std::string_view name = entry->d_name;
    const bool isPartial = name.ends_with(kPartialSuffix);
    struct stat status {};
    if ((!isPartial && !name.ends_with(kSuffix)) ||
        ::fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(status.st_mode)) {
      continue;
    }
    files.push_back({.name = std::string(name),
                     .bytes = static_cast<std::uintmax_t>(status.st_size),
                     .used = status.st_mtim,
                     .isPartial = isPartial});
  }
  ::closedir(entries);
  return files;
}

bool usedBefore(const SavedFile& a, const SavedFile& b) {
  return std::pair(a.used.tv_sec, a.used.tv_nsec) < std::pair(b.used.tv_sec, b.used.tv_nsec);
}

/// Removes what was interrupted, then the files not used for longest, until `bytes` more fit.
void makeRoom(int folder, std::uintmax_t bytes, std::uintmax_t mostBytes) {
  std::vector<SavedFile> files = filesIn(folder);
  std::sort(files.begin(), files.end(), usedBefore);
  std::uintmax_t total = 0;
  for (const SavedFile& file : files) total += file.bytes;
  const std::time_t now = std::time(nullptr);
  for (const SavedFile& file : files) {
    const bool isStale = file.isPartial && now - file.used.tv_sec > kPartialSeconds;
    const bool isSurplus = !file.isPartial && total + bytes > mostBytes;
    if (!isStale && !isSurplus) continue;
    if (::unlinkat(folder, file.name.c_str(), 0) == 0) total -= file.bytes;
  }
}

}  // namespace

FeatureStore::FeatureStore(fs::path folder, std::uintmax_t mostBytes)
    : folder_(std::move(folder)), mostBytes_(mostBytes) {
  makeFolders(folder_);
  openFolder(folder_);  // private from the beginning
}

std::optional<Matrix> FeatureStore::load(const Digest& key, std::size_t rows, std::size_t cols) {
  const FileDescriptor folder = openFolder(folder_);
  if (!folder.isOpen()) return std::nullopt;
  const std::string name = nameOf(key);
  // O_NONBLOCK: a named pipe must not wait for a writer.
  const FileDescriptor file(
      ::openat(folder.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.isOpen() && errno == ENOENT) return std::nullopt;
  struct stat status {};
  if (file.isOpen() && ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode) &&
      status.st_uid == ::geteuid()) {
    auto features = read(file.get(), static_cast<std::uintmax_t>(status.st_size), key, rows, cols);
    if (features) {
      ::futimens(file.get(), nullptr);  // used now
      return features;
    }
  }
  ::unlinkat(folder.get(), name.c_str(), 0);
  return std::nullopt;
}

void FeatureStore::save(const Digest& key, MatrixView<const float> features) {
  assert(features.stride() == features.cols());
  const std::span<const float> values = valuesOf(features);
  const std::uintmax_t bytes = sizeof(Header) + values.size_bytes();
  const std::optional<Digest> content = contentOf(values);
  const FileDescriptor folder = openFolder(folder_);
  if (!folder.isOpen() || !content || bytes > mostBytes_) return;
  makeRoom(folder.get(), bytes, mostBytes_);
  const Header header{
      .rows = features.rows(), .cols = features.cols(), .key = key, .content = *content};
  const std::string name = nameOf(key);
  const std::string partial = partialName(name);
  ::unlinkat(folder.get(), partial.c_str(), 0);  // of an earlier process with our number
  bool written = false;
  {
    const FileDescriptor file(::openat(folder.get(), partial.c_str(),
                                       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                       kFileMode));
    written = file.isOpen() && writeAll(file.get(), &header, sizeof(header)) &&
              writeAll(file.get(), values.data(), values.size_bytes());
  }
  if (!written || ::renameat(folder.get(), partial.c_str(), folder.get(), name.c_str()) != 0) {
    ::unlinkat(folder.get(), partial.c_str(), 0);
  }
}

FeatureStore::Usage FeatureStore::usage() const {
  Usage usage;
  const FileDescriptor folder = openFolder(folder_);
  if (!folder.isOpen()) return usage;
  for (const SavedFile& file : filesIn(folder.get())) {
    ++usage.files;
    usage.bytes += file.bytes;
  }
  return usage;
}

bool FeatureStore::clear() {
  const FileDescriptor folder = openFolder(folder_);
  if (!folder.isOpen()) return false;
  bool all = true;
  for (const SavedFile& file : filesIn(folder.get())) {
    all = (::unlinkat(folder.get(), file.name.c_str(), 0) == 0 || errno == ENOENT) && all;
  }
  return all;
}

std::optional<fs::path> userFeatureFolder() {
  constexpr const char* kOurs = "vl2-desk/features";
  // XDG base directory specification: a relative path is ignored.
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return fs::path(cache) / kOurs;
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') return std::nullopt;
  return fs::path(home) / ".cache" / kOurs;
}

}  // namespace vl
