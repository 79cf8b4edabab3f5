#include "inference/weights/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

#include "inference/base/file_descriptor.h"
#include "inference/weights/system_error.h"

namespace vl {
namespace {

void unmap(std::span<const std::byte> bytes) {
  if (!bytes.empty()) ::munmap(const_cast<std::byte*>(bytes.data()), bytes.size());
}

}  // namespace

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  if (this != &other) {
    unmap(bytes_);
    bytes_ = std::exchange(other.bytes_, {});
  }
  return *this;
}

MappedFile::~MappedFile() { unmap(bytes_); }

Result<MappedFile> MappedFile::open(const std::filesystem::path& path) {
  // O_NONBLOCK: opening a named pipe must fail below, not wait for a writer.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.isOpen()) return systemError(path, "open", errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return systemError(path, "read", errno);
  if (!S_ISREG(status.st_mode)) {
    return Error{ErrorCode::Io, path.string() + ": not a regular file"};
  }
  MappedFile mapped;
  if (status.st_size == 0) return mapped;
  const auto size = static_cast<std::size_t>(status.st_size);
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (data == MAP_FAILED) return systemError(path, "map", errno);
  mapped.bytes_ = {static_cast<const std::byte*>(data), size};
  return mapped;
}

void releasePages(std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  // Down to the start of the first page: dropping a neighbour's part of it costs a page fault.
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const std::uintptr_t intoPage = reinterpret_cast<std::uintptr_t>(bytes.data()) % page;
  ::madvise(const_cast<std::byte*>(bytes.data()) - intoPage, bytes.size() + intoPage,
            MADV_DONTNEED);
}

}  // namespace vl
