#include "inference/weights/checkpoint.h"

#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include "inference/tensor/checked_size.h"
#include "inference/tensor/to_float.h"
#include "inference/weights/json_file.h"
#include "inference/weights/quoted_text.h"

namespace vl {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kIndexName = "model.safetensors.index.json";
constexpr const char* kSingleName = "model.safetensors";
constexpr std::size_t kMaxIndexBytes = std::size_t{32} << 20;  // Base, 6973 tensors: 0.6 MB

/// tensor name -> shard, relative to the folder.
using WeightMap = std::map<std::string, fs::path>;

/// The shard's path with "." removed, or nullopt when it could lead out of the folder.
std::optional<fs::path> shardPath(const std::string& name) {
  if (name.empty() || name.find('\0') != std::string::npos) return std::nullopt;
  const fs::path path(name);
  if (path.is_absolute()) return std::nullopt;
  for (const fs::path& part : path) {
    if (part == "..") return std::nullopt;
  }
  return path.lexically_normal();
}

Result<WeightMap> readIndex(const fs::path& path) {
  const Result<json> index = readJsonFile(path, kMaxIndexBytes);
  if (!index) return index.error();
  const auto corrupt = [&path](const std::string& what) {
    return Error{ErrorCode::Corrupt, path.string() + ": " + what};
  };
  const auto weightMap = index->find("weight_map");
  if (weightMap == index->end() || !weightMap->is_object() || weightMap->empty()) {
    return corrupt("expected an object weight_map from tensor names to files");
  }
  WeightMap result;
  for (const auto& [tensor, file] : weightMap->items()) {
    if (!file.is_string()) return corrupt("the file of " + quotedText(tensor) + " is not a text");
    const auto& name = file.get_ref<const std::string&>();
    const std::optional<fs::path> shard = shardPath(name);
    if (!shard)
      return corrupt("file name " + quotedText(name) + " leads out of the model's folder");
    result.emplace(tensor, *shard);
  }
  return result;
}

std::string shapeText(std::span<const std::size_t> shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  }
  return text + "]";
}

/// Whether the tensor is [rows, ...] with the rest multiplying to cols.
bool hasShape(const StoredTensor& tensor, std::size_t rows, std::size_t cols) {
  if (tensor.shape.size() < 2 || tensor.shape.front() != rows) return false;
  return checkedProduct(std::span(tensor.shape).subspan(1)) == cols;
}

std::optional<WeightType> weightTypeOf(DType dtype) {
  switch (dtype) {
    case DType::F32:
      return WeightType::F32;
    case DType::F16:
      return WeightType::F16;
    case DType::BF16:
      return WeightType::BF16;
    case DType::I8:
      return WeightType::Q8_0;
    case DType::U8:
    case DType::I32:
      return std::nullopt;
  }
  return std::nullopt;
}

bool isThere(const fs::path& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() != fs::file_type::not_found;
}

}  // namespace

Result<Checkpoint> Checkpoint::open(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return Error{ErrorCode::NotFound, folder.string() + ": there is no such model folder"};
  }
  Checkpoint checkpoint;
  checkpoint.folder_ = folder;
  const bool indexed = isThere(folder / kIndexName);
  if (!indexed && !isThere(folder / kSingleName)) {
    return Error{ErrorCode::NotFound, folder.string() + ": found neither " + kIndexName + " nor " +
                                          kSingleName + ", so there are no weights"};
  }
  if (const Status added = indexed ? checkpoint.addIndex(folder, folder / kIndexName)
                                   : checkpoint.addFile(folder / kSingleName);
      !added)
    return added.error();
  return checkpoint;
}

Status Checkpoint::addFile(const fs::path& path) {
  Result<SafetensorsFile> file = SafetensorsFile::open(path);
  if (!file) return file.error();
  for (const auto& [name, tensor] : file->tensors()) {
    if (!byName_.emplace(name, &tensor).second) {
      return Error{ErrorCode::Corrupt,
                   path.string() + ": tensor " + quotedText(name) + " also is in another file"};
    }
  }
  files_.push_back(*std::move(file));
  return {};
}

Status Checkpoint::addIndex(const fs::path& folder, const fs::path& indexPath) {
  const Result<WeightMap> weightMap = readIndex(indexPath);
  if (!weightMap) return weightMap.error();
  std::set<fs::path> shards;
  for (const auto& [tensor, shard] : *weightMap) shards.insert(shard);
  std::map<fs::path, std::size_t> fileOf;
  for (const fs::path& shard : shards) {
    const Status added = addFile(folder / shard);
    if (!added && added.error().code == ErrorCode::NotFound) {
      return Error{ErrorCode::Corrupt, indexPath.string() + ": names " +
                                           quotedText(shard.string()) + ", but " +
                                           added.error().what};
    }
    if (!added) return added.error();
    fileOf.emplace(shard, files_.size() - 1);
  }
  for (const auto& [tensor, shard] : *weightMap) {
    if (files_[fileOf.at(shard)].find(tensor) == nullptr) {
      return Error{ErrorCode::Corrupt, indexPath.string() + ": tensor " + quotedText(tensor) +
                                           " should be in " + quotedText(shard.string()) +
                                           ", but is not"};
    }
  }
  return {};
}

const StoredTensor* Checkpoint::find(std::string_view name) const {
  const auto found = byName_.find(name);
  return found == byName_.end() ? nullptr : found->second;
}

std::vector<const StoredTensor*> Checkpoint::tensors() const {
  std::vector<const StoredTensor*> result;
  result.reserve(byName_.size());
  for (const auto& [name, tensor] : byName_) result.push_back(tensor);
  return result;
}

std::size_t Checkpoint::fileBytes() const {
  std::size_t bytes = 0;
  for (const SafetensorsFile& file : files_) bytes += file.fileBytes();
  return bytes;
}

Result<WeightMatrix> Checkpoint::matrix(std::string_view name, std::size_t rows, std::size_t cols) {
  const auto corrupt = [&](std::string_view tensor, const std::string& what) {
    return Error{ErrorCode::Corrupt,
                 folder_.string() + ": tensor " + quotedText(tensor) + " " + what};
  };
  const auto wrongShape = [&](const StoredTensor& tensor, std::size_t expectedCols) {
    return corrupt(tensor.name, "has shape " + shapeText(tensor.shape) + ", expected " +
                                    shapeText(std::vector{rows, expectedCols}));
  };
  const StoredTensor* weight = find(name);
  if (weight == nullptr) return corrupt(name, "is missing");
  if (!hasShape(*weight, rows, cols)) return wrongShape(*weight, cols);
  const std::optional<WeightType> type = weightTypeOf(weight->dtype);
  if (!type) {
    return corrupt(name, "has dtype " + std::string(nameOf(weight->dtype)) +
                             ", expected F32, F16, BF16 or I8");
  }
  if (*type != WeightType::Q8_0) {
    return WeightMatrix(*type, alignedData(*weight), nullptr, rows, cols);
  }

  const std::string scaleName = std::string(name) + "_scale";
  const StoredTensor* scale = find(scaleName);
  if (scale == nullptr) return corrupt(scaleName, "is missing, but the weight is I8");
  if (scale->dtype != DType::F16) {
    return corrupt(scaleName, "has dtype " + std::string(nameOf(scale->dtype)) + ", expected F16");
  }
  const std::size_t blocks = q8BlocksPerRow(cols);
  if (!hasShape(*scale, rows, blocks)) return wrongShape(*scale, blocks);
  const auto* scales = reinterpret_cast<const std::uint16_t*>(alignedData(*scale));
  return WeightMatrix(*type, alignedData(*weight), scales, rows, cols);
}

Result<std::vector<float>> Checkpoint::vector(std::string_view name, std::size_t count) const {
  const auto corrupt = [&](const std::string& what) {
    return Error{ErrorCode::Corrupt,
                 folder_.string() + ": tensor " + quotedText(name) + " " + what};
  };
  const StoredTensor* tensor = find(name);
  if (tensor == nullptr) return corrupt("is missing");
  if (checkedProduct(tensor->shape) != count) {
    return corrupt("has shape " + shapeText(tensor->shape) + ", expected " + std::to_string(count) +
                   " values");
  }
  if (!isFloating(tensor->dtype)) {
    return corrupt("has dtype " + std::string(nameOf(tensor->dtype)) +
                   ", expected F32, F16 or BF16");
  }
  std::vector<float> values(count);
  toFloat(tensor->dtype, tensor->bytes, values);
  return values;
}

/// The format does not promise aligned tensors; those that are not get a copy.
const std::byte* Checkpoint::alignedData(const StoredTensor& tensor) {
  const std::byte* data = tensor.bytes.data();
  if (reinterpret_cast<std::uintptr_t>(data) % sizeOf(tensor.dtype) == 0) return data;
  auto copy = std::make_unique_for_overwrite<std::byte[]>(tensor.bytes.size());
  std::memcpy(copy.get(), data, tensor.bytes.size());
  return realigned_.emplace_back(std::move(copy)).get();
}

}  // namespace vl
