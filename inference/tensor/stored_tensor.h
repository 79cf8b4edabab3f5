#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "inference/tensor/dtype.h"

namespace vl {

/// A tensor where it lies in a mapped file; valid while the file stays open. dtype and shape are
/// checked once, when it becomes typed weights.
struct StoredTensor {
  std::string name;
  DType dtype = DType::F32;
  std::vector<std::size_t>
      shape;  // outermost first; the product times sizeOf(dtype) is bytes.size()
  std::span<const std::byte> bytes;
};

}  // namespace vl
