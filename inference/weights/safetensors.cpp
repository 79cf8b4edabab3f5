#include "inference/weights/safetensors.h"

#include <utility>

namespace vl {

Result<SafetensorsFile> SafetensorsFile::open(const std::filesystem::path& path) {
  Result<MappedFile> file = MappedFile::open(path);
  if (!file) return file.error();
  Result<TensorsByName> tensors = parseSafetensors(file->bytes(), path.string());
  if (!tensors) return tensors.error();
  SafetensorsFile result;
  result.file_ = *std::move(file);
  result.tensors_ = *std::move(tensors);
  return result;
}

const StoredTensor* SafetensorsFile::find(std::string_view name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? nullptr : &found->second;
}

}  // namespace vl
