#include "storage/image_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>

#include "inference/base/file_descriptor.h"
#include "storage/incoming_file.h"

namespace vl {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kChunkBytes = 256 << 10;

Error readError(const fs::path& file, int reason) {
  const ErrorCode code = reason == ENOENT ? ErrorCode::NotFound : ErrorCode::Io;
  return {code, "The image " + file.string() +
                    " cannot be read: " + std::generic_category().message(reason) + "."};
}

Error damaged(const fs::path& file) {
  return {ErrorCode::Corrupt, "The image " + file.string() + " in the history is damaged."};
}

Error emptyImage() { return {ErrorCode::InvalidArgument, "The image is empty."}; }

Error tooLarge() {
  return {ErrorCode::InvalidArgument, "The image file is larger than " +
                                          std::to_string(kMaxImageBytes >> 20) +
                                          " MiB, the most that the history takes."};
}

/// Reads a regular file from its start; a pipe or a device is refused without waiting for it.
class SourceFile {
 public:
  static Result<SourceFile> open(const fs::path& path) {
    FileDescriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat facts {};
    if (!descriptor.isOpen() || ::fstat(descriptor.get(), &facts) != 0) {
      return readError(path, errno);
    }
    if (!S_ISREG(facts.st_mode)) {
      return Error{ErrorCode::InvalidArgument, path.string() + " is not a file."};
    }
    return SourceFile(std::move(descriptor), path, static_cast<std::uint64_t>(facts.st_size));
  }

  std::uint64_t bytes() const { return bytes_; }

  /// Fills the start of `chunk`; the number of bytes is 0 only at the end of the file.
  Result<std::size_t> read(std::span<std::byte> chunk) {
    ssize_t count = 0;
    do {
      count = ::read(descriptor_.get(), chunk.data(), chunk.size());
    } while (count < 0 && errno == EINTR);
    if (count < 0) return readError(path_, errno);
    return static_cast<std::size_t>(count);
  }

 private:
  SourceFile(FileDescriptor descriptor, fs::path path, std::uint64_t bytes)
      : descriptor_(std::move(descriptor)), path_(std::move(path)), bytes_(bytes) {}

  FileDescriptor descriptor_;
  fs::path path_;
  std::uint64_t bytes_;  // when it was opened
};

Result<Sha256> digestOf(const fs::path& path) {
  Result<SourceFile> source = SourceFile::open(path);
  if (!source) return source.error();
  Sha256Stream digest;
  std::vector<std::byte> chunk(kChunkBytes);
  for (;;) {
    Result<std::size_t> count = source->read(chunk);
    if (!count) return count.error();
    if (*count == 0) return digest.finish();
    digest.update(std::span(chunk).first(*count));
  }
}

bool startsWith(std::span<const std::byte> content, std::string_view magic) {
  return content.size() >= magic.size() &&
         std::memcmp(content.data(), magic.data(), magic.size()) == 0;
}

}  // namespace

std::string mediaTypeOf(std::span<const std::byte> content) {
  using namespace std::string_view_literals;
  if (startsWith(content, "\x89PNG\r\n\x1a\n"sv)) return "image/png";
  if (startsWith(content, "\xff\xd8\xff"sv)) return "image/jpeg";
  if (startsWith(content, "RIFF"sv) && content.size() >= 12 &&
      startsWith(content.subspan(8), "WEBP"sv)) {
    return "image/webp";
  }
  // The fourth byte tells TIFF (42) from BigTIFF (43).
  for (const std::string_view magic : {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv}) {
    if (startsWith(content, magic)) return "image/tiff";
  }
  if (startsWith(content, "BM"sv)) return "image/bmp";
  if (startsWith(content, "GIF87a"sv) || startsWith(content, "GIF89a"sv)) return "image/gif";
  return "application/octet-stream";
}

Result<StoredFile> ImageFiles::add(const fs::path& source) const {
  Result<SourceFile> original = SourceFile::open(source);
  if (!original) return original.error();
  if (original->bytes() > kMaxImageBytes) return tooLarge();
  Result<IncomingFile> copy = IncomingFile::create(incoming(), IncomingFile::Use::History);
  if (!copy) return copy.error();

  StoredFile file;
  Sha256Stream digest;
  std::vector<std::byte> chunk(kChunkBytes);
  for (;;) {
    Result<std::size_t> count = original->read(chunk);
    if (!count) return count.error();
    if (*count == 0) break;
    const auto piece = std::span(chunk).first(*count);
    if (file.bytes == 0) file.mediaType = mediaTypeOf(piece);
    file.bytes += piece.size();
    if (file.bytes > kMaxImageBytes) return tooLarge();  // it grew while we read
    digest.update(piece);
    if (Status written = copy->write(piece); !written) return written.error();
  }
  if (file.bytes == 0) return emptyImage();
  Result<Sha256> sha256 = digest.finish();
  if (!sha256) return sha256.error();
  file.sha256 = *sha256;
  if (Status kept = keep(*copy, file); !kept) return kept.error();
  return file;
}

Result<StoredFile> ImageFiles::add(std::span<const std::byte> content) const {
  if (content.empty()) return emptyImage();
  if (content.size() > kMaxImageBytes) return tooLarge();
  Result<Sha256> sha256 = Sha256::of(content);
  if (!sha256) return sha256.error();
  StoredFile file{*sha256, content.size(), mediaTypeOf(content)};

  Result<IncomingFile> copy = IncomingFile::create(incoming(), IncomingFile::Use::History);
  if (!copy) return copy.error();
  if (Status written = copy->write(content); !written) return written.error();
  if (Status kept = keep(*copy, file); !kept) return kept.error();
  return file;
}

Status ImageFiles::keep(IncomingFile& incoming, const StoredFile& file) const {
  const fs::path target = path(file.sha256);
  if (check(file.sha256, file.bytes)) {
    const Result<Sha256> present = digestOf(target);
    if (present && *present == file.sha256) return {};
  }
  return incoming.moveTo(target);
}

fs::path ImageFiles::path(const Sha256& sha256) const {
  const std::string name = sha256.hex();
  return folder_ / name.substr(0, 2) / name;
}

Status ImageFiles::check(const Sha256& sha256, std::uint64_t bytes) const {
  const fs::path file = path(sha256);
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) return readError(file, errno);
  if (!S_ISREG(facts.st_mode) || static_cast<std::uint64_t>(facts.st_size) != bytes) {
    return damaged(file);
  }
  return {};
}

Result<std::vector<std::byte>> ImageFiles::read(const Sha256& sha256, std::uint64_t bytes) const {
  // The length comes from a database: the file must have it before memory is taken for it.
  if (Status present = check(sha256, bytes); !present) return present.error();
  const fs::path file = path(sha256);
  if (bytes > kMaxImageBytes) return damaged(file);
  Result<SourceFile> source = SourceFile::open(file);
  if (!source) return source.error();

  std::vector<std::byte> content(static_cast<std::size_t>(bytes));
  std::size_t done = 0;
  while (done < content.size()) {
    Result<std::size_t> count = source->read(std::span(content).subspan(done));
    if (!count) return count.error();
    if (*count == 0) return damaged(file);
    done += *count;
  }
  Result<Sha256> digest = Sha256::of(content);
  if (!digest) return digest.error();
  if (*digest != sha256) return damaged(file);
  return content;
}

Status ImageFiles::remove(const Sha256& sha256) const {
  const fs::path file = path(sha256);
  std::error_code failure;
  fs::remove(file, failure);
  if (!failure) return {};
  return Error{ErrorCode::Io,
               "The image " + file.string() + " cannot be removed: " + failure.message() + "."};
}

void ImageFiles::removeLeftovers() const {
  std::error_code ignored;  // what cannot be removed now is tried again at the next start
  fs::remove_all(incoming(), ignored);
}

}  // namespace vl
