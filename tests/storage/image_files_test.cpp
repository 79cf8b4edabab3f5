#include "storage/image_files.h"

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "tests/storage/store_test_support.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

std::size_t filesUnder(const fs::path& folder) {
  std::size_t count = 0;
  if (!fs::exists(folder)) return 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_directory()) ++count;
  }
  return count;
}

class ImageFilesTest : public testing::Test {
 protected:
  fs::path source(std::string_view content) {
    writeFile(folder_ / "source.png", content);
    return folder_ / "source.png";
  }

  TemporaryFolder folder_;
  ImageFiles images_{folder_ / "images"};
};

TEST_F(ImageFilesTest, NamesAFileByItsDigest) {
  const StoredFile file = need(images_.add(bytesOf("abc")));
  const std::string hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_EQ(file.sha256.hex(), hex);
  EXPECT_EQ(file.bytes, 3u);
  EXPECT_EQ(images_.path(file.sha256), folder_ / "images" / "ba" / hex);
  EXPECT_EQ(readFile(images_.path(file.sha256)), "abc");
}

TEST_F(ImageFilesTest, GivesTheSameFromAFileAsFromMemory) {
  const std::string content = pngBytes(std::string(700'000, 'p'));  // several chunks
  const StoredFile fromFile = need(images_.add(source(content)));
  const StoredFile fromMemory = need(images_.add(bytesOf(content)));
  EXPECT_EQ(fromFile.sha256, fromMemory.sha256);
  EXPECT_EQ(fromFile.bytes, content.size());
  EXPECT_EQ(fromFile.mediaType, "image/png");
  EXPECT_EQ(fromMemory.mediaType, "image/png");
  EXPECT_EQ(filesUnder(folder_ / "images"), 1u);
  EXPECT_EQ(readFile(images_.path(fromFile.sha256)), content);
}

TEST_F(ImageFilesTest, LeavesTheOriginalAlone) {
  const fs::path original = source("picture");
  need(images_.add(original));
  EXPECT_EQ(readFile(original), "picture");
}

TEST_F(ImageFilesTest, ReadsBackWhatWasAdded) {
  const std::string content = pngBytes("content");
  const StoredFile file = need(images_.add(bytesOf(content)));
  const std::vector<std::byte> read = need(images_.read(file.sha256, file.bytes));
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(read.data()), read.size()), content);
}

TEST_F(ImageFilesTest, NoticesADamagedFile) {
  const StoredFile file = need(images_.add(bytesOf("0123456789")));
  writeFile(images_.path(file.sha256), "0123456780");
  EXPECT_TRUE(succeeds(images_.check(file.sha256, file.bytes)));  // the length is right
  EXPECT_TRUE(failsWith(ErrorCode::Corrupt, images_.read(file.sha256, file.bytes)));
}

TEST_F(ImageFilesTest, NoticesATruncatedFile) {
  const StoredFile file = need(images_.add(bytesOf("0123456789")));
  writeFile(images_.path(file.sha256), "01234");
  EXPECT_TRUE(failsWith(ErrorCode::Corrupt, images_.check(file.sha256, file.bytes)));
  EXPECT_TRUE(failsWith(ErrorCode::Corrupt, images_.read(file.sha256, file.bytes)));
}

TEST_F(ImageFilesTest, NoticesAMissingFile) {
  const StoredFile file = need(images_.add(bytesOf("0123456789")));
  fs::remove(images_.path(file.sha256));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, images_.check(file.sha256, file.bytes)));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, images_.read(file.sha256, file.bytes)));
}

TEST_F(ImageFilesTest, TakesNoMemoryForALengthThatIsALie) {
  const StoredFile file = need(images_.add(bytesOf("0123456789")));
  EXPECT_TRUE(failsWith(ErrorCode::Corrupt, images_.read(file.sha256, 1ull << 60)));
}

TEST_F(ImageFilesTest, AddingAgainRepairsADamagedCopy) {
  const StoredFile file = need(images_.add(bytesOf("0123456789")));
  for (const char* damage : {"0123456780", "0123", ""}) {
    writeFile(images_.path(file.sha256), damage);
    need(images_.add(bytesOf("0123456789")));
    EXPECT_EQ(readFile(images_.path(file.sha256)), "0123456789");
  }
}

TEST_F(ImageFilesTest, RefusesWhatIsNoImageFile) {
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, images_.add(folder_ / "missing.png")));
  EXPECT_TRUE(failsWith(ErrorCode::InvalidArgument, images_.add(folder_.path())));
  EXPECT_TRUE(failsWith(ErrorCode::InvalidArgument, images_.add(source(""))));
  EXPECT_TRUE(failsWith(ErrorCode::InvalidArgument, images_.add(std::span<const std::byte>{})));
  EXPECT_TRUE(failsWith(ErrorCode::InvalidArgument, images_.add("/dev/zero")));
  EXPECT_EQ(filesUnder(folder_ / "images"), 0u);
}

TEST_F(ImageFilesTest, DoesNotWaitForAPipe) {
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_TRUE(failsWith(ErrorCode::InvalidArgument, images_.add(pipe)));
}

TEST_F(ImageFilesTest, RefusesAFileOverTheLimitWithoutCopyingIt) {
  const fs::path large = source("");
  fs::resize_file(large, kMaxImageBytes + 1);  // sparse: takes no space
  EXPECT_TRUE(failsWith(ErrorCode::InvalidArgument, images_.add(large)));
  EXPECT_EQ(filesUnder(folder_ / "images"), 0u);
}

TEST_F(ImageFilesTest, LeavesNothingBehindOnAFullDisk) {
  const std::string content(1 << 20, 'p');
  const fs::path original = source(content);
  {
    const FileSizeLimit limit(300 << 10);
    EXPECT_TRUE(failsWith(ErrorCode::Io, images_.add(original)));
    EXPECT_TRUE(failsWith(ErrorCode::Io, images_.add(bytesOf(content))));
  }
  EXPECT_EQ(filesUnder(folder_ / "images"), 0u);
  EXPECT_TRUE(images_.add(original).has_value());
}

TEST_F(ImageFilesTest, SaysWhenItsFolderCannotBeWritten) {
  const fs::path original = source("picture");
  writeFile(folder_ / "images", "a file in the way of the folder");
  EXPECT_TRUE(failsWith(ErrorCode::Io, images_.add(original)));
}

TEST_F(ImageFilesTest, RemovingIsRepeatable) {
  const StoredFile file = need(images_.add(bytesOf("abc")));
  EXPECT_TRUE(succeeds(images_.remove(file.sha256)));
  EXPECT_TRUE(succeeds(images_.remove(file.sha256)));
  EXPECT_EQ(filesUnder(folder_ / "images"), 0u);
}

TEST_F(ImageFilesTest, ForgetsHalfCopiedFiles) {
  const StoredFile file = need(images_.add(bytesOf("abc")));
  writeFile(folder_ / "images/incoming/half", "ab");
  images_.removeLeftovers();
  EXPECT_EQ(filesUnder(folder_ / "images"), 1u);
  EXPECT_TRUE(succeeds(images_.check(file.sha256, file.bytes)));
}

TEST(MediaTypeOf, KnowsTheFormatsTheEngineReads) {
  using namespace std::string_view_literals;
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"\x89PNG\r\n\x1a\n...", "image/png"},
      {"\xff\xd8\xff\xe0", "image/jpeg"},
      {"RIFF\x10\0\0\0WEBPVP8 "sv, "image/webp"},
      {"II*\0...."sv, "image/tiff"},
      {"MM\0*...."sv, "image/tiff"},
      {"II+\0...."sv, "image/tiff"},
      {"BM......", "image/bmp"},
      {"GIF87a..", "image/gif"},
      {"GIF89a..", "image/gif"}};
  for (const auto& [content, type] : cases) EXPECT_EQ(mediaTypeOf(bytesOf(content)), type);
}

TEST(MediaTypeOf, GuessesNothing) {
  for (const std::string_view content : {"", "B", "RIFF", "RIFF....WAVE", "\x89PNG", "<svg/>"}) {
    EXPECT_EQ(mediaTypeOf(bytesOf(content)), "application/octet-stream") << content;
  }
}

}  // namespace
}  // namespace vl
