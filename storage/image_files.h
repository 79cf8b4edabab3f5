#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "inference/base/result.h"
#include "storage/sha256.h"

namespace vl {

class IncomingFile;

/// Larger files are not imported: far above any photo, far below what fills a disk unnoticed.
inline constexpr std::uint64_t kMaxImageBytes = 1ull << 30;

/// "image/png", "image/jpeg", "image/webp", "image/tiff", "image/bmp" or "image/gif", told by the
/// first bytes; "application/octet-stream" for anything else.
std::string mediaTypeOf(std::span<const std::byte> content);

/// What ImageFiles knows about a file it holds.
struct StoredFile {
  Sha256 sha256;
  std::uint64_t bytes = 0;
  std::string mediaType;
};

/// Files named by the SHA-256 of their content: <folder>/ab/abcdef... A file appears under its name
/// only when it is whole and on the disk, and never changes.
/// Holds nothing but the path: may be copied, and used from any thread.
class ImageFiles {
 public:
  explicit ImageFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Copies the content into the folder, unless an undamaged copy is there already. On failure no
  /// part of it is left behind.
  /// Errors: NotFound, InvalidArgument (empty, not a regular file, over kMaxImageBytes), Io.
  Result<StoredFile> add(const std::filesystem::path& source) const;
  Result<StoredFile> add(std::span<const std::byte> content) const;

  std::filesystem::path path(const Sha256& sha256) const;

  /// Presence and length only. Errors: NotFound, Corrupt (another length), Io.
  Status check(const Sha256& sha256, std::uint64_t bytes) const;
  /// The content, checked against its digest. Errors: NotFound, Corrupt, Io.
  Result<std::vector<std::byte>> read(const Sha256& sha256, std::uint64_t bytes) const;

  /// A file that is not there is no error. Error: Io.
  Status remove(const Sha256& sha256) const;
  /// Removes what interrupted add() calls have left. Requires that nobody is adding.
  void removeLeftovers() const;

 private:
  std::filesystem::path incoming() const { return folder_ / "incoming"; }
  /// Gives the incoming file its name, unless an undamaged copy is there already.
  Status keep(IncomingFile& incoming, const StoredFile& file) const;

  std::filesystem::path folder_;
};

}  // namespace vl
