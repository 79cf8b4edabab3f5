#include "inference/text/merge_queue.h"

#include <gtest/gtest.h>

#include <queue>
#include <random>

namespace vl {
namespace {

TEST(MergeQueue, HandsOutByRankAndFromLeftToRight) {
  MergeQueue queue;
  for (const MergeQueue::Candidate candidate : {MergeQueue::Candidate{2, 1}, {1, 9}, {1, 3}}) {
    queue.push(candidate);
  }
  EXPECT_EQ(queue.pop()->position, 3u);
  queue.push({1, 4});
  queue.push({0, 7});
  queue.push({3, 0});
  for (const std::uint32_t position : {7, 4, 9, 1, 0}) EXPECT_EQ(queue.pop()->position, position);
  EXPECT_FALSE(queue.pop());
}

TEST(MergeQueue, AgreesWithAPriorityQueueOnAnyOrder) {
  std::mt19937 random(11);
  MergeQueue queue;
  std::priority_queue<std::uint64_t, std::vector<std::uint64_t>, std::greater<>> expected;
  for (int step = 0; step < 20'000; ++step) {
    if (random() % 5 < 3) {
      const auto rank = static_cast<std::uint32_t>(random() % 50);
      const auto position = static_cast<std::uint32_t>(random() % 1000);
      queue.push({rank, position});
      expected.push(std::uint64_t{rank} << 32 | position);
    } else if (expected.empty()) {
      ASSERT_FALSE(queue.pop());
    } else {
      const auto candidate = queue.pop();
      ASSERT_TRUE(candidate);
      ASSERT_EQ(std::uint64_t{candidate->rank} << 32 | candidate->position, expected.top());
      expected.pop();
    }
  }
}

TEST(MergeQueue, StartsAnewAfterClear) {
  MergeQueue queue;
  for (std::uint32_t i = 0; i < 10; ++i) queue.push({i, i});
  queue.pop();
  queue.push({0, 0});
  queue.clear();
  EXPECT_FALSE(queue.pop());
}

}  // namespace
}  // namespace vl
