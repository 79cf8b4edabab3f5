#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "inference/base/result.h"
#include "inference/tensor/matrix_view.h"
#include "inference/tensor/weight_matrix.h"

namespace vl {

/// What Q8Panels adds to an int8 value.
inline constexpr std::uint8_t kQ8PanelOffset = 128;

/// One panel of a weight matrix while it is made, as weight_matrix.h lays it out.
struct PanelSpan {
  std::span<std::uint8_t> values;     // [blocks, panelBlockBytes()]
  std::span<std::uint16_t> scales;    // [blocks, 16], F16
  std::span<std::uint16_t> minimums;  // [blocks, 16], F16; Q4Panels only
};

/// Quantises up to 16 rows of weights, quantizeRowQ8() or quantizeRowQ4() for each, into a panel;
/// padding gets the values that Checkpoint promises. Errors: those of the row functions.
Status quantizePanel(WeightType type, MatrixView<const float> rows, PanelSpan panel);

}  // namespace vl
