#include "inference/kernels/machine_limits.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "inference/kernels/dispatch.h"

namespace vl {
namespace {

class PeakLoopsTest : public testing::TestWithParam<KernelTable> {
 protected:
  void SetUp() override {
    if (!runsHere(GetParam())) GTEST_SKIP() << "this CPU lacks " << GetParam().isa;
  }
};

TEST_P(PeakLoopsTest, EveryKernelTableHasLoopsThatDoTheOperationsTheyClaim) {
  const auto loops = peakLoopsOf(GetParam().isa);
  ASSERT_TRUE(loops) << GetParam().isa;
  for (const PeakLoop& loop : {loops->f32, loops->bf16, loops->int8}) {
    for (const std::size_t turns : {0u, 1u, 1000u}) {
      // Small integers: every sum is exact.
      EXPECT_EQ(2 * loop.run(turns, 1), static_cast<double>(turns * loop.operationsPerTurn));
    }
  }
}

TEST_P(PeakLoopsTest, ReadsEveryByte) {
  const auto loops = peakLoopsOf(GetParam().isa);
  ASSERT_TRUE(loops) << GetParam().isa;
  struct alignas(64) Line {
    std::uint64_t words[8];
  };
  for (const std::size_t steps : {1u, 3u, 8u}) {
    std::vector<Line> lines(steps * kReadStep / sizeof(Line));
    std::uint64_t expected = 0;
    std::uint64_t next = 1;
    for (Line& line : lines) {
      for (std::uint64_t& word : line.words) {
        word = next *= 6364136223846793005u;  // every word another one
        expected += word;
      }
    }
    EXPECT_EQ(loops->read(lines.data()->words, steps * kReadStep), expected);
  }
}

INSTANTIATE_TEST_SUITE_P(EveryIsa, PeakLoopsTest, testing::ValuesIn(compiledKernels()),
                         [](const auto& isa) { return std::string(isa.param.isa); });

TEST(MachineLimits, AreAllAboveZero) {
  Compute compute(2);
  const auto limits = measureMachineLimits(compute, {});
  ASSERT_TRUE(limits);
  for (const double limit :
       {limits->readGbps, limits->f32Gflops, limits->bf16Gflops, limits->int8Gops}) {
    EXPECT_GT(limit, 0);
  }
}

TEST(MachineLimits, EndWhenCancelled) {
  std::stop_source stop;
  stop.request_stop();
  Compute compute(1);
  EXPECT_FALSE(measureMachineLimits(compute, stop.get_token()));
}

TEST(MachineLimits, UnknownInstructionSetsHaveNoLoops) { EXPECT_FALSE(peakLoopsOf("avx5120")); }

}  // namespace
}  // namespace vl
