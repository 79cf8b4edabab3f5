#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace vl {

/// Element types that a safetensors file of ours may hold.
enum class DType : std::uint8_t { F32, F16, BF16, I8, U8, I32 };

/// Bytes of one element.
constexpr std::size_t sizeOf(DType type) {
  switch (type) {
    case DType::F32:
    case DType::I32:
      return 4;
    case DType::F16:
    case DType::BF16:
      return 2;
    case DType::I8:
    case DType::U8:
      return 1;
  }
  return 0;
}

/// The name in a safetensors header ("BF16"), and back; nullopt for a type we do not read.
constexpr std::string_view nameOf(DType type) {
  switch (type) {
    case DType::F32:
      return "F32";
    case DType::F16:
      return "F16";
    case DType::BF16:
      return "BF16";
    case DType::I8:
      return "I8";
    case DType::U8:
      return "U8";
    case DType::I32:
      return "I32";
  }
  return "?";
}
constexpr std::optional<DType> dtypeFromName(std::string_view name) {
  for (const DType type : {DType::F32, DType::F16, DType::BF16, DType::I8, DType::U8, DType::I32}) {
    if (nameOf(type) == name) return type;
  }
  return std::nullopt;
}

inline float bf16ToFloat(std::uint16_t bits) {
  return std::bit_cast<float>(std::uint32_t{bits} << 16);
}

/// IEEE half precision, all values including subnormals, infinities and NaN.
float halfToFloat(std::uint16_t bits);
/// Rounds to nearest, ties to even; overflows to infinity.
std::uint16_t floatToHalf(float value);

}  // namespace vl
