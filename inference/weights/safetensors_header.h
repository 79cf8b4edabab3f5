#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <string>

#include "inference/base/result.h"
#include "inference/tensor/stored_tensor.h"

namespace vl {

using TensorsByName = std::map<std::string, StoredTensor, std::less<>>;

/// Largest header the format allows, and most dimensions of a tensor that we read.
inline constexpr std::size_t kMaxHeaderBytes = 100'000'000;
inline constexpr std::size_t kMaxDimensions = 8;

/// Reads the contents of a safetensors file: 8 bytes header length (little endian), a JSON header
/// name -> {dtype, shape, data_offsets}, then the elements. The tensors point into `file`.
///
/// Strict, as the format's own library is: header of at most 100 MB and inside the file, valid
/// UTF-8, unique names, nothing but the three keys, known dtypes, begin <= end <= size,
/// dtype x shape == bytes (overflow-checked), and tensors that cover the data without overlap, gap
/// or rest. Memory is bounded by a small multiple of the header's size, whatever its nesting.
/// `fileName` begins the error sentence. Errors: Corrupt; Unsupported (dtype, dimensions).
Result<TensorsByName> parseSafetensors(std::span<const std::byte> file,
                                       const std::string& fileName);

}  // namespace vl
