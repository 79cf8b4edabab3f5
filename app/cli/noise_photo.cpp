#include "app/cli/noise_photo.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace vl {
namespace {

void append(std::vector<unsigned char>& bytes, std::uint32_t value, int count) {
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<unsigned char>(value >> (8 * i)));
}

/// A BMP of 24 bits a pixel, the simplest format that is read here.
std::vector<unsigned char> noiseBmp(int width, int height, std::uint32_t seed) {
  constexpr std::uint32_t kHeaders = 14 + 40;
  const auto rowBytes = (static_cast<std::uint32_t>(width) * 3 + 3) / 4 * 4;
  const std::uint32_t pixelBytes = rowBytes * static_cast<std::uint32_t>(height);
  std::vector<unsigned char> bytes{'B', 'M'};
  bytes.reserve(kHeaders + pixelBytes);
  append(bytes, kHeaders + pixelBytes, 4);
  append(bytes, 0, 4);
  append(bytes, kHeaders, 4);
  append(bytes, 40, 4);
  append(bytes, static_cast<std::uint32_t>(width), 4);
  append(bytes, static_cast<std::uint32_t>(height), 4);
  append(bytes, 1, 2);   // planes
  append(bytes, 24, 2);  // bits per pixel
  append(bytes, 0, 4);   // not compressed
  append(bytes, pixelBytes, 4);
  for (int i = 0; i < 4; ++i) append(bytes, 0, 4);  // resolution, palette
  std::mt19937 random(seed);
  while (bytes.size() < kHeaders + pixelBytes) append(bytes, random(), 4);
  return bytes;
}

bool writeAll(int file, const std::vector<unsigned char>& bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t count = ::write(file, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace

Result<NoisePhoto> NoisePhoto::make(int width, int height, std::uint32_t seed) {
  NoisePhoto photo(FileDescriptor(::memfd_create("noise.bmp", MFD_CLOEXEC)));
  if (!photo.file_.isOpen() || !writeAll(photo.file_.get(), noiseBmp(width, height, seed))) {
    return Error{ErrorCode::Io,
                 std::string("A test picture cannot be made: ") + std::strerror(errno) + "."};
  }
  return photo;
}

std::filesystem::path NoisePhoto::path() const {
  return "/proc/self/fd/" + std::to_string(file_.get());
}

}  // namespace vl
