#include "inference/weights/checkpoint.h"

#include <array>
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

/// "has shape [2, 3], expected [3, 2]".
std::string wrongShape(const StoredTensor& tensor, std::size_t rows, std::size_t cols) {
  return "has shape " + shapeText(tensor.shape) + ", expected " + shapeText(std::array{rows, cols});
}

std::string wrongDtype(const StoredTensor& tensor, const std::string& expected) {
  return "has dtype " + std::string(nameOf(tensor.dtype)) + ", expected " + expected;
}

/// The type of a matrix that is stored row by row.
std::optional<WeightType> rowTypeOf(DType dtype) {
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

Error Checkpoint::corrupt(std::string_view tensor, const std::string& what) const {
  return {ErrorCode::Corrupt, folder_.string() + ": tensor " + quotedText(tensor) + " " + what};
}

Result<WeightMatrix> Checkpoint::matrix(std::string_view name, std::size_t rows, std::size_t cols) {
  const StoredTensor* weight = find(name);
  if (weight == nullptr) return corrupt(name, "is missing");
  if (weight->dtype == DType::U8) return panels(*weight, rows, cols);
  if (!hasShape(*weight, rows, cols)) return corrupt(name, wrongShape(*weight, rows, cols));
  const std::optional<WeightType> type = rowTypeOf(weight->dtype);
  if (!type) return corrupt(name, wrongDtype(*weight, "F32, F16, BF16, I8 or U8"));
  if (*type != WeightType::Q8_0) {
    return WeightMatrix(*type, alignedData(*weight), nullptr, rows, cols);
  }
  const auto scales = halves(weight->name + "_scale", rows, blocksPerRow(cols));
  if (!scales) return scales.error();
  return WeightMatrix(*type, alignedData(*weight), *scales, rows, cols);
}

Result<WeightMatrix> Checkpoint::panels(const StoredTensor& weight, std::size_t rows,
                                        std::size_t cols) {
  const std::size_t count = panelsFor(rows);
  const std::size_t blocks = blocksPerRow(cols);
  std::optional<WeightType> type;
  for (const WeightType candidate : {WeightType::Q8Panels, WeightType::Q4Panels}) {
    if (hasShape(weight, count, blocks * panelBlockBytes(candidate))) type = candidate;
  }
  if (!type) {
    const std::size_t q4Bytes = blocks * panelBlockBytes(WeightType::Q4Panels);
    return corrupt(weight.name,
                   wrongShape(weight, count, blocks * panelBlockBytes(WeightType::Q8Panels)) +
                       " or " + shapeText(std::array{count, q4Bytes}) + " for a " +
                       std::to_string(rows) + " x " + std::to_string(cols) + " matrix of U8");
  }
  const auto scales = halves(weight.name + "_scale", count, blocks * kPanelRows);
  if (!scales) return scales.error();
  const std::uint16_t* minimums = nullptr;
  if (*type == WeightType::Q4Panels) {
    const auto found = halves(weight.name + "_min", count, blocks * kPanelRows);
    if (!found) return found.error();
    minimums = *found;
  }
  return WeightMatrix(*type, alignedData(weight), *scales, rows, cols, minimums);
}

Result<const std::uint16_t*> Checkpoint::halves(const std::string& name, std::size_t rows,
                                                std::size_t cols) {
  const StoredTensor* tensor = find(name);
  if (tensor == nullptr) return corrupt(name, "is missing, but the weight is quantised");
  if (tensor->dtype != DType::F16) return corrupt(name, wrongDtype(*tensor, "F16"));
  if (!hasShape(*tensor, rows, cols)) return corrupt(name, wrongShape(*tensor, rows, cols));
  return reinterpret_cast<const std::uint16_t*>(alignedData(*tensor));
}

Result<std::vector<float>> Checkpoint::vector(std::string_view name, std::size_t count) const {
  const StoredTensor* tensor = find(name);
  if (tensor == nullptr) return corrupt(name, "is missing");
  if (checkedProduct(tensor->shape) != count) {
    return corrupt(name, "has shape " + shapeText(tensor->shape) + ", expected " +
                             std::to_string(count) + " values");
  }
  if (!isFloating(tensor->dtype)) return corrupt(name, wrongDtype(*tensor, "F32, F16 or BF16"));
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
