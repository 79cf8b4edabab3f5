#include "inference/tensor/to_float.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace vl {
namespace {

/// The elements behind one stray byte, so that they lie at an odd address.
template <typename T>
std::vector<std::byte> oddlyPlaced(const std::vector<T>& elements) {
  std::vector<std::byte> bytes(1 + elements.size() * sizeof(T));
  std::memcpy(bytes.data() + 1, elements.data(), elements.size() * sizeof(T));
  return bytes;
}

template <typename T>
std::vector<float> widened(DType type, const std::vector<T>& elements) {
  const std::vector<std::byte> bytes = oddlyPlaced(elements);
  std::vector<float> values(elements.size());
  toFloat(type, std::span(bytes).subspan(1), values);
  return values;
}

TEST(ToFloat, WidensEveryFloatingTypeFromUnalignedBytes) {
  const std::vector<float> expected = {1.0f, -2.5f, 0.0f};
  EXPECT_EQ(widened(DType::F32, expected), expected);
  EXPECT_EQ(widened<std::uint16_t>(DType::F16, {0x3c00, 0xc100, 0x0000}), expected);
  EXPECT_EQ(widened<std::uint16_t>(DType::BF16, {0x3f80, 0xc020, 0x0000}), expected);
}

TEST(ToFloat, AcceptsNoElements) {
  for (const DType type : {DType::F32, DType::F16, DType::BF16}) toFloat(type, {}, {});
}

TEST(IsFloating, HoldsForTheThreeFloatTypesOnly) {
  EXPECT_TRUE(isFloating(DType::F32) && isFloating(DType::F16) && isFloating(DType::BF16));
  EXPECT_FALSE(isFloating(DType::I8) || isFloating(DType::U8) || isFloating(DType::I32));
}

}  // namespace
}  // namespace vl
