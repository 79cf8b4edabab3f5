#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <thread>
#include <vector>

#include "inference/kernels/arena.h"

namespace vl {

/// CPUs this process may run on (its affinity mask).
std::size_t availableCpus();

/// How exactly products are computed.
enum class Precision {
  Exact,  // F32 activations and sums: agrees with the official code in F32
  Fast,   // activations rounded to what the weights deserve: int8 per block of 32 for quantised
          // weights, BF16 for BF16 weights and for attention; sums in F32 or exact integers
};

/// The one place that decides how many threads compute: a fixed pool of worker threads, with a
/// scratch buffer each. One caller at a time; the functions it runs must not call back into it.
class Compute {
 public:
  /// threads: at least 1, the caller's own included.
  explicit Compute(std::size_t threads, Precision precision = Precision::Exact);
  Compute(const Compute&) = delete;
  Compute& operator=(const Compute&) = delete;
  ~Compute();

  std::size_t threads() const { return workers_.size() + 1; }
  Precision precision() const { return precision_; }

  /// Runs task(begin, end, thread) over [0, count) in pieces of `grain`, on all threads; returns
  /// when all are done. thread < threads() tells which scratch is free to use. A count of at most
  /// `grain` runs on the caller alone. Tasks must not throw.
  void parallelFor(std::size_t count, std::size_t grain,
                   const std::function<void(std::size_t, std::size_t, std::size_t)>& task);

  /// At least `count` floats that only `thread` uses, valid until its next call; contents
  /// undefined. Grows and never shrinks.
  std::span<float> scratch(std::size_t thread, std::size_t count);

  /// Memory of the caller's steps, shared by all that it computes.
  Arena& arena() { return arena_; }

 private:
  /// Of joined_: all pieces of the job are taken, a worker that comes now is too late.
  static constexpr std::uint32_t kClosed = std::uint32_t{1} << 31;

  /// Takes part in the current job, unless there is none any more. Who is late is not waited for:
  /// on a busy machine that would be until the system gives him a processor.
  bool join();
  void work(std::size_t thread);
  void runPieces(std::size_t thread);

  Precision precision_;
  Arena arena_;
  std::vector<std::vector<float>> scratch_;  // one per thread, touched by it alone

  // The current job: written by the caller before generation_ announces it.
  const std::function<void(std::size_t, std::size_t, std::size_t)>* task_ = nullptr;
  std::size_t count_ = 0;
  std::size_t grain_ = 1;
  std::atomic<std::size_t> next_ = 0;

  std::atomic<std::uint32_t> generation_ = 0;    // a new value wakes the workers
  std::atomic<std::uint32_t> joined_ = kClosed;  // workers within the current job, and kClosed
  std::atomic<bool> quit_ = false;
  std::vector<std::jthread> workers_;  // last member: joined before the others go
};

}  // namespace vl
