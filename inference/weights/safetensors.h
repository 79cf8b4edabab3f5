#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "inference/base/result.h"
#include "inference/tensor/stored_tensor.h"
#include "inference/weights/mapped_file.h"
#include "inference/weights/safetensors_header.h"

namespace vl {

/// One safetensors file, mapped read-only and checked by parseSafetensors(). Movable; tensors stay
/// valid while the object (or where it was moved to) lives. Safe to read from several threads.
class SafetensorsFile {
 public:
  /// Errors: NotFound, Io, Corrupt, Unsupported (dtype).
  static Result<SafetensorsFile> open(const std::filesystem::path& path);

  /// nullptr when the file has no such tensor.
  const StoredTensor* find(std::string_view name) const;
  const TensorsByName& tensors() const { return tensors_; }
  /// Size of the whole file.
  std::size_t fileBytes() const { return file_.bytes().size(); }

 private:
  MappedFile file_;
  TensorsByName tensors_;
};

}  // namespace vl
