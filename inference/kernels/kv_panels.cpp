#include "inference/kernels/kv_panels.h"

#include <algorithm>
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

void KvPanels::putKeys(std::size_t begin, MatrixView<const float> keys) const {
  assert(keys.cols() == keyWidth_);
  for (std::size_t t = 0; t < keys.rows();) {
    const bool panel = (begin + t) % kPanelRows == 0 && keys.rows() - t >= kPanelRows;
    if (panel) {
      putKeyPanel((begin + t) / kPanelRows, keys.middleRows(t, kPanelRows));
    } else {
      putKey(begin + t, keys.row(t));
    }
    t += panel ? kPanelRows : 1;
  }
}

void KvPanels::putValues(std::size_t begin, MatrixView<const float> values) const {
  assert(values.cols() == valueWidth_);
  for (std::size_t t = 0; t < values.rows(); ++t) putValue(begin + t, values.row(t));
}

void KvPanels::copyKeys(std::size_t begin, MatrixView<std::uint16_t> rows) const {
  assert(rows.cols() <= 2 * keyPairs());
  for (std::size_t t = 0; t < rows.rows(); ++t) {
    const std::size_t position = begin + t;
    const std::uint32_t* from =
        keys_ + position / kPanelRows * keyPairs() * kPanelRows + position % kPanelRows;
    const std::span<std::uint16_t> to = rows.row(t);
    for (std::size_t i = 0; i < to.size(); ++i) {
      to[i] = static_cast<std::uint16_t>(from[i / 2 * kPanelRows] >> (i % 2 * 16));
    }
  }
}

void KvPanels::putKeyPanel(std::size_t panel, MatrixView<const float> keys) const {
  std::uint16_t rounded[kPanelRows * kPiece];
  std::uint32_t* to = keys_ + panel * keyPairs() * kPanelRows;
  for (std::size_t at = 0; at < keyWidth_; at += kPiece) {
    const std::size_t count = std::min(kPiece, keyWidth_ - at);
    for (std::size_t r = 0; r < kPanelRows; ++r) {
      kernels().roundBf16(keys.row(r).data() + at, rounded + r * kPiece, count);
    }
    kernels().packBf16(rounded, kPiece, kPanelRows, count, to + at / 2 * kPanelRows);
  }
}

void KvPanels::putKey(std::size_t position, std::span<const float> key) const {
  std::uint16_t rounded[kPiece + 1];
  std::uint32_t* to =
      keys_ + position / kPanelRows * keyPairs() * kPanelRows + position % kPanelRows;
  for (std::size_t at = 0; at < keyWidth_; at += kPiece) {
    const std::size_t count = std::min(kPiece, keyWidth_ - at);
    rounded[count] = 0;  // the second of an odd width's last pair
    kernels().roundBf16(key.data() + at, rounded, count);
    for (std::size_t i = 0; i < count; i += 2) {
      to[(at + i) / 2 * kPanelRows] = rounded[i] | std::uint32_t{rounded[i + 1]} << 16;
    }
  }
}

void KvPanels::putValue(std::size_t position, std::span<const float> value) const {
  std::uint16_t rounded[kPiece];
  std::uint32_t* to = values_ + position / 2 * paddedWidth(valueWidth_);
  for (std::size_t at = 0; at < valueWidth_; at += kPiece) {
    const std::size_t count = std::min(kPiece, valueWidth_ - at);
    kernels().roundBf16(value.data() + at, rounded, count);
    if (position % 2 == 0) {
      for (std::size_t i = 0; i < count; ++i) to[at + i] = rounded[i];
    } else {
      for (std::size_t i = 0; i < count; ++i) {
        to[at + i] = (to[at + i] & 0xffffu) | std::uint32_t{rounded[i]} << 16;
      }
    }
  }
}

}  // namespace vl
