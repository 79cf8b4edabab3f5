#pragma once

#include <cstddef>
#include <span>

#include "inference/tensor/dtype.h"

namespace vl {

/// Whether elements of this type are real numbers; I8 is not: without its scales it means nothing.
constexpr bool isFloating(DType type) {
  return type == DType::F32 || type == DType::F16 || type == DType::BF16;
}

/// Widens values.size() elements, which need not be aligned, to F32.
/// Requires isFloating(type) and bytes.size() == values.size() * sizeOf(type).
void toFloat(DType type, std::span<const std::byte> bytes, std::span<float> values);

}  // namespace vl
