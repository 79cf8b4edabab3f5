#include "inference/tensor/panels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "inference/tensor/quantize.h"
#include "tests/support/random.h"
#include "tests/support/weight_value.h"

namespace vl {
namespace {

/// A panel that starts with other contents than it should end with.
struct Panel {
  WeightType type;
  std::size_t rows;
  std::size_t cols;
  std::vector<std::uint8_t> values;
  std::vector<std::uint16_t> scales;
  std::vector<std::uint16_t> minimums;

  Panel(WeightType panelType, std::size_t rowCount, std::size_t colCount)
      : type(panelType),
        rows(rowCount),
        cols(colCount),
        values(blocksPerRow(cols) * panelBlockBytes(type), 0xa5),
        scales(blocksPerRow(cols) * kPanelRows, 0xa5a5),
        minimums(type == WeightType::Q4Panels ? scales.size() : 0, 0xa5a5) {}

  Status quantise(const std::vector<float>& weights) {
    return quantizePanel(type, {weights.data(), rows, cols}, {values, scales, minimums});
  }
  /// As a matrix that has all of the panel's rows and columns, padding included.
  WeightMatrix whole() const {
    return {type,
            values.data(),
            scales.data(),
            kPanelRows,
            blocksPerRow(cols) * kBlockSize,
            minimums.empty() ? nullptr : minimums.data()};
  }
};

class PanelTest : public testing::TestWithParam<WeightType> {};

TEST_P(PanelTest, HoldsWhatTheRowsQuantiseToAndPaddingElsewhere) {
  const bool isQ4 = GetParam() == WeightType::Q4Panels;
  for (const std::size_t rows : {1, 2, 15, 16}) {
    for (const std::size_t cols : {1, 15, 16, 17, 31, 32, 33, 63, 64, 70}) {
      Panel panel(GetParam(), rows, cols);
      const std::vector<float> weights = test::gaussian(rows * cols, 1, 0.02f);
      ASSERT_TRUE(panel.quantise(weights));
      const WeightMatrix whole = panel.whole();
      for (std::size_t row = 0; row < kPanelRows; ++row) {
        std::vector<std::int8_t> int8(cols);
        std::vector<std::uint8_t> int4(cols);
        std::vector<std::uint16_t> scales(blocksPerRow(cols));
        std::vector<std::uint16_t> minimums(scales.size());
        if (row < rows) {
          const std::span source(weights.data() + row * cols, cols);
          ASSERT_TRUE(isQ4 ? quantizeRowQ4(source, int4, scales, minimums)
                           : quantizeRowQ8(source, int8, scales));
        }
        for (std::size_t col = 0; col < whole.cols(); ++col) {
          const bool padding = col >= cols;
          const int expected = padding ? 0 : isQ4 ? int4[col] : int8[col];
          const std::size_t at = test::scaleIndex(whole, row, col);
          ASSERT_EQ(test::quantisedValue(whole, row, col), expected) << row << ", " << col;
          ASSERT_EQ(panel.scales[at], scales[col / kBlockSize]) << row << ", " << col;
          if (isQ4) {
            ASSERT_EQ(panel.minimums[at], minimums[col / kBlockSize]) << row << ", " << col;
          }
        }
      }
    }
  }
}

TEST_P(PanelTest, RefusesWeightsThatAreNotFinite) {
  for (const float bad :
       {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    Panel panel(GetParam(), 3, 40);
    std::vector<float> weights(std::size_t{3} * 40, 0.5f);
    weights.back() = bad;
    const Status done = panel.quantise(weights);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::Corrupt);
  }
}

INSTANTIATE_TEST_SUITE_P(EveryType, PanelTest,
                         testing::Values(WeightType::Q8Panels, WeightType::Q4Panels),
                         [](const auto& test) {
                           return test.param == WeightType::Q8Panels ? "Q8" : "Q4";
                         });

}  // namespace
}  // namespace vl
