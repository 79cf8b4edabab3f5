#include "inference/weights/mapped_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "tests/inference/weights/test_files.h"

namespace vl {
namespace {

std::string textOf(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(MappedFile, HoldsTheWholeFile) {
  const TempFolder folder;
  writeText(folder / "file", std::string(10'000, 'a') + "end");
  const Result<MappedFile> file = MappedFile::open(folder / "file");
  ASSERT_TRUE(file);
  EXPECT_EQ(textOf(file->bytes()), std::string(10'000, 'a') + "end");
}

TEST(MappedFile, MapsAnEmptyFileToNoBytes) {
  const TempFolder folder;
  writeText(folder / "file", "");
  const Result<MappedFile> file = MappedFile::open(folder / "file");
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->bytes().empty());
}

TEST(MappedFile, BytesStayInPlaceAcrossMoves) {
  const TempFolder folder;
  writeText(folder / "one", "first");
  writeText(folder / "two", "second");
  Result<MappedFile> first = MappedFile::open(folder / "one");
  Result<MappedFile> second = MappedFile::open(folder / "two");
  ASSERT_TRUE(first && second);
  const std::span<const std::byte> bytes = second->bytes();
  MappedFile moved = *std::move(first);
  moved = *std::move(second);
  EXPECT_EQ(moved.bytes().data(), bytes.data());
  EXPECT_EQ(textOf(moved.bytes()), "second");
}

TEST(MappedFile, ReadsTheSameAfterItsPagesWereReleased) {
  const TempFolder folder;
  const std::string text = std::string(20'000, 'x') + std::string(20'000, 'y');
  writeText(folder / "file", text);
  const Result<MappedFile> file = MappedFile::open(folder / "file");
  ASSERT_TRUE(file);
  EXPECT_EQ(textOf(file->bytes()), text);
  releasePages(file->bytes().subspan(5'000, 30'000));
  releasePages(file->bytes());
  releasePages({});
  EXPECT_EQ(textOf(file->bytes()), text);
}

TEST(MappedFile, TellsAMissingFileFromWhatIsNoFile) {
  const TempFolder folder;
  const Result<MappedFile> missing = MappedFile::open(folder / "missing");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::NotFound);
  const Result<MappedFile> directory = MappedFile::open(folder.path());
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().code, ErrorCode::Io);
}

TEST(MappedFile, RefusesANamedPipeWithoutWaitingForAWriter) {
  const TempFolder folder;
  const std::filesystem::path pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const Result<MappedFile> file = MappedFile::open(pipe);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::Io);
}

}  // namespace
}  // namespace vl
