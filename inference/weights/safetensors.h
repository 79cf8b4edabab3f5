#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "inference/base/result.h"
#include "inference/tensor/stored_tensor.h"
#include "inference/weights/mapped_file.h"

namespace vl {

/// One safetensors file, mapped read-only. Strict: header of at most 100 MB and inside the file,
/// unique names, known dtypes, begin <= end <= size without overlap, dtype x shape == bytes (all
/// arithmetic overflow-checked). Movable; tensors stay valid while the object (or where it was
/// moved to) lives. Safe to read from several threads.
class SafetensorsFile {
 public:
  /// Errors: NotFound, Io, Corrupt, Unsupported (dtype).
  static Result<SafetensorsFile> open(const std::filesystem::path& path);

  /// nullptr when the file has no such tensor.
  const StoredTensor* find(std::string_view name) const;
  const std::map<std::string, StoredTensor, std::less<>>& tensors() const { return tensors_; }

 private:
  MappedFile file_;
  std::map<std::string, StoredTensor, std::less<>> tensors_;
};

}  // namespace vl
