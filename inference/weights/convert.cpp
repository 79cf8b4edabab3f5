#include "inference/weights/convert.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "inference/weights/checkpoint.h"
#include "inference/weights/config_sections.h"
#include "inference/weights/conversion_plan.h"
#include "inference/weights/json_file.h"
#include "inference/weights/mapped_file.h"
#include "inference/weights/model_config.h"
#include "inference/weights/output_file.h"
#include "inference/weights/partial_folder.h"
#include "inference/weights/system_error.h"
#include "inference/weights/tensor_converter.h"

namespace vl {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kConfigName = "config.json";
constexpr const char* kIndexName = "model.safetensors.index.json";
constexpr std::size_t kMaxConfigBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxCopiedBytes = std::size_t{64} << 20;  // tokenizer.json: 8 MB

constexpr std::array<std::string_view, 9> kCopiedFiles = {"processor_config.json",
                                                          "preprocessor_config.json",
                                                          "tokenizer.json",
                                                          "tokenizer_config.json",
                                                          "special_tokens_map.json",
                                                          "added_tokens.json",
                                                          "generation_config.json",
                                                          "vocab.json",
                                                          "merges.txt"};
constexpr std::array<std::string_view, 4> kCopiedPrefixes = {"LICENSE", "README", "NOTICE",
                                                             "MODEL_CARD"};

bool isCopied(std::string_view name) {
  return std::ranges::find(kCopiedFiles, name) != kCopiedFiles.end() ||
         std::ranges::any_of(kCopiedPrefixes,
                             [name](std::string_view prefix) { return name.starts_with(prefix); });
}

Status copySideFiles(const fs::path& source, const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator entry(source, error), end; !error && entry != end;
       entry.increment(error)) {
    const fs::path name = entry->path().filename();
    std::error_code unreadable;
    if (!isCopied(name.string()) || !entry->is_regular_file(unreadable)) continue;
    const Result<MappedFile> file = MappedFile::open(entry->path());
    if (!file) return file.error();
    if (file->bytes().size() > kMaxCopiedBytes) {
      return Error{ErrorCode::Unsupported,
                   entry->path().string() + ": " + std::to_string(file->bytes().size()) +
                       " bytes, expected at most " + std::to_string(kMaxCopiedBytes)};
    }
    if (Status written = writeNewFile(folder / name, file->bytes()); !written) return written;
  }
  if (error) return systemError(source, "list the folder", error.value());
  return {};
}

Result<std::string> quantizedConfigText(const fs::path& source, WeightType type) {
  Result<json> config = readJsonFile(source / kConfigName, kMaxConfigBytes);
  if (!config) return config.error();
  (*config)["quantization_config"] = quantizationConfigJson(type);
  return config->dump(2) + "\n";
}

/// Whether the tensor holds the values of a quantised weight.
bool isQuantized(const StoredTensor& tensor, const Checkpoint& checkpoint) {
  if (tensor.dtype == DType::I8) return true;
  return tensor.dtype == DType::U8 && checkpoint.find(tensor.name + "_scale") != nullptr;
}

/// The source's tensors in the order in which they lie on the disk, or why it cannot be converted.
Result<std::vector<const StoredTensor*>> convertibleTensors(const Checkpoint& checkpoint,
                                                            const ModelConfig& config,
                                                            const fs::path& source) {
  std::vector<const StoredTensor*> tensors = checkpoint.tensors();
  const bool quantized =
      config.quantization.has_value() ||
      std::ranges::any_of(tensors, [&](const auto* t) { return isQuantized(*t, checkpoint); });
  if (quantized) {
    return Error{ErrorCode::InvalidArgument, source.string() + ": is already quantised"};
  }
  std::ranges::sort(tensors, std::ranges::less{},
                    [](const StoredTensor* tensor) { return tensor->bytes.data(); });
  return tensors;
}

Status checkSpace(const fs::path& folder, std::size_t neededBytes) {
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  if (!error && space.available < neededBytes) {
    return Error{ErrorCode::Io, folder.parent_path().string() + ": the conversion needs " +
                                    std::to_string(neededBytes) + " bytes, but only " +
                                    std::to_string(space.available) + " are free"};
  }
  return {};
}

Status writeShards(const ConversionPlan& plan, const fs::path& folder, TensorConverter& converter) {
  for (const PlannedShard& shard : plan.shards) {
    Result<OutputFile> file = OutputFile::create(folder / shard.fileName, shard.fileBytes);
    if (!file) return file.error();
    if (Status header = file->writeAt(0, std::as_bytes(std::span(shard.header))); !header)
      return header;
    for (const PlannedTensor& tensor : shard.tensors) {
      if (Status converted = converter.convert(tensor, *file); !converted) return converted;
    }
    if (Status synced = file->sync(); !synced) return synced;
  }
  return {};
}

/// Everything that is not weights. config.json comes last: without it no folder is a model.
Status writeSideFiles(const fs::path& source, const fs::path& folder, const ConversionPlan& plan,
                      WeightType type) {
  const std::string index = indexText(plan);
  if (Status indexed = writeNewFile(folder / kIndexName, std::as_bytes(std::span(index))); !indexed)
    return indexed;
  if (Status copied = copySideFiles(source, folder); !copied) return copied;
  const Result<std::string> config = quantizedConfigText(source, type);
  if (!config) return config.error();
  return writeNewFile(folder / kConfigName, std::as_bytes(std::span(*config)));
}

/// The result must load before it gets its name.
Status checkLoads(const fs::path& folder) {
  const Result<ModelConfig> config = loadModelConfig(folder);
  if (!config) return config.error();
  const Result<Checkpoint> checkpoint = Checkpoint::open(folder);
  if (!checkpoint) return checkpoint.error();
  return {};
}

}  // namespace

Status convertCheckpoint(const fs::path& source, const fs::path& destination, WeightType type,
                         Compute& compute, const ConvertProgress& progress,
                         const std::stop_token& stop) {
  if (!isPanels(type)) {
    return Error{ErrorCode::Unsupported, "models can be converted to q8_0 and q4 only"};
  }
  const Result<ModelConfig> config = loadModelConfig(source);
  if (!config) return config.error();
  const Result<Checkpoint> checkpoint = Checkpoint::open(source);
  if (!checkpoint) return checkpoint.error();
  std::error_code notThere;
  if (fs::equivalent(source, destination, notThere)) {
    return Error{ErrorCode::InvalidArgument,
                 destination.string() + ": source and destination are the same folder"};
  }
  const auto tensors = convertibleTensors(*checkpoint, *config, source);
  if (!tensors) return tensors.error();
  const Result<ConversionPlan> plan = planConversion(*tensors, type);
  if (!plan) return Error{plan.error().code, source.string() + ": " + plan.error().what};

  Result<PartialFolder> folder = PartialFolder::create(destination);
  if (!folder) return folder.error();
  if (Status space = checkSpace(folder->path(), plan->outputBytes); !space) return space;
  TensorConverter converter(compute, progress, stop, plan->sourceBytes);
  if (Status written = writeShards(*plan, folder->path(), converter); !written) return written;
  if (Status sideFiles = writeSideFiles(source, folder->path(), *plan, type); !sideFiles)
    return sideFiles;
  if (Status loads = checkLoads(folder->path()); !loads) return loads;
  return folder->commit();
}

}  // namespace vl
