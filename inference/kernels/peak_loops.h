#pragma once

#include <cstddef>
#include <cstdint>

namespace vl {

/// Multiply-adds on registers, as many as one core can start, with nothing read from memory.
struct PeakLoop {
  std::size_t operationsPerTurn;  // a multiply-add counts as two
  /// `turns` turns on one thread; returns `one` times the multiply-adds done, so that no compiler
  /// can leave them out and a test can count them. Requires one == 1; sums in F32 lose count after
  /// 2^24 turns, which costs no speed.
  double (*run)(std::size_t turns, int one);
};

/// The best instructions of one instruction set for each type, and its widest reads.
struct PeakLoops {
  PeakLoop f32;
  PeakLoop bf16;  // F32 where there are no BF16 instructions: weights are widened for them
  PeakLoop int8;
  /// Reads all bytes in order and returns the sum of their 64-bit words. `bytes` is a multiple of
  /// kReadStep, data aligned to 64.
  std::uint64_t (*read)(const std::uint64_t* data, std::size_t bytes);
};

inline constexpr std::size_t kReadStep = 512;

extern const PeakLoops kReferencePeaks;
#if defined(__x86_64__)
extern const PeakLoops kAvx2Peaks;
extern const PeakLoops kAvx512Peaks;
extern const PeakLoop kVnniInt8Peak;
extern const PeakLoop kAvx512Bf16Peak;
#endif

}  // namespace vl
