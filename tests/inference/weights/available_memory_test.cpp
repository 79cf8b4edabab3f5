#include "inference/weights/available_memory.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <limits>
#include <string>

#include "inference/weights/memory_plan.h"
#include "tests/inference/weights/test_files.h"

namespace vl {
namespace {

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

/// A folder in place of "/", on a machine with 1000 KiB available.
class AvailableMemory : public testing::Test {
 protected:
  AvailableMemory() { write("proc/meminfo", "MemTotal: 8000 kB\nMemAvailable:    1000 kB\n"); }

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((root_ / name).parent_path());
    writeText(root_ / name, text);
  }
  std::size_t available() const { return availableMemoryBytes(root_.path()); }

  TempFolder root_;
};

TEST_F(AvailableMemory, IsMemAvailableWithoutControlGroups) {
  EXPECT_EQ(available(), 1000u * 1024);
}

TEST_F(AvailableMemory, IsLoweredByAVersion2LimitLessItsUsage) {
  write("proc/self/cgroup", "0::/user/app\n");
  write("sys/fs/cgroup/user/app/memory.max", "500000\n");
  write("sys/fs/cgroup/user/app/memory.current", "200000\n");
  EXPECT_EQ(available(), 300000u);
}

TEST_F(AvailableMemory, DoesNotCountThePageCacheAsUsed) {
  write("proc/self/cgroup", "0::/\n");
  write("sys/fs/cgroup/memory.max", "500000\n");
  write("sys/fs/cgroup/memory.current", "200000\n");
  write("sys/fs/cgroup/memory.stat", "anon 1\ninactive_file 50000\nactive_file 30000\n");
  EXPECT_EQ(available(), 380000u);
}

TEST_F(AvailableMemory, TakesTheTightestOfTheGroupsAround) {
  write("proc/self/cgroup", "0::/user/app\n");
  write("sys/fs/cgroup/user/memory.max", "90000\n");
  write("sys/fs/cgroup/user/memory.current", "80000\n");
  write("sys/fs/cgroup/user/app/memory.max", "max\n");
  EXPECT_EQ(available(), 10000u);
}

TEST_F(AvailableMemory, FindsTheLimitOfAContainerWhosePathIsNotMountedInside) {
  write("proc/self/cgroup", "0::/../../docker/1234\n");
  write("sys/fs/cgroup/memory.max", "70000\n");
  EXPECT_EQ(available(), 70000u);
}

TEST_F(AvailableMemory, ReadsVersion1) {
  write("proc/self/cgroup", "5:cpu:/\n4:memory:/box\n0::/\n");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  write("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "300000\n");
  write("sys/fs/cgroup/memory/box/memory.usage_in_bytes", "250000\n");
  write("sys/fs/cgroup/memory/box/memory.stat", "total_inactive_file 20000\n");
  EXPECT_EQ(available(), 70000u);
}

TEST_F(AvailableMemory, IsZeroWhenUsageIsOverTheLimit) {
  write("proc/self/cgroup", "0::/\n");
  write("sys/fs/cgroup/memory.max", "1000\n");
  write("sys/fs/cgroup/memory.current", "5000\n");
  EXPECT_EQ(available(), 0u);
}

TEST_F(AvailableMemory, UnreadableNumbersSetNoLimit) {
  write("proc/meminfo", "MemAvailable: lots\n");
  write("proc/self/cgroup", "nonsense\n0::/\n");
  write("sys/fs/cgroup/memory.max", "-5\n");
  EXPECT_EQ(available(), kNoLimit);
  write("proc/meminfo", "MemAvailable: 99999999999999999999 kB\n");
  EXPECT_EQ(available(), kNoLimit);
  write("proc/meminfo", "MemAvailable: 18446744073709551615 kB\n");  // overflows in bytes
  EXPECT_EQ(available(), kNoLimit);
}

TEST(AvailableMemoryBytes, OfThisMachineIsANumberThatMakesSense) {
  EXPECT_GT(availableMemoryBytes(), std::size_t{1} << 20);
  EXPECT_LT(availableMemoryBytes(), kNoLimit);
}

}  // namespace
}  // namespace vl
