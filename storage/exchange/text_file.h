#pragma once

#include <filesystem>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include "inference/base/result.h"
#include "storage/incoming_file.h"

namespace vl {

/// A text file being written, which gets its name when it is whole. Where the name is that of a
/// link, the file it leads to is replaced.
class TextFile {
 public:
  /// Error: Io.
  static Result<TextFile> create(const std::filesystem::path& target) {
    std::error_code failure;
    std::filesystem::path place = std::filesystem::weakly_canonical(target, failure);
    if (failure) place = target;
    Result<IncomingFile> file =
        IncomingFile::create(place.parent_path(), IncomingFile::Use::Export);
    if (!file) return file.error();
    return TextFile(std::move(*file), std::move(place));
  }

  /// Error: Io.
  Status write(std::string_view text) { return file_.write(std::as_bytes(std::span(text))); }
  Status finish() { return file_.moveTo(target_); }

 private:
  TextFile(IncomingFile file, std::filesystem::path target)
      : file_(std::move(file)), target_(std::move(target)) {}

  IncomingFile file_;
  std::filesystem::path target_;
};

}  // namespace vl
