#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>

namespace vl {

/// Values of a row that share a scale, in every quantised type.
inline constexpr std::size_t kBlockSize = 32;
/// Rows that a panel interleaves: one 512-bit register holds four values of each.
inline constexpr std::size_t kPanelRows = 16;

/// How the elements of a weight matrix are stored.
enum class WeightType : std::uint8_t {
  F32,
  F16,
  BF16,
  Q8_0,      // rows of int8 values with one F16 scale per block; w = value * scale
  Q8Panels,  // the same numbers in panels, the order in which the products read them
  Q4Panels,  // panels of 4-bit values, F16 scale and minimum per block; w = value * scale + minimum
};

constexpr bool isPanels(WeightType type) {
  return type == WeightType::Q8Panels || type == WeightType::Q4Panels;
}

/// Blocks per row; the last one of a row may be shorter. Panels fill it up with values whose
/// activations are zero.
constexpr std::size_t blocksPerRow(std::size_t cols) {
  return (cols + kBlockSize - 1) / kBlockSize;
}

/// Panels of a matrix; the last one is filled up with rows of zeros.
constexpr std::size_t panelsFor(std::size_t rows) { return (rows + kPanelRows - 1) / kPanelRows; }

/// Bytes of the values of one block of a panel: 16 rows x 32 columns.
///
/// Q8Panels: byte [quad][row][4], quad = 0..7: columns 4 * quad + (0..3) of the block, each
/// value + 128, unsigned, as the dot product instructions take one operand.
/// Q4Panels: byte [quad][row][4], quad = 0..3: low half the columns 4 * quad + (0..3), high half
/// the columns 16 + 4 * quad + (0..3).
constexpr std::size_t panelBlockBytes(WeightType type) {
  assert(isPanels(type));
  return type == WeightType::Q8Panels ? 512 : 256;
}

/// Non-owning linear weight [rows = out, cols = in] as mapped from the checkpoint: y = x W^T. The
/// mapping must outlive it. Pointers are aligned to their element.
///
///   F32, F16, BF16, Q8_0   data [rows, cols], row-major; Q8_0: scales [rows, blocks]
///   panels                 data [panels, blocks] of panelBlockBytes(); scales, and for Q4Panels
///                          minimums, [panels, blocks, 16]: one per row of the panel
class WeightMatrix {
 public:
  WeightMatrix() = default;
  /// scales, minimums: F16 bit patterns; null for the types that have none.
  WeightMatrix(WeightType type, const void* data, const std::uint16_t* scales, std::size_t rows,
               std::size_t cols, const std::uint16_t* minimums = nullptr)
      : type_(type), data_(data), scales_(scales), minimums_(minimums), rows_(rows), cols_(cols) {
    assert((type == WeightType::Q8_0 || isPanels(type)) == (scales != nullptr));
    assert((type == WeightType::Q4Panels) == (minimums != nullptr));
  }

  WeightType type() const { return type_; }
  std::size_t rows() const { return rows_; }
  std::size_t cols() const { return cols_; }
  const void* data() const { return data_; }
  const std::uint16_t* scales() const { return scales_; }
  const std::uint16_t* minimums() const { return minimums_; }

  /// Of data().
  std::size_t dataBytes() const {
    if (!isPanels(type_)) return rows_ * cols_ * elementBytes();
    return panelsFor(rows_) * blocksPerRow(cols_) * panelBlockBytes(type_);
  }

  /// Rows [begin, begin + count) of this matrix; of panels, begin must be a multiple of 16.
  WeightMatrix middleRows(std::size_t begin, std::size_t count) const {
    assert(begin + count <= rows_);
    const auto* bytes = static_cast<const std::uint8_t*>(data_);
    const std::size_t blocks = blocksPerRow(cols_);
    if (isPanels(type_)) {
      assert(begin % kPanelRows == 0);
      const std::size_t block = begin / kPanelRows * blocks;
      return {type_,
              bytes + block * panelBlockBytes(type_),
              scales_ + block * kPanelRows,
              count,
              cols_,
              minimums_ == nullptr ? nullptr : minimums_ + block * kPanelRows};
    }
    return {type_, bytes + begin * cols_ * elementBytes(),
            scales_ == nullptr ? nullptr : scales_ + begin * blocks, count, cols_};
  }

 private:
  std::size_t elementBytes() const {
    return type_ == WeightType::F32 ? 4 : type_ == WeightType::Q8_0 ? 1 : 2;
  }

  WeightType type_ = WeightType::F32;
  const void* data_ = nullptr;
  const std::uint16_t* scales_ = nullptr;
  const std::uint16_t* minimums_ = nullptr;
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
};

}  // namespace vl
