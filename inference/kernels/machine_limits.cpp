#include "inference/kernels/machine_limits.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "inference/kernels/dispatch.h"

namespace vl {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr Seconds kPerLimit{0.2};
/// A piece of arithmetic: long beside waking a thread, short beside the time slice of a scheduler.
constexpr Seconds kPiece{0.5e-3};
constexpr std::size_t kPiecesPerThread = 16;

constexpr std::size_t kLeastReadBytes = std::size_t{256} << 20;
constexpr std::size_t kMostReadBytes = std::size_t{1} << 30;
constexpr std::size_t kReadPiece = std::size_t{2} << 20;

template <typename Run>
Seconds timeOf(const Run& run) {
  const auto start = Clock::now();
  run();
  return Clock::now() - start;
}

/// Units of work per second in the best of the runs that fit into kPerLimit; none when cancelled.
template <typename Run>
std::optional<double> bestRate(double unitsPerRun, const std::stop_token& stop, const Run& run) {
  Seconds best = Seconds::max();
  const auto end = Clock::now() + kPerLimit;
  do {
    if (stop.stop_requested()) return std::nullopt;
    best = std::min(best, timeOf(run));
  } while (Clock::now() < end);
  return unitsPerRun / best.count();
}

std::optional<double> operationsPerSecond(Compute& compute, const PeakLoop& loop,
                                          const std::stop_token& stop) {
  std::vector<double> counts(compute.threads());  // keeps results, so that loops are not left out
  std::size_t turns = 1024;
  while (timeOf([&] { counts[0] = loop.run(turns, 1); }) < kPiece) turns *= 2;
  const std::size_t pieces = kPiecesPerThread * compute.threads();
  const double operations = static_cast<double>(loop.operationsPerTurn) *
                            static_cast<double>(turns) * static_cast<double>(pieces);
  return bestRate(operations, stop, [&] {
    compute.parallelFor(pieces, 1, [&](std::size_t begin, std::size_t end, std::size_t thread) {
      for (std::size_t i = begin; i < end; ++i) counts[thread] = loop.run(turns, 1);
    });
  });
}

/// Four times the last-level cache, within limits.
std::size_t readBytes() {
  const long cache = ::sysconf(_SC_LEVEL3_CACHE_SIZE);
  const std::size_t wanted = cache > 0 ? 4 * static_cast<std::size_t>(cache) : 0;
  return std::clamp(wanted, kLeastReadBytes, kMostReadBytes) / kReadPiece * kReadPiece;
}

std::optional<double> bytesPerSecond(Compute& compute, const PeakLoops& loops,
                                     const std::stop_token& stop) {
  struct alignas(64) Line {
    std::uint64_t words[8];
  };
  const std::size_t bytes = readBytes();
  const std::vector<Line> lines(bytes / sizeof(Line));  // written, so the pages are there
  std::vector<std::uint64_t> sums(compute.threads());
  return bestRate(static_cast<double>(bytes), stop, [&] {
    compute.parallelFor(bytes / kReadPiece, 1,
                        [&](std::size_t begin, std::size_t end, std::size_t thread) {
                          const Line* from = lines.data() + begin * (kReadPiece / sizeof(Line));
                          sums[thread] += loops.read(from->words, (end - begin) * kReadPiece);
                        });
  });
}

}  // namespace

std::optional<PeakLoops> peakLoopsOf(std::string_view isa) {
  if (isa == "reference") return kReferencePeaks;
#if defined(__x86_64__)
  if (isa == "avx2") return kAvx2Peaks;
  if (!isa.starts_with("avx512")) return std::nullopt;
  PeakLoops loops = kAvx512Peaks;
  if (isa == "avx512") return loops;
  loops.int8 = kVnniInt8Peak;
  if (isa == "avx512vnni") return loops;
  loops.bf16 = kAvx512Bf16Peak;
  if (isa == "avx512bf16") return loops;
#endif
  return std::nullopt;
}

std::optional<MachineLimits> measureMachineLimits(Compute& compute, const std::stop_token& stop) {
  constexpr double kGiga = 1e9;
  const PeakLoops loops = peakLoopsOf(kernels().isa).value_or(kReferencePeaks);
  const auto read = bytesPerSecond(compute, loops, stop);
  const auto f32 = operationsPerSecond(compute, loops.f32, stop);
  const auto bf16 = operationsPerSecond(compute, loops.bf16, stop);
  const auto int8 = operationsPerSecond(compute, loops.int8, stop);
  if (!read || !f32 || !bf16 || !int8) return std::nullopt;
  return MachineLimits{*read / kGiga, *f32 / kGiga, *bf16 / kGiga, *int8 / kGiga};
}

}  // namespace vl
