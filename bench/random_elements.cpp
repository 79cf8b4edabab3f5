#include "bench/random_elements.h"

#include <algorithm>
#include <cmath>

namespace vl {
namespace {

constexpr std::size_t kBlockLength = 4194319;  // the smallest prime above 2^22

/// Calls copy(first, count, at): elements [first, first + count) of the block go to `at`.
template <typename Copy>
void repeat(std::size_t length, std::size_t& position, Copy copy) {
  for (std::size_t at = 0; at < length;) {
    const std::size_t count = std::min(length - at, kBlockLength - position);
    copy(position, count, at);
    at += count;
    position = (position + count) % kBlockLength;
  }
}

}  // namespace

RandomElements::RandomElements(std::uint64_t seed)
    : engine_(seed), normal_(kBlockLength), int8_(kBlockLength), nibbles_(kBlockLength) {
  std::normal_distribution<float> normal;
  for (std::size_t i = 0; i < kBlockLength; ++i) {
    normal_[i] = normal(engine_);
    const float value = std::clamp(normal_[i] * kInt8Deviation, -127.0f, 127.0f);
    int8_[i] = static_cast<std::uint8_t>(static_cast<std::int8_t>(std::lround(value)));
    nibbles_[i] = static_cast<std::uint8_t>(engine_());
  }
}

void RandomElements::fillFloats(std::span<float> values, float mean, float deviation) {
  repeat(values.size(), position_, [&](std::size_t first, std::size_t count, std::size_t at) {
    for (std::size_t i = 0; i < count; ++i) values[at + i] = mean + deviation * normal_[first + i];
  });
}

void RandomElements::fillInt8(std::span<std::uint8_t> values, std::uint8_t offset) {
  repeat(values.size(), position_, [&](std::size_t first, std::size_t count, std::size_t at) {
    for (std::size_t i = 0; i < count; ++i) {
      values[at + i] = static_cast<std::uint8_t>(int8_[first + i] + offset);
    }
  });
}

void RandomElements::fillNibbles(std::span<std::uint8_t> values) {
  repeat(values.size(), position_, [&](std::size_t first, std::size_t count, std::size_t at) {
    std::copy_n(nibbles_.data() + first, count, values.data() + at);
  });
}

}  // namespace vl
