#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inference/base/result.h"
#include "inference/tensor/stored_tensor.h"

namespace vl {

/// Largest data of one shard, unless a single tensor is larger.
inline constexpr std::size_t kMaxShardBytes = std::size_t{4} << 30;

/// A tensor of the new checkpoint, before its elements exist.
struct OutputTensor {
  std::string name;
  DType dtype = DType::F32;
  std::vector<std::size_t> shape;
  std::size_t bytes = 0;
  std::size_t offset = 0;  // in the shard's file
};

/// What becomes of one source tensor: copied, or quantised when there are scales.
struct PlannedTensor {
  const StoredTensor* source = nullptr;
  OutputTensor values;
  std::optional<OutputTensor> scales;
};

struct PlannedShard {
  std::string fileName;
  std::vector<PlannedTensor> tensors;
  std::string header;  // the file up to its first element
  std::size_t fileBytes = 0;
};

struct ConversionPlan {
  std::vector<PlannedShard> shards;
  std::size_t sourceBytes = 0;  // of the tensors that are read
  std::size_t outputBytes = 0;  // of all shards
};

/// Whether q8_0 stores this tensor in 8 bits: the linear weights, embeddings and output head. Not
/// norms, biases, position and patch embeddings, image_newline, view_seperator, nor the router,
/// whose choices flip on small errors.
bool isQuantized(const StoredTensor& tensor);

/// Whether nothing computes with the tensor (vision.attn_pool), so that it is left out.
bool isDropped(std::string_view name);

/// Lays the converted tensors out in shards, in the given order; within a shard wide elements come
/// first, so that all are aligned although the format forbids gaps.
/// Errors: Corrupt (a name that a scale needs is taken), Unsupported (header beyond the format).
Result<ConversionPlan> planConversion(std::span<const StoredTensor* const> tensors,
                                      std::size_t maxShardBytes = kMaxShardBytes);

/// model.safetensors.index.json of the planned shards.
std::string indexText(const ConversionPlan& plan);

}  // namespace vl
