#include "inference/vision/png_file.h"

#include <fcntl.h>
#include <png.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <system_error>

namespace vl {
namespace {

struct FileClose {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using FileHandle = std::unique_ptr<std::FILE, FileClose>;

Error writeError(const std::filesystem::path& path, const std::string& why) {
  return {ErrorCode::Io, "Writing " + path.string() + " failed: " + why + "."};
}

std::string systemMessage() { return std::generic_category().message(errno); }

/// A name in the same folder that nothing else uses, so that the rename stays on one file system.
std::filesystem::path temporaryFor(const std::filesystem::path& path) {
  std::filesystem::path name = ".";
  name += path.filename();
  name += ".";
  name += std::to_string(::getpid());
  name += ".part";
  return path.parent_path() / name;
}

Status writeTo(const RgbImage& image, const std::filesystem::path& target,
               const std::filesystem::path& temporary) {
  const int descriptor =
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (descriptor < 0) return writeError(target, systemMessage());
  FileHandle file(::fdopen(descriptor, "wb"));
  if (file == nullptr) {
    ::close(descriptor);
    return writeError(target, systemMessage());
  }
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<png_uint_32>(image.width);
  png.height = static_cast<png_uint_32>(image.height);
  png.format = PNG_FORMAT_RGB;
  if (png_image_write_to_stdio(&png, file.get(), 0, image.pixels.data(), 0, nullptr) == 0) {
    return writeError(target, png.message);
  }
  if (std::fflush(file.get()) != 0 || ::fsync(descriptor) != 0) {
    return writeError(target, systemMessage());
  }
  if (std::fclose(file.release()) != 0) return writeError(target, systemMessage());
  if (::rename(temporary.c_str(), target.c_str()) != 0) return writeError(target, systemMessage());
  return {};
}

}  // namespace

Status writePng(const RgbImage& image, const std::filesystem::path& path) {
  assert(image.width > 0 && image.height > 0);
  const std::filesystem::path temporary = temporaryFor(path);
  Status status = writeTo(image, path, temporary);
  if (!status) ::unlink(temporary.c_str());
  return status;
}

}  // namespace vl
