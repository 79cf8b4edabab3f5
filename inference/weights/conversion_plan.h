#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inference/base/result.h"
#include "inference/tensor/stored_tensor.h"
#include "inference/tensor/weight_matrix.h"

namespace vl {

/// Largest data of one shard, unless a single tensor is larger.
inline constexpr std::size_t kMaxShardBytes = std::size_t{4} << 30;

/// A tensor of the new checkpoint, before its elements exist.
struct OutputTensor {
  std::string name;
  DType dtype = DType::F32;
  std::vector<std::size_t> shape;
  std::size_t bytes = 0;      // a multiple of the alignment
  std::size_t alignment = 1;  // of the first byte, in the file
  std::size_t offset = 0;     // in the shard's file
};

/// What becomes of one source tensor: copied, or a weight matrix of another type.
struct PlannedTensor {
  const StoredTensor* source = nullptr;
  std::optional<WeightType> type;  // Q8_0, Q8Panels or Q4Panels; none: copied as it is
  OutputTensor values;
  std::optional<OutputTensor> scales;    // of every type
  std::optional<OutputTensor> minimums;  // of Q4Panels
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

/// How a checkpoint whose linear weights are to be `type` (Q8Panels or Q4Panels) stores this
/// tensor; none: as it is. Quantised are the linear weights, embeddings and output head; not norms,
/// biases, position and patch embeddings, image_newline, view_seperator, nor the router, whose
/// choices flip on small errors.
///   Q8_0      what is read by rows: the embeddings and MLA's kv_b_proj; less than a panel of rows
///   Q8Panels  vision tower, projector and attention, also where the other weights are Q4Panels
std::optional<WeightType> storedType(const StoredTensor& tensor, WeightType type);

/// Whether nothing computes with the tensor (vision.attn_pool), so that it is left out.
bool isDropped(std::string_view name);

/// Lays the tensors out in shards, in the given order. Within a shard those of the largest
/// alignment come first, which keeps all aligned although the format forbids gaps: values of panels
/// at 64 bytes, their scales at 32, all others at their element's size. Looks at names, types and
/// shapes, not at elements.
///   type  of the linear weights, as for storedType(); none: every tensor is copied as it is
/// Errors: Corrupt (a name that a scale or minimum needs is taken), Unsupported (header beyond the
/// format).
Result<ConversionPlan> planConversion(std::span<const StoredTensor* const> tensors,
                                      std::optional<WeightType> type,
                                      std::size_t maxShardBytes = kMaxShardBytes);

/// model.safetensors.index.json of the planned shards.
std::string indexText(const ConversionPlan& plan);

}  // namespace vl
