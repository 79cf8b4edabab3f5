#include "storage/store_lock.h"

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <future>
#include <optional>

#include "tests/storage/store_test_support.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

TEST(StoreLock, IsExclusiveForTheFirstAndSharedForOthers) {
  const TemporaryFolder folder;
  StoreLock first = need(StoreLock::acquire(folder / "lock"));
  EXPECT_TRUE(first.exclusive());
  need(first.share());
  EXPECT_FALSE(first.exclusive());
  const StoreLock second = need(StoreLock::acquire(folder / "lock"));
  EXPECT_FALSE(second.exclusive());
}

TEST(StoreLock, IsExclusiveAgainWhenAllOthersAreGone) {
  const TemporaryFolder folder;
  {
    StoreLock first = need(StoreLock::acquire(folder / "lock"));
    need(first.share());
    const StoreLock second = need(StoreLock::acquire(folder / "lock"));
  }
  EXPECT_TRUE(need(StoreLock::acquire(folder / "lock")).exclusive());
}

TEST(StoreLock, SecondWaitsWhileTheFirstIsExclusive) {
  const TemporaryFolder folder;
  std::optional<StoreLock> first(need(StoreLock::acquire(folder / "lock")));
  std::future<Result<StoreLock>> second =
      std::async(std::launch::async, [&] { return StoreLock::acquire(folder / "lock"); });
  EXPECT_EQ(second.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
  need(first->share());
  EXPECT_FALSE(need(second.get()).exclusive());
}

TEST(StoreLock, EndsWithTheProcess) {
  const TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    const Result<StoreLock> lock = StoreLock::acquire(folder / "lock");
    ::_exit(lock && lock->exclusive() ? 0 : 1);  // without a destructor
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(need(StoreLock::acquire(folder / "lock")).exclusive());
}

TEST(StoreLock, SaysThatAFolderIsReadOnly) {
  const TemporaryFolder folder;
  fs::permissions(folder.path(),
                  fs::perms::all &
                      ~(fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write));
  const OrdinaryUser user;
  EXPECT_TRUE(failsWith(ErrorCode::Io, StoreLock::acquire(folder / "lock")));
}

}  // namespace
}  // namespace vl
