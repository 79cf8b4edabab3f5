#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <opencv2/core.hpp>
#include <system_error>
#include <utility>

#include "inference/vision/image.h"
#include "inference/vision/image_codec.h"
#include "inference/vision/image_header.h"

namespace vl {
namespace {

/// Four 16-bit channels of the largest picture, and its metadata.
constexpr std::uint64_t kMaxEncodedBytes = kMaxImagePixels * 8 + (64u << 20);

Result<RgbImage> decodeStored(std::span<const std::byte> encoded, const ImageHeader& header) {
  switch (header.format) {
    case ImageFormat::Png:
      return codec::decodePng(encoded, header);
    case ImageFormat::Jpeg:
      return codec::decodeJpeg(encoded, header);
    case ImageFormat::WebP:
      return codec::decodeWebp(encoded, header);
    case ImageFormat::Tiff:
      return codec::decodeTiff(encoded, header);
    case ImageFormat::Bmp:
      return codec::decodeBmp(encoded, header);
    case ImageFormat::Gif:
      break;
  }
  return codec::decodeGif(encoded, header);
}

cv::Mat view(RgbImage& image) { return {image.height, image.width, CV_8UC3, image.pixels.data()}; }

/// EXIF 2.3, tag Orientation: 5 to 8 swap the sides, then each is at most a mirroring.
RgbImage oriented(RgbImage image, int orientation) {
  if (orientation >= 5) {
    RgbImage turned{image.height, image.width, std::vector<std::uint8_t>(image.pixels.size())};
    cv::Mat target = view(turned);
    cv::transpose(view(image), target);
    image = std::move(turned);
  }
  const bool mirrorColumns =
      orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  const bool mirrorRows =
      orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  cv::Mat pixels = view(image);
  if (mirrorColumns) cv::flip(pixels, pixels, 1);
  if (mirrorRows) cv::flip(pixels, pixels, 0);
  return image;
}

class FileDescriptor {
 public:
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

Error systemError(ErrorCode code, const std::filesystem::path& path, int number) {
  return {code, path.string() + ": " + std::generic_category().message(number) + "."};
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

/// A whole picture file; anything else (a film, say) is refused by its first bytes, unread.
Result<std::vector<std::byte>> readPicture(const std::filesystem::path& path) {
  // O_NONBLOCK: a pipe without a writer must not hang the caller before fstat can refuse it.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) {
    return systemError(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io, path, errno);
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return systemError(ErrorCode::Io, path, errno);
  if (!S_ISREG(status.st_mode)) return Error{ErrorCode::Io, path.string() + " is not a file."};
  const auto fileBytes = static_cast<std::uint64_t>(status.st_size);

  std::vector<std::byte> bytes;
  bytes.reserve(static_cast<std::size_t>(std::min(fileBytes, kMaxEncodedBytes)));
  if (!readSome(file.get(), kSniffBytes, bytes)) return systemError(ErrorCode::Io, path, errno);
  if (!sniffImageFormat(bytes)) return bytes;  // decodeImage() knows the words for it
  if (fileBytes > kMaxEncodedBytes) {
    return Error{ErrorCode::Unsupported, path.string() + " has " + std::to_string(fileBytes >> 20) +
                                             " MiB, more than any picture that can be read."};
  }
  const std::uint64_t rest = fileBytes - std::min<std::uint64_t>(fileBytes, bytes.size());
  if (!readSome(file.get(), static_cast<std::size_t>(rest), bytes)) {
    return systemError(ErrorCode::Io, path, errno);
  }
  return bytes;
}

}  // namespace

Result<RgbImage> decodeImage(std::span<const std::byte> encoded, Orientation orientation) {
  const Result<ImageHeader> header = readImageHeader(encoded);
  if (!header) return header.error();
  Result<RgbImage> image = decodeStored(encoded, *header);
  if (!image || orientation == Orientation::AsStored || header->orientation == 1) return image;
  return oriented(std::move(*image), header->orientation);
}

Result<RgbImage> decodeImageFile(const std::filesystem::path& path, Orientation orientation) {
  const Result<std::vector<std::byte>> encoded = readPicture(path);
  if (!encoded) return encoded.error();
  Result<RgbImage> image = decodeImage(*encoded, orientation);
  if (!image) return Error{image.error().code, path.string() + ": " + image.error().what};
  return image;
}

}  // namespace vl
