#include "inference/tensor/dtype.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace vl {
namespace {

constexpr std::uint32_t kHalfInfinity = 0x7c00;

/// The value of a finite half by its definition, without bit tricks.
double halfByDefinition(std::uint32_t bits) {
  const int exponent = static_cast<int>((bits >> 10) & 0x1f);
  const double mantissa = static_cast<double>(bits & 0x3ff) / 1024.0;
  const double magnitude =
      exponent == 0 ? std::ldexp(mantissa, -14) : std::ldexp(1.0 + mantissa, exponent - 15);
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

TEST(HalfToFloat, IsExactForEveryFiniteValue) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    if ((bits & kHalfInfinity) == kHalfInfinity) continue;
    const float value = halfToFloat(static_cast<std::uint16_t>(bits));
    ASSERT_EQ(value, halfByDefinition(bits)) << "bits " << bits;
    ASSERT_EQ(std::signbit(value), (bits & 0x8000) != 0) << "bits " << bits;
  }
}

TEST(HalfToFloat, KeepsInfinitiesAndNaNs) {
  EXPECT_EQ(halfToFloat(0x7c00), std::numeric_limits<float>::infinity());
  EXPECT_EQ(halfToFloat(0xfc00), -std::numeric_limits<float>::infinity());
  for (std::uint32_t mantissa = 1; mantissa < 0x400; ++mantissa) {
    ASSERT_TRUE(std::isnan(halfToFloat(static_cast<std::uint16_t>(kHalfInfinity | mantissa))));
  }
}

TEST(FloatToHalf, ReturnsEveryHalfUnchanged) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    const float value = halfToFloat(half);
    if (std::isnan(value)) {
      ASSERT_TRUE(std::isnan(halfToFloat(floatToHalf(value)))) << "bits " << bits;
    } else {
      ASSERT_EQ(floatToHalf(value), half) << "bits " << bits;
    }
  }
}

/// Between two neighbours only the midpoint matters: rounding never decreases with its input.
TEST(FloatToHalf, RoundsToNearestTiesToEvenBetweenAllNeighbours) {
  const float infinity = std::numeric_limits<float>::infinity();
  for (std::uint32_t low = 0; low < kHalfInfinity; ++low) {
    const std::uint32_t high = low + 1;
    // Beyond the largest half the next step would be 65536, which infinity stands for.
    const double highValue = high == kHalfInfinity ? 65536.0 : halfByDefinition(high);
    const auto middle = static_cast<float>((halfByDefinition(low) + highValue) / 2);  // exact
    const std::uint32_t even = low % 2 == 0 ? low : high;
    ASSERT_EQ(floatToHalf(middle), even) << "above " << low;
    ASSERT_EQ(floatToHalf(-middle), even | 0x8000) << "above " << low;
    ASSERT_EQ(floatToHalf(std::nextafter(middle, 0.0f)), low) << "above " << low;
    ASSERT_EQ(floatToHalf(std::nextafter(middle, infinity)), high) << "above " << low;
  }
}

TEST(FloatToHalf, OverflowsToInfinityAndUnderflowsToZero) {
  EXPECT_EQ(floatToHalf(std::numeric_limits<float>::max()), 0x7c00);
  EXPECT_EQ(floatToHalf(-std::numeric_limits<float>::infinity()), 0xfc00);
  EXPECT_EQ(floatToHalf(std::numeric_limits<float>::denorm_min()), 0x0000);
  EXPECT_EQ(floatToHalf(-0.0f), 0x8000);
}

TEST(Bf16ToFloat, IsTheUpperHalfOfAFloat) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const float value = bf16ToFloat(static_cast<std::uint16_t>(bits));
    ASSERT_EQ(std::bit_cast<std::uint32_t>(value), bits << 16);
  }
}

TEST(DTypeNames, AreThoseOfTheFormatAndRoundTrip) {
  for (const DType type : {DType::F32, DType::F16, DType::BF16, DType::I8, DType::U8, DType::I32}) {
    EXPECT_EQ(dtypeFromName(nameOf(type)), type);
  }
  for (const char* name : {"F64", "I64", "BOOL", "F8_E4M3", "f32", "", "BF16 "}) {
    EXPECT_EQ(dtypeFromName(name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace vl
