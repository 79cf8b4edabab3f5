#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "inference/base/result.h"
#include "inference/tensor/weight_matrix.h"
#include "inference/weights/safetensors.h"

namespace vl {

/// All tensors of a checkpoint folder: model.safetensors.index.json where there is one, else
/// model.safetensors (SPEC section 1). Weights stay mapped. Movable; what it hands out is valid
/// while it lives. Safe to read from several threads after open().
///
/// A Q8_0 weight "x.weight" of shape [rows, cols] is stored as I8 "x.weight" [rows, cols] and
/// F16 "x.weight_scale" [rows, ceil(cols / 32)].
class Checkpoint {
 public:
  /// The index may name shards as it likes, but only below the folder (links are followed, as
  /// download caches use them). Tensors of a shard that the index does not list are kept, too.
  /// Errors: NotFound, Io, Corrupt (also: index names a file or tensor that is not there, a tensor
  /// in two files), Unsupported.
  static Result<Checkpoint> open(const std::filesystem::path& folder);

  /// nullptr when there is none.
  const StoredTensor* find(std::string_view name) const;
  /// Every tensor, ordered by name.
  std::vector<const StoredTensor*> tensors() const;
  /// Sum of the files' sizes.
  std::size_t fileBytes() const;

  /// A linear weight [rows, cols] in any WeightType; a stored shape with more dimensions is
  /// accepted when its outermost is rows and the rest multiply to cols (convolutions).
  /// Error: Corrupt, naming the tensor, the shape found and the one expected.
  Result<WeightMatrix> matrix(std::string_view name, std::size_t rows, std::size_t cols);
  /// A small tensor of exactly `count` values in any floating type, converted to F32.
  Result<std::vector<float>> vector(std::string_view name, std::size_t count) const;

 private:
  Status addFile(const std::filesystem::path& path);
  Status addIndex(const std::filesystem::path& folder, const std::filesystem::path& indexPath);
  const std::byte* alignedData(const StoredTensor& tensor);

  std::filesystem::path folder_;
  std::vector<SafetensorsFile> files_;
  std::map<std::string_view, const StoredTensor*> byName_;  // into files_, whose nodes stay put
  std::vector<std::unique_ptr<std::byte[]>> realigned_;     // copies of tensors at odd offsets
};

}  // namespace vl
