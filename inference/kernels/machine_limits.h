#pragma once

#include <optional>
#include <stop_token>
#include <string_view>

#include "inference/kernels/compute.h"
#include "inference/kernels/peak_loops.h"

namespace vl {

/// What this machine can do at best on the threads of one Compute: what a bench compares with.
struct MachineLimits {
  double readGbps = 0;    // 10^9 bytes per second, read in order from far beyond the caches
  double f32Gflops = 0;   // 10^9 operations per second; a multiply-add counts as two
  double bf16Gflops = 0;  // BF16 in, F32 sums
  double int8Gops = 0;    // u8 x s8 in, 32-bit sums
};

/// The loops of an instruction set by the name that its kernel table has; null for others. Requires
/// that the table runs here.
std::optional<PeakLoops> peakLoopsOf(std::string_view isa);

/// Measures for about a second in all with the instructions of kernels(), so VL_ISA counts. The
/// best of many short runs is taken: the others were disturbed. Takes up to 1 GiB while it runs.
/// None when cancelled.
std::optional<MachineLimits> measureMachineLimits(Compute& compute, const std::stop_token& stop);

}  // namespace vl
