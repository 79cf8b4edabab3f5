#include "inference/kernels/compute.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace vl {
namespace {

TEST(Compute, RunsEveryIndexOnceOnAnyNumberOfThreads) {
  for (const std::size_t threads : {1u, 2u, 3u, 8u}) {
    Compute compute(threads);
    EXPECT_EQ(compute.threads(), threads);
    for (const std::size_t count : {0u, 1u, 5u, 64u, 1000u}) {
      for (const std::size_t grain : {1u, 7u, 64u, 5000u}) {
        std::vector<std::atomic<int>> visits(count);
        compute.parallelFor(count, grain,
                            [&](std::size_t begin, std::size_t end, std::size_t thread) {
                              EXPECT_LT(thread, threads);
                              EXPECT_LE(end, count);
                              for (std::size_t i = begin; i < end; ++i) ++visits[i];
                            });
        for (const std::atomic<int>& v : visits) EXPECT_EQ(v.load(), 1);
      }
    }
  }
}

TEST(Compute, SeesWhatTheCallerWroteAndGivesBackWhatWorkersWrote) {
  Compute compute(4);
  std::vector<std::size_t> values(256, 0);
  for (std::size_t round = 1; round <= 2000; ++round) {
    compute.parallelFor(values.size(), 16,
                        [&](std::size_t begin, std::size_t end, std::size_t /*thread*/) {
                          for (std::size_t i = begin; i < end; ++i) values[i] += round;
                        });
  }
  for (const std::size_t v : values) EXPECT_EQ(v, 2000u * 2001u / 2);
}

TEST(Compute, GivesEachThreadItsOwnScratchThatGrows) {
  Compute compute(2);
  const std::span<float> small = compute.scratch(0, 10);
  EXPECT_EQ(small.size(), 10u);
  EXPECT_NE(compute.scratch(1, 10).data(), small.data());
  EXPECT_EQ(compute.scratch(0, 100000).size(), 100000u);
}

TEST(Compute, FindsAtLeastOneCpu) { EXPECT_GE(availableCpus(), 1u); }

}  // namespace
}  // namespace vl
