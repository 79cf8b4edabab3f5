#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>

namespace vl {

/// Values per scale in q8_0.
inline constexpr std::size_t kQ8BlockSize = 32;

/// How the elements of a weight matrix are stored.
enum class WeightType : std::uint8_t {
  F32,
  F16,
  BF16,
  Q8_0,  // int8 values with one F16 scale per 32 values of a row; w = value * scale
};

/// Q8_0 scales per row; the last block of a row may be shorter than 32 values.
constexpr std::size_t q8BlocksPerRow(std::size_t cols) {
  return (cols + kQ8BlockSize - 1) / kQ8BlockSize;
}

/// Non-owning linear weight [rows = out, cols = in], row-major, as mapped from the checkpoint:
/// y = x W^T. The mapping must outlive it. Pointers are aligned to their element.
class WeightMatrix {
 public:
  WeightMatrix() = default;
  /// data: rows * cols elements. scales: for Q8_0 rows * q8BlocksPerRow(cols) F16 values, else
  /// null.
  WeightMatrix(WeightType type, const void* data, const std::uint16_t* scales, std::size_t rows,
               std::size_t cols)
      : type_(type), data_(data), scales_(scales), rows_(rows), cols_(cols) {
    assert((type == WeightType::Q8_0) == (scales != nullptr));
  }

  WeightType type() const { return type_; }
  std::size_t rows() const { return rows_; }
  std::size_t cols() const { return cols_; }
  const void* data() const { return data_; }
  const std::uint16_t* scales() const { return scales_; }

  /// Rows [begin, begin + count) of this matrix.
  WeightMatrix middleRows(std::size_t begin, std::size_t count) const {
    assert(begin + count <= rows_);
    const auto* bytes = static_cast<const std::uint8_t*>(data_);
    return {type_, bytes + begin * cols_ * elementBytes(),
            scales_ == nullptr ? nullptr : scales_ + begin * q8BlocksPerRow(cols_), count, cols_};
  }

 private:
  std::size_t elementBytes() const {
    return type_ == WeightType::F32 ? 4 : type_ == WeightType::Q8_0 ? 1 : 2;
  }

  WeightType type_ = WeightType::F32;
  const void* data_ = nullptr;
  const std::uint16_t* scales_ = nullptr;
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
};

}  // namespace vl
