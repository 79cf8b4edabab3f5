#include "inference/kernels/peak_loops.h"

namespace vl {
namespace {

constexpr std::size_t kLanes = 64;

/// Makes the compiler believe that memory has changed, so that a turn is not computed once for all.
void forgetValues() { asm volatile("" ::: "memory"); }

double f32(std::size_t turns, int one) {
  float a[kLanes], b[kLanes], sum[kLanes] = {};
  for (std::size_t i = 0; i < kLanes; ++i) a[i] = b[i] = static_cast<float>(one);
  for (std::size_t turn = 0; turn < turns; ++turn) {
    forgetValues();
    for (std::size_t i = 0; i < kLanes; ++i) sum[i] += a[i] * b[i];
  }
  double total = 0;
  for (const float s : sum) total += s;
  return total;
}

double int8(std::size_t turns, int one) {
  std::int8_t a[kLanes], b[kLanes];
  std::int32_t sum[kLanes] = {};
  for (std::size_t i = 0; i < kLanes; ++i) a[i] = b[i] = static_cast<std::int8_t>(one);
  for (std::size_t turn = 0; turn < turns; ++turn) {
    forgetValues();
    for (std::size_t i = 0; i < kLanes; ++i) sum[i] += a[i] * b[i];
  }
  double total = 0;
  for (const std::int32_t s : sum) total += s;
  return total;
}

std::uint64_t readAll(const std::uint64_t* data, std::size_t bytes) {
  std::uint64_t sum[8] = {};
  for (std::size_t i = 0; i < bytes / sizeof(std::uint64_t); i += 8) {
    for (std::size_t lane = 0; lane < 8; ++lane) sum[lane] += data[i + lane];
  }
  std::uint64_t total = 0;
  for (const std::uint64_t s : sum) total += s;
  return total;
}

}  // namespace

const PeakLoops kReferencePeaks = {.f32 = {2 * kLanes, f32},
                                   .bf16 = {2 * kLanes, f32},
                                   .int8 = {2 * kLanes, int8},
                                   .read = readAll};

}  // namespace vl
