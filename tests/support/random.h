#pragma once

#include <cstddef>
#include <random>
#include <vector>

namespace vl::test {

/// Normally distributed values from a fixed seed.
inline std::vector<float> gaussian(std::size_t count, unsigned seed, float deviation = 1.0f) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0.0f, deviation);
  std::vector<float> values(count);
  for (float& v : values) v = normal(random);
  return values;
}

}  // namespace vl::test
