#include "inference/weights/conversion_plan.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "inference/tensor/to_float.h"
#include "inference/tensor/weight_matrix.h"
#include "inference/weights/quoted_text.h"
#include "inference/weights/safetensors_header.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kDataAlignment = 8;

/// Ends of the names of all linear weights; "mlp.gate.weight", the router, has none of them.
constexpr std::array<std::string_view, 8> kLinearWeights = {
    ".attn.qkv.weight", ".attn.proj.weight",     ".mlp.fc1.weight",      ".mlp.fc2.weight",
    "_proj.weight",     "_proj_with_mqa.weight", ".embed_tokens.weight", ".lm_head.weight"};

PlannedTensor planTensor(const StoredTensor& tensor) {
  PlannedTensor planned;
  planned.source = &tensor;
  planned.values = {.name = tensor.name,
                    .dtype = tensor.dtype,
                    .shape = tensor.shape,
                    .bytes = tensor.bytes.size()};
  if (isQuantized(tensor)) {
    const std::size_t rows = tensor.shape[0];
    const std::size_t cols = tensor.shape[1];
    // Both products are smaller than the source tensor, which lies in a file.
    planned.values.dtype = DType::I8;
    planned.values.bytes = rows * cols;
    const std::size_t blocks = q8BlocksPerRow(cols);
    planned.scales = OutputTensor{.name = tensor.name + "_scale",
                                  .dtype = DType::F16,
                                  .shape = {rows, blocks},
                                  .bytes = rows * blocks * sizeOf(DType::F16)};
  }
  return planned;
}

std::size_t outputBytes(const PlannedTensor& tensor) {
  return tensor.values.bytes + (tensor.scales ? tensor.scales->bytes : 0);
}

std::vector<OutputTensor*> outputsOf(PlannedShard& shard) {
  std::vector<OutputTensor*> outputs;
  for (PlannedTensor& tensor : shard.tensors) {
    outputs.push_back(&tensor.values);
    if (tensor.scales) outputs.push_back(&*tensor.scales);
  }
  return outputs;
}

/// Gives every tensor its offset and builds the header.
Status layOut(PlannedShard& shard) {
  std::vector<OutputTensor*> outputs = outputsOf(shard);
  std::ranges::stable_sort(outputs, std::ranges::greater{},
                           [](const OutputTensor* tensor) { return sizeOf(tensor->dtype); });
  json header;
  header["__metadata__"] = {{"format", "pt"}};
  std::size_t dataBytes = 0;
  for (OutputTensor* tensor : outputs) {
    tensor->offset = dataBytes;
    dataBytes += tensor->bytes;
    header[tensor->name] = {{"dtype", nameOf(tensor->dtype)},
                            {"shape", tensor->shape},
                            {"data_offsets", {tensor->offset, dataBytes}}};
  }
  std::string text = header.dump();
  text.append((kDataAlignment - text.size() % kDataAlignment) % kDataAlignment, ' ');
  if (text.size() > kMaxHeaderBytes) {
    return Error{ErrorCode::Unsupported, "the names and shapes need a header of " +
                                             std::to_string(text.size()) +
                                             " bytes, more than the format allows"};
  }
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    shard.header += static_cast<char>((std::uint64_t{text.size()} >> (8 * i)) & 0xFFu);
  }
  shard.header += text;
  for (OutputTensor* tensor : outputs) tensor->offset += shard.header.size();
  shard.fileBytes = shard.header.size() + dataBytes;
  return {};
}

std::string shardName(std::size_t number, std::size_t count) {
  std::array<char, 64> name{};  // two numbers of at most 20 digits
  std::snprintf(name.data(), name.size(), "model-%05zu-of-%05zu.safetensors", number, count);
  return name.data();
}

}  // namespace

bool isQuantized(const StoredTensor& tensor) {
  // A row shorter than a block would pay more for its scale than it saves.
  if (!isFloating(tensor.dtype) || tensor.shape.size() != 2 || tensor.shape[1] < kQ8BlockSize) {
    return false;
  }
  const std::string_view name = tensor.name;
  if (name.starts_with("projector.layers.")) return name.ends_with(".weight");
  return std::ranges::any_of(kLinearWeights,
                             [name](std::string_view end) { return name.ends_with(end); });
}

bool isDropped(std::string_view name) { return name.starts_with("vision.attn_pool."); }

Result<ConversionPlan> planConversion(std::span<const StoredTensor* const> tensors,
                                      std::size_t maxShardBytes) {
  std::set<std::string_view> names;
  for (const StoredTensor* tensor : tensors) names.insert(tensor->name);

  ConversionPlan plan;
  std::size_t shardBytes = 0;
  for (const StoredTensor* tensor : tensors) {
    if (isDropped(tensor->name)) continue;
    PlannedTensor planned = planTensor(*tensor);
    if (planned.scales && names.contains(planned.scales->name)) {
      return Error{ErrorCode::Corrupt, "tensor " + quotedText(planned.scales->name) +
                                           " exists, but the source is not quantised"};
    }
    plan.sourceBytes += tensor->bytes.size();
    const std::size_t bytes = outputBytes(planned);
    if (plan.shards.empty() || shardBytes + bytes > maxShardBytes) {
      plan.shards.emplace_back();
      shardBytes = 0;
    }
    shardBytes += bytes;
    plan.shards.back().tensors.push_back(std::move(planned));
  }
  for (std::size_t i = 0; i < plan.shards.size(); ++i) {
    PlannedShard& shard = plan.shards[i];
    shard.fileName = shardName(i + 1, plan.shards.size());
    if (const Status laidOut = layOut(shard); !laidOut) return laidOut.error();
    plan.outputBytes += shard.fileBytes;
  }
  return plan;
}

std::string indexText(const ConversionPlan& plan) {
  json weightMap = json::object();
  std::size_t totalBytes = 0;
  for (const PlannedShard& shard : plan.shards) {
    for (const PlannedTensor& tensor : shard.tensors) {
      weightMap[tensor.values.name] = shard.fileName;
      if (tensor.scales) weightMap[tensor.scales->name] = shard.fileName;
      totalBytes += outputBytes(tensor);
    }
  }
  const json index = {{"metadata", {{"total_size", totalBytes}}}, {"weight_map", weightMap}};
  return index.dump(2) + "\n";
}

}  // namespace vl
