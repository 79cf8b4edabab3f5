#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "inference/vision/image.h"

/// Pictures that are defined by integer arithmetic, so that any program can make the same ones;
/// the vectors in tests/data/vision name them.
namespace vl::test {

/// One grey everywhere.
RgbImage flat(int width, int height, std::uint8_t value);
/// R grows with x, G with y, B with x + y.
RgbImage gradient(int width, int height);
/// White noise from a hash of the byte's index.
RgbImage noise(int width, int height, std::uint32_t seed);
/// Black and white squares of `cell` pixels.
RgbImage checker(int width, int height, int cell);
/// Rings around the centre, a different pitch per channel.
RgbImage rings(int width, int height);

/// The generator by name; `arguments` are its parameters in order.
RgbImage synthetic(const std::string& generator, const std::vector<int>& arguments);

}  // namespace vl::test
