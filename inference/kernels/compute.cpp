#include "inference/kernels/compute.h"

#include <sched.h>

#include <algorithm>
#include <cassert>

namespace vl {
namespace {

/// Turns of a short wait before a thread sleeps: some tens of microseconds, about the time between
/// two parallel loops of one token.
constexpr int kSpinTurns = 4000;

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/// Returns once `value` is no longer `old`.
void waitWhile(const std::atomic<std::uint32_t>& value, std::uint32_t old) {
  for (int turn = 0; turn < kSpinTurns; ++turn) {
    if (value.load(std::memory_order_acquire) != old) return;
    relax();
  }
  while (value.load(std::memory_order_acquire) == old) value.wait(old, std::memory_order_acquire);
}

}  // namespace

std::size_t availableCpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) == 0) {
    return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
  }
  return std::max(1u, std::thread::hardware_concurrency());
}

Compute::Compute(std::size_t threads, Precision precision)
    : precision_(precision), scratch_(threads) {
  assert(threads >= 1);
  workers_.reserve(threads - 1);
  for (std::size_t thread = 1; thread < threads; ++thread) {
    workers_.emplace_back([this, thread] { work(thread); });
  }
}

Compute::~Compute() {
  quit_.store(true, std::memory_order_relaxed);
  generation_.fetch_add(1, std::memory_order_release);
  generation_.notify_all();
}

void Compute::parallelFor(std::size_t count, std::size_t grain,
                          const std::function<void(std::size_t, std::size_t, std::size_t)>& task) {
  if (count == 0) return;
  if (workers_.empty() || count <= grain) {
    task(0, count, 0);
    return;
  }
  task_ = &task;
  count_ = count;
  grain_ = std::max<std::size_t>(grain, 1);
  next_.store(0, std::memory_order_relaxed);
  joined_.store(0, std::memory_order_release);
  generation_.fetch_add(1, std::memory_order_release);
  generation_.notify_all();
  runPieces(0);
  joined_.fetch_or(kClosed, std::memory_order_relaxed);
  for (std::uint32_t joined = joined_.load(std::memory_order_acquire); joined != kClosed;
       joined = joined_.load(std::memory_order_acquire)) {
    waitWhile(joined_, joined);
  }
}

bool Compute::join() {
  std::uint32_t joined = joined_.load(std::memory_order_relaxed);
  do {
    if ((joined & kClosed) != 0) return false;
  } while (!joined_.compare_exchange_weak(joined, joined + 1, std::memory_order_acquire,
                                          std::memory_order_relaxed));
  return true;
}

void Compute::work(std::size_t thread) {
  std::uint32_t seen = 0;
  for (;;) {
    waitWhile(generation_, seen);
    seen = generation_.load(std::memory_order_acquire);
    if (quit_.load(std::memory_order_relaxed)) return;
    if (!join()) continue;
    runPieces(thread);
    joined_.fetch_sub(1, std::memory_order_acq_rel);
    joined_.notify_one();
  }
}

void Compute::runPieces(std::size_t thread) {
  for (;;) {
    const std::size_t begin = next_.fetch_add(grain_, std::memory_order_relaxed);
    if (begin >= count_) return;
    (*task_)(begin, std::min(begin + grain_, count_), thread);
  }
}

std::span<float> Compute::scratch(std::size_t thread, std::size_t count) {
  std::vector<float>& buffer = scratch_[thread];
  if (buffer.size() < count) buffer.resize(count);
  return {buffer.data(), count};
}

}  // namespace vl
