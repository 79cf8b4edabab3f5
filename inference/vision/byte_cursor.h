#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace vl {

/// Reads numbers one after another from bytes nobody has checked yet. A read or move past the end
/// yields zeros and makes ok() false for good, so a parser asks once per structure instead of once
/// per field; loops must ask in their condition.
class ByteCursor {
 public:
  ByteCursor(std::span<const std::byte> bytes, std::endian order) : bytes_(bytes), order_(order) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u24() { return number(3); }
  std::uint32_t u32() { return number(4); }

  /// The next `count` bytes, or an empty span when fewer are left.
  std::span<const std::byte> take(std::size_t count) {
    if (!ok_ || count > remaining()) {
      ok_ = false;
      return {};
    }
    position_ += count;
    return bytes_.subspan(position_ - count, count);
  }
  void skip(std::size_t count) { take(count); }
  void seek(std::size_t offset) {
    if (offset > bytes_.size()) ok_ = false;
    if (ok_) position_ = offset;
  }

  bool ok() const { return ok_; }
  std::size_t position() const { return position_; }
  std::size_t remaining() const { return bytes_.size() - position_; }

 private:
  std::uint32_t number(std::size_t width) {
    std::uint32_t value = 0;
    const std::span<const std::byte> field = take(width);
    for (std::size_t i = 0; i < field.size(); ++i) {
      const std::size_t significance = order_ == std::endian::big ? field.size() - 1 - i : i;
      value |= std::to_integer<std::uint32_t>(field[i]) << (8 * significance);
    }
    return value;
  }

  std::span<const std::byte> bytes_;
  std::endian order_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace vl
