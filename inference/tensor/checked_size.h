#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>

namespace vl {

/// a * b, or nullopt when it does not fit: sizes from files are multiplied with these.
constexpr std::optional<std::size_t> checkedMultiply(std::size_t a, std::size_t b) {
  if (b != 0 && a > std::numeric_limits<std::size_t>::max() / b) return std::nullopt;
  return a * b;
}

/// The product of all factors (1 for none), or nullopt when a step does not fit.
constexpr std::optional<std::size_t> checkedProduct(std::span<const std::size_t> factors) {
  std::size_t product = 1;
  for (const std::size_t factor : factors) {
    const std::optional<std::size_t> next = checkedMultiply(product, factor);
    if (!next) return std::nullopt;
    product = *next;
  }
  return product;
}

}  // namespace vl
