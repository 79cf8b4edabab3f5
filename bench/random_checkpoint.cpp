#include "bench/random_checkpoint.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "bench/official_configs.h"
#include "bench/random_elements.h"
#include "inference/tensor/dtype.h"
#include "inference/tensor/panels.h"
#include "inference/weights/config_sections.h"
#include "inference/weights/conversion_plan.h"
#include "inference/weights/model_config.h"
#include "inference/weights/model_tensors.h"
#include "inference/weights/output_file.h"
#include "inference/weights/partial_folder.h"
#include "inference/weights/region_writer.h"

namespace vl {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kPieceElements = std::size_t{1} << 18;  // made at a time
constexpr std::size_t kScaleTable = 4099;                     // a prime, as the block of elements

/// Mean and deviation of a tensor's elements.
struct Distribution {
  float mean;
  float deviation;
};

Distribution distributionOf(const StoredTensor& tensor) {
  const std::string_view name = tensor.name;
  if (name.ends_with("embed_tokens.weight")) return {0.0f, 1.0f};
  if (tensor.shape.size() > 1 && !name.ends_with("pos_embed")) {
    double in = 1.0;
    for (std::size_t i = 1; i < tensor.shape.size(); ++i)
      in *= static_cast<double>(tensor.shape[i]);
    return {0.0f, static_cast<float>(1.0 / std::sqrt(in))};
  }
  if (name.ends_with("bias")) return {0.0f, 0.01f};
  if (name.ends_with("weight")) return {1.0f, 0.05f};  // a norm
  return {0.0f, 0.5f};  // position embeddings, image_newline, view_seperator
}

/// F16 scales of one tensor, and the minimums that centre its 4-bit blocks around zero.
struct ScaleTable {
  std::vector<std::uint16_t> scales;
  std::vector<std::uint16_t> minimums;
  std::size_t next = 0;

  /// valueDeviation: of the stored values, so that the weights get `deviation`.
  ScaleTable(RandomElements& random, float deviation, float valueDeviation)
      : scales(kScaleTable), minimums(kScaleTable) {
    for (std::size_t i = 0; i < kScaleTable; ++i) {
      scales[i] = floatToHalf(deviation / valueDeviation * random.scaleFactor());
      minimums[i] = floatToHalf(-RandomElements::kNibbleMean * halfToFloat(scales[i]));
    }
  }
};

template <typename T>
Status append(RegionWriter& region, const std::vector<T>& elements) {
  return region.append(std::as_bytes(std::span(elements)));
}

Status flush(std::span<RegionWriter> regions) {
  for (RegionWriter& region : regions) {
    if (Status flushed = region.flush(); !flushed) return flushed;
  }
  return {};
}

Status writeFloats(const PlannedTensor& tensor, RandomElements& random, OutputFile& file) {
  const Distribution distribution = distributionOf(*tensor.source);
  RegionWriter region(file, tensor.values.offset);
  const std::size_t count = tensor.values.bytes / sizeOf(DType::BF16);
  for (std::size_t done = 0; done < count; done += kPieceElements) {
    std::vector<float> values(std::min(kPieceElements, count - done));
    random.fillFloats(values, distribution.mean, distribution.deviation);
    std::vector<std::uint16_t> halves(values.size());
    std::ranges::transform(values, halves.begin(), [](float value) {  // truncated: random anyway
      return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16);
    });
    if (Status added = append(region, halves); !added) return added;
  }
  return region.flush();
}

Status writeRows(const PlannedTensor& tensor, RandomElements& random, OutputFile& file) {
  ScaleTable table(random, distributionOf(*tensor.source).deviation,
                   RandomElements::kInt8Deviation);
  std::array regions{RegionWriter(file, tensor.values.offset),
                     RegionWriter(file, tensor.scales->offset)};
  std::vector<std::uint8_t> values(tensor.source->shape[1]);
  std::vector<std::uint16_t> scales(blocksPerRow(values.size()));
  for (std::size_t row = 0; row < tensor.source->shape[0]; ++row) {
    random.fillInt8(values, 0);
    for (std::uint16_t& scale : scales) scale = table.scales[table.next++ % kScaleTable];
    if (Status added = append(regions[0], values); !added) return added;
    if (Status added = append(regions[1], scales); !added) return added;
  }
  return flush(regions);
}

/// Gives the values of rows from `rows` on and of columns from `cols` on their padding value.
///   values  of one panel, as weight_matrix.h lays them out
void clearPadding(WeightType type, std::size_t rows, std::size_t cols,
                  std::span<std::uint8_t> values) {
  constexpr std::size_t kQuad = 4;
  constexpr std::size_t kQ4HalfBlock = kBlockSize / 2;
  const std::size_t blockBytes = panelBlockBytes(type);
  // Rows may end in every block, columns only in the last one.
  const std::size_t begin = rows < kPanelRows ? 0 : values.size() - blockBytes;
  for (std::size_t at = begin; at < values.size(); ++at) {
    const std::size_t inBlock = at % blockBytes;
    const std::size_t row = inBlock / kQuad % kPanelRows;
    const std::size_t col =
        at / blockBytes * kBlockSize + inBlock / (kQuad * kPanelRows) * kQuad + inBlock % kQuad;
    if (type == WeightType::Q8Panels) {
      if (row >= rows || col >= cols) values[at] = kQ8PanelOffset;
    } else {
      if (row >= rows || col >= cols) values[at] &= 0xf0u;
      if (row >= rows || col + kQ4HalfBlock >= cols) values[at] &= 0x0fu;
    }
  }
}

/// One panel at a time; the padding gets the values that Checkpoint promises.
Status writePanels(const PlannedTensor& tensor, RandomElements& random, OutputFile& file) {
  const bool isQ4 = *tensor.type == WeightType::Q4Panels;
  const std::size_t rows = tensor.source->shape[0];
  const std::size_t cols = tensor.source->shape[1];
  const std::size_t blocks = blocksPerRow(cols);
  ScaleTable table(random, distributionOf(*tensor.source).deviation,
                   isQ4 ? RandomElements::kNibbleDeviation : RandomElements::kInt8Deviation);
  std::array regions{RegionWriter(file, tensor.values.offset),
                     RegionWriter(file, tensor.scales->offset),
                     RegionWriter(file, isQ4 ? tensor.minimums->offset : 0)};
  std::vector<std::uint8_t> values(blocks * panelBlockBytes(*tensor.type));
  std::vector<std::uint16_t> scales(blocks * kPanelRows);
  std::vector<std::uint16_t> minimums(isQ4 ? scales.size() : 0);
  for (std::size_t panel = 0; panel < panelsFor(rows); ++panel) {
    isQ4 ? random.fillNibbles(values) : random.fillInt8(values, kQ8PanelOffset);
    const std::size_t usedRows = std::min(kPanelRows, rows - panel * kPanelRows);
    clearPadding(*tensor.type, usedRows, cols, values);
    for (std::size_t i = 0; i < scales.size(); ++i) {
      const bool used = i % kPanelRows < usedRows;
      const std::size_t entry = table.next++ % kScaleTable;
      scales[i] = used ? table.scales[entry] : std::uint16_t{0};
      if (isQ4) minimums[i] = used ? table.minimums[entry] : std::uint16_t{0};
    }
    if (Status added = append(regions[0], values); !added) return added;
    if (Status added = append(regions[1], scales); !added) return added;
    if (Status added = append(regions[2], minimums); !added) return added;
  }
  return flush(std::span(regions).first(isQ4 ? 3 : 2));
}

Status writeTensor(const PlannedTensor& tensor, RandomElements& random, OutputFile& file) {
  if (!tensor.type) return writeFloats(tensor, random, file);
  return isPanels(*tensor.type) ? writePanels(tensor, random, file)
                                : writeRows(tensor, random, file);
}

std::size_t outputBytes(const PlannedTensor& tensor) {
  return tensor.values.bytes + (tensor.scales ? tensor.scales->bytes : 0) +
         (tensor.minimums ? tensor.minimums->bytes : 0);
}

Status writeShards(const ConversionPlan& plan, std::uint64_t seed, const fs::path& folder,
                   const ConvertProgress& progress) {
  RandomElements random(seed);
  std::size_t doneBytes = 0;
  for (const PlannedShard& shard : plan.shards) {
    Result<OutputFile> file = OutputFile::create(folder / shard.fileName, shard.fileBytes);
    if (!file) return file.error();
    if (Status header = file->writeAt(0, std::as_bytes(std::span(shard.header))); !header)
      return header;
    for (const PlannedTensor& tensor : shard.tensors) {
      if (Status written = writeTensor(tensor, random, *file); !written) return written;
      doneBytes += outputBytes(tensor);
      if (progress) progress(doneBytes, plan.outputBytes);
    }
    if (Status synced = file->sync(); !synced) return synced;
  }
  return {};
}

Status writeText(const fs::path& path, const std::string& text) {
  return writeNewFile(path, std::as_bytes(std::span(text)));
}

Status writeConfigs(const RandomCheckpointOptions& options, const fs::path& folder) {
  json config = options.config;
  if (options.type) config["quantization_config"] = quantizationConfigJson(*options.type);
  if (Status written = writeText(folder / "config.json", config.dump(2) + "\n"); !written)
    return written;
  return writeText(folder / "processor_config.json",
                   processorConfigFor(options.config).dump(2) + "\n");
}

Status copyTokenizer(const fs::path& source, const fs::path& folder) {
  for (const char* name : {"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"}) {
    std::error_code error;
    fs::copy_file(source / name, folder / name, error);
    if (error) {
      return Error{ErrorCode::NotFound, (source / name).string() + ": " + error.message()};
    }
  }
  return {};
}

}  // namespace

Status writeRandomCheckpoint(const RandomCheckpointOptions& options, const fs::path& destination,
                             const ConvertProgress& progress) {
  Result<PartialFolder> folder = PartialFolder::create(destination);
  if (!folder) return folder.error();
  if (Status written = writeConfigs(options, folder->path()); !written) return written;
  const Result<ModelConfig> config = loadModelConfig(folder->path());
  if (!config) return config.error();

  std::vector<StoredTensor> tensors;
  for (TensorShape& tensor : modelTensors(*config)) {
    tensors.push_back({std::move(tensor.name), DType::BF16, std::move(tensor.shape), {}});
  }
  std::vector<const StoredTensor*> pointers;
  pointers.reserve(tensors.size());
  for (const StoredTensor& tensor : tensors) pointers.push_back(&tensor);
  const Result<ConversionPlan> plan = planConversion(pointers, options.type);
  if (!plan) return plan.error();

  if (Status written = writeShards(*plan, options.seed, folder->path(), progress); !written)
    return written;
  if (Status index = writeText(folder->path() / "model.safetensors.index.json", indexText(*plan));
      !index)
    return index;
  if (Status copied = copyTokenizer(options.tokenizerFolder, folder->path()); !copied)
    return copied;
  return folder->commit();
}

}  // namespace vl
