#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
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
/// Weight matrices [rows, cols] are told apart by dtype and shape; with blocks = ceil(cols / 32)
/// and panels = ceil(rows / 16):
///
///   F32, F16, BF16   "x.weight" [rows, cols], or a convolution's [rows, ...]
///   Q8_0       I8    "x.weight" [rows, cols]             F16 "x.weight_scale" [rows, blocks]
///   Q8Panels   U8    "x.weight" [panels, blocks * 512]   F16 "x.weight_scale" [panels, blocks *
///   16] Q4Panels   U8    "x.weight" [panels, blocks * 256]   F16 "x.weight_scale" and
///   "x.weight_min",
///                                                            [panels, blocks * 16] each
///
/// weight_matrix.h says what the elements mean. Padding has scale and minimum 0, values 128 in
/// Q8Panels and 0 in Q4Panels. What `vl2 convert` writes is aligned for vector loads: values of
/// panels at 64 bytes, their scales and minimums at 32.
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
  /// The F16 tensor beside a quantised weight. Error: Corrupt.
  Result<const std::uint16_t*> halves(const std::string& name, std::size_t rows, std::size_t cols);
  Result<WeightMatrix> panels(const StoredTensor& weight, std::size_t rows, std::size_t cols);
  Error corrupt(std::string_view tensor, const std::string& what) const;
  const std::byte* alignedData(const StoredTensor& tensor);

  std::filesystem::path folder_;
  std::vector<SafetensorsFile> files_;
  std::map<std::string_view, const StoredTensor*> byName_;  // into files_, whose nodes stay put
  std::vector<std::unique_ptr<std::byte[]>> realigned_;     // copies of tensors at odd offsets
};

}  // namespace vl
