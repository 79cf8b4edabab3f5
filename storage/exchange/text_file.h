#pragma once

#include <filesystem>
#include <span>
#include <string_view>
#include <utility>

#include "inference/base/result.h"
#include "storage/incoming_file.h"

namespace vl {

/// A text file being written, which gets its name when it is whole.
class TextFile {
 public:
  /// Error: Io.
  static Result<TextFile> create(const std::filesystem::path& target) {
    Result<IncomingFile> file = IncomingFile::create(target.parent_path());
    if (!file) return file.error();
    return TextFile(std::move(*file), target);
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
