#include "inference/weights/partial_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/inference/weights/test_files.h"

namespace vl {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

TEST(PartialFolder, AppearsUnderItsNameOnCommitOnly) {
  const TempFolder folder;
  {
    Result<PartialFolder> partial = PartialFolder::create(folder / "model");
    ASSERT_TRUE(partial) << partial.error().what;
    writeText(partial->path() / "file", "content");
    EXPECT_FALSE(fs::exists(folder / "model"));
    ASSERT_TRUE(partial->commit());
  }
  EXPECT_EQ(listNames(folder.path()), Names{"model"});
  EXPECT_EQ(readText(folder / "model/file"), "content");
}

TEST(PartialFolder, LeavesNothingWithoutCommit) {
  const TempFolder folder;
  {
    Result<PartialFolder> partial = PartialFolder::create(folder / "model");
    ASSERT_TRUE(partial);
    const PartialFolder moved = *std::move(partial);
    writeText(moved.path() / "file", "content");
  }
  EXPECT_EQ(listNames(folder.path()), Names{});
}

TEST(PartialFolder, ReplacesAnEmptyFolderAlsoWithATrailingSlash) {
  const TempFolder folder;
  fs::create_directory(folder / "model");
  Result<PartialFolder> partial = PartialFolder::create(folder / "model/");
  ASSERT_TRUE(partial) << partial.error().what;
  writeText(partial->path() / "file", "content");
  ASSERT_TRUE(partial->commit());
  EXPECT_EQ(listNames(folder / "model"), Names{"file"});
}

TEST(PartialFolder, RefusesAnythingElseThatExists) {
  const TempFolder folder;
  fs::create_directory(folder / "model");
  writeText(folder / "model/file", "precious");
  writeText(folder / "plain", "precious");
  for (const char* name : {"model", "plain"}) {
    const Result<PartialFolder> partial = PartialFolder::create(folder / name);
    ASSERT_FALSE(partial) << name;
    EXPECT_EQ(partial.error().code, ErrorCode::InvalidArgument);
  }
  EXPECT_EQ(listNames(folder.path()), (Names{"model", "plain"}));
}

TEST(PartialFolder, RefusesAMissingParent) {
  const TempFolder folder;
  const Result<PartialFolder> partial = PartialFolder::create(folder / "missing/model");
  ASSERT_FALSE(partial);
  EXPECT_EQ(partial.error().code, ErrorCode::NotFound);
}

TEST(PartialFolder, DoesNotOverwriteWhatAppearedMeanwhile) {
  const TempFolder folder;
  std::optional<PartialFolder> partial = *PartialFolder::create(folder / "model");
  fs::create_directory(folder / "model");
  writeText(folder / "model/file", "precious");
  const Status committed = partial->commit();
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().code, ErrorCode::Io);
  partial.reset();
  EXPECT_EQ(listNames(folder.path()), Names{"model"});
  EXPECT_EQ(readText(folder / "model/file"), "precious");
}

TEST(PartialFolder, ClearsWhatAKilledProcessLeft) {
  const TempFolder folder;
  fs::path leftover;
  {
    const Result<PartialFolder> partial = PartialFolder::create(folder / "model");
    ASSERT_TRUE(partial);
    leftover = partial->path();
  }
  fs::create_directories(leftover / "deep");
  writeText(leftover / "deep/shard", "half");
  Result<PartialFolder> partial = PartialFolder::create(folder / "model");
  ASSERT_TRUE(partial) << partial.error().what;
  EXPECT_EQ(partial->path(), leftover);
  EXPECT_EQ(listNames(leftover), Names{});
}

TEST(PartialFolder, HasOneWriterAtATime) {
  const TempFolder folder;
  const Result<PartialFolder> first = PartialFolder::create(folder / "model");
  ASSERT_TRUE(first);
  writeText(first->path() / "file", "content");
  const Result<PartialFolder> second = PartialFolder::create(folder / "model");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(listNames(first->path()), Names{"file"});
}

}  // namespace
}  // namespace vl
