#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

#include "inference/base/file_descriptor.h"
#include "inference/vision/image.h"
#include "inference/vision/image_header.h"

namespace vl {
namespace {

/// Four 16-bit channels of the largest picture, and its metadata.
constexpr std::uint64_t kMaxEncodedBytes = kMaxImagePixels * 8 + (64u << 20);

Error systemError(const std::filesystem::path& path, int number) {
  return {ErrorCode::Io, path.string() + ": " + std::generic_category().message(number) + "."};
}

/// Appends up to `count` bytes; fewer only at the end of the file. False: errno says why.
bool readSome(int descriptor, std::size_t count, std::vector<std::byte>& bytes) {
  std::size_t filled = bytes.size();
  bytes.resize(filled + count);
  while (filled < bytes.size()) {
    const ssize_t got = ::read(descriptor, bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return true;
}

}  // namespace

Result<std::vector<std::byte>> readImageFile(const std::filesystem::path& path) {
  // O_NONBLOCK: a pipe without a writer must not hang the caller before fstat can refuse it.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.isOpen()) {
    if (errno != ENOENT) return systemError(path, errno);
    return Error{ErrorCode::NotFound, "There is no image at " + path.string() + "."};
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return systemError(path, errno);
  if (!S_ISREG(status.st_mode)) return Error{ErrorCode::Io, path.string() + " is not a file."};
  const auto fileBytes = static_cast<std::uint64_t>(status.st_size);

  std::vector<std::byte> bytes;
  if (!readSome(file.get(), kSniffBytes, bytes)) return systemError(path, errno);
  if (!sniffImageFormat(bytes)) return bytes;
  if (fileBytes > kMaxEncodedBytes) {
    return Error{ErrorCode::Unsupported, path.string() + " has " + std::to_string(fileBytes >> 20) +
                                             " MiB, more than any picture that can be read."};
  }
  const std::uint64_t rest = fileBytes - std::min<std::uint64_t>(fileBytes, bytes.size());
  if (!readSome(file.get(), static_cast<std::size_t>(rest), bytes)) {
    return systemError(path, errno);
  }
  return bytes;
}

Result<RgbImage> decodeImageFile(const std::filesystem::path& path, Orientation orientation) {
  const Result<std::vector<std::byte>> encoded = readImageFile(path);
  if (!encoded) return encoded.error();
  Result<RgbImage> image = decodeImage(*encoded, orientation);
  if (!image) return Error{image.error().code, path.string() + ": " + image.error().what};
  return image;
}

}  // namespace vl
