#pragma once

#include <cstdint>
#include <span>

#include "inference/base/result.h"

namespace vl {

/// Quantises one row of weights to q8_0: per 32 values (the last block may be shorter) an F16 scale
/// of max|w| / 127 and the values w / scale, rounded to nearest against the scale as stored. So
/// |w - value * scale| <= scale / 2, up to the rounding of the division; a block of zeros has scale
/// 0, and a scale that F16 would round to less than max|w| / 127.5 is rounded up instead.
/// Requires values.size() == row.size(), scales.size() == blocksPerRow(row.size()).
/// Errors: Corrupt (a NaN or an infinity), Unsupported (scale beyond F16).
Status quantizeRowQ8(std::span<const float> row, std::span<std::int8_t> values,
                     std::span<std::uint16_t> scales);

/// Quantises one row of weights to 4 bits: per 32 values (the last block may be shorter) an F16
/// scale and minimum, searched for the least squared error, and values 0..15; w = value * scale +
/// minimum. The squared error of a block is at most that of the code which spans it: minimum =
/// min(w), scale = (max(w) - min(w)) / 15, both as F16. The scale is not negative. Requires
/// values.size() == row.size(), scales and minimums as for quantizeRowQ8(). Errors: as for
/// quantizeRowQ8().
Status quantizeRowQ4(std::span<const float> row, std::span<std::uint8_t> values,
                     std::span<std::uint16_t> scales, std::span<std::uint16_t> minimums);

}  // namespace vl
