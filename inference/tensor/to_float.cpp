#include "inference/tensor/to_float.h"

#include <cassert>
#include <cstdint>
#include <cstring>

namespace vl {
namespace {

template <typename Widen>
void widenHalves(const std::byte* source, std::span<float> values, Widen widen) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, source + i * sizeof(bits), sizeof(bits));
    values[i] = widen(bits);
  }
}

}  // namespace

void toFloat(DType type, std::span<const std::byte> bytes, std::span<float> values) {
  assert(isFloating(type) && bytes.size() == values.size() * sizeOf(type));
  if (type == DType::F32) {
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  } else if (type == DType::BF16) {
    widenHalves(bytes.data(), values, [](std::uint16_t bits) { return bf16ToFloat(bits); });
  } else {
    widenHalves(bytes.data(), values, [](std::uint16_t bits) { return halfToFloat(bits); });
  }
}

}  // namespace vl
