#include "inference/kernels/kv_panels.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "inference/kernels/dispatch.h"
#include "inference/tensor/weight_matrix.h"

namespace vl {
namespace {

/// Dimensions rounded at a time.
constexpr std::size_t kPiece = 256;

std::size_t paddedWidth(std::size_t width) { return panelsFor(width) * kPanelRows; }

}  // namespace

std::size_t KvPanels::keyWords(std::size_t positions, std::size_t width) {
  return panelsFor(positions) * ((width + 1) / 2) * kPanelRows;
}

std::size_t KvPanels::valueWords(std::size_t positions, std::size_t width) {
  return (positions + 1) / 2 * paddedWidth(width);
}

Bf16Panels KvPanels::keys() const { return {keys_, keyPairs() * kPanelRows, kPanelRows}; }

Bf16Panels KvPanels::values() const { return {values_, kPanelRows, paddedWidth(valueWidth_)}; }

void KvPanels::put(std::size_t begin, MatrixView<const float> keys,
                   MatrixView<const float> values) const {
  assert(keys.cols() == keyWidth_ && values.cols() == valueWidth_ && keys.rows() == values.rows());
  std::array<std::uint16_t, kPiece> rounded;
  for (std::size_t t = 0; t < keys.rows(); ++t) {
    const std::size_t position = begin + t;
    std::uint32_t* key =
        keys_ + position / kPanelRows * keyPairs() * kPanelRows + position % kPanelRows;
    for (std::size_t at = 0; at < keyWidth_; at += kPiece) {
      const std::size_t count = std::min(kPiece, keyWidth_ - at);
      rounded[std::min(count, kPiece - 1)] = 0;
      kernels().roundBf16(keys.row(t).data() + at, rounded.data(), count);
      for (std::size_t i = 0; i < count; i += 2) {
        key[(at + i) / 2 * kPanelRows] = rounded[i] | std::uint32_t{rounded[i + 1]} << 16;
      }
    }
    std::uint32_t* value = values_ + position / 2 * paddedWidth(valueWidth_);
    const bool second = position % 2 != 0;
    for (std::size_t at = 0; at < valueWidth_; at += kPiece) {
      const std::size_t count = std::min(kPiece, valueWidth_ - at);
      kernels().roundBf16(values.row(t).data() + at, rounded.data(), count);
      for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t& word = value[at + i];
        word = second ? (word & 0xffffu) | std::uint32_t{rounded[i]} << 16 : rounded[i];
      }
    }
  }
}

}  // namespace vl
