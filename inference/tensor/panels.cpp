#include "inference/tensor/panels.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "inference/tensor/quantize.h"

namespace vl {
namespace {

constexpr std::size_t kQuad = 4;                      // values of a row that lie together
constexpr std::size_t kQ4HalfBlock = kBlockSize / 2;  // distance of the columns that share a byte

/// Where a column stands in the [quad][row][4] bytes of its block.
std::size_t byteOf(std::size_t row, std::size_t col) {
  return (col / kQuad * kPanelRows + row) * kQuad + col % kQuad;
}

/// weights, values: one block of a row; block: its bytes in the panel.
Status quantizeQ8Block(std::span<const float> weights, std::size_t row,
                       std::span<std::uint8_t> block, std::uint16_t& scale) {
  std::array<std::int8_t, kBlockSize> values{};
  Status quantized =
      quantizeRowQ8(weights, std::span(values).first(weights.size()), std::span(&scale, 1));
  for (std::size_t col = 0; col < kBlockSize; ++col) {
    block[byteOf(row, col)] = static_cast<std::uint8_t>(values[col] + kQ8PanelOffset);
  }
  return quantized;
}

Status quantizeQ4Block(std::span<const float> weights, std::size_t row,
                       std::span<std::uint8_t> block, std::uint16_t& scale,
                       std::uint16_t& minimum) {
  std::array<std::uint8_t, kBlockSize> values{};
  Status quantized = quantizeRowQ4(weights, std::span(values).first(weights.size()),
                                   std::span(&scale, 1), std::span(&minimum, 1));
  for (std::size_t col = 0; col < kQ4HalfBlock; ++col) {
    block[byteOf(row, col)] =
        static_cast<std::uint8_t>(values[col] | values[col + kQ4HalfBlock] << 4);
  }
  return quantized;
}

}  // namespace

Status quantizePanel(WeightType type, MatrixView<const float> rows, PanelSpan panel) {
  const std::size_t blocks = blocksPerRow(rows.cols());
  const std::size_t blockBytes = panelBlockBytes(type);
  const bool isQ4 = type == WeightType::Q4Panels;
  assert(rows.rows() <= kPanelRows && panel.values.size() == blocks * blockBytes);
  assert(panel.scales.size() == blocks * kPanelRows);
  assert(panel.minimums.size() == (isQ4 ? blocks * kPanelRows : 0));
  std::ranges::fill(panel.values, isQ4 ? std::uint8_t{0} : kQ8PanelOffset);
  std::ranges::fill(panel.scales, std::uint16_t{0});
  std::ranges::fill(panel.minimums, std::uint16_t{0});
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    for (std::size_t b = 0; b < blocks; ++b) {
      const std::size_t begin = b * kBlockSize;
      const auto weights = rows.row(row).subspan(begin, std::min(kBlockSize, rows.cols() - begin));
      const auto block = panel.values.subspan(b * blockBytes, blockBytes);
      const std::size_t at = b * kPanelRows + row;
      Status quantized =
          isQ4 ? quantizeQ4Block(weights, row, block, panel.scales[at], panel.minimums[at])
               : quantizeQ8Block(weights, row, block, panel.scales[at]);
      if (!quantized) return quantized;
    }
  }
  return {};
}

}  // namespace vl
