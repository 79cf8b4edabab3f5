#include "inference/kernels/arena.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

namespace vl {
namespace {

TEST(Arena, GivesAlignedMemoryThatDoesNotOverlap) {
  Arena arena;
  Arena::Frame frame(arena);
  const auto first = frame.take<char>(3);
  const auto second = frame.take<float>(5'000'000);  // more than a chunk
  const auto third = frame.take<char>(1);
  for (const auto address : {reinterpret_cast<std::uintptr_t>(first.data()),
                             reinterpret_cast<std::uintptr_t>(second.data()),
                             reinterpret_cast<std::uintptr_t>(third.data())}) {
    EXPECT_EQ(address % 64, 0u);
  }
  std::ranges::fill(first, 'a');
  std::ranges::fill(second, 2.0f);
  std::ranges::fill(third, 'c');
  EXPECT_EQ(std::ranges::count(first, 'a'), 3);
  EXPECT_EQ(std::ranges::count(second, 2.0f), 5'000'000);
}

TEST(Arena, AFrameGivesBackWhatItTookAndTheNextUsesItAgain) {
  Arena arena;
  const float* before = nullptr;
  for (int round = 0; round < 3; ++round) {
    const Arena::Frame outer(arena);
    Arena::Frame frame(arena);
    const float* taken = frame.take<float>(1000).data();
    if (round == 0) before = taken;
    EXPECT_EQ(taken, before);
    {
      Arena::Frame inner(arena);
      inner.take<float>(10'000'000);
    }
    const std::size_t held = arena.bytes();
    Arena::Frame again(arena);
    again.take<float>(10'000'000);
    EXPECT_EQ(arena.bytes(), held) << "memory that was given back was not used";
  }
}

}  // namespace
}  // namespace vl
