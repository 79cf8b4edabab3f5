#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "inference/vision/image.h"
#include "inference/vision/png_file.h"
#include "tests/inference/vision/encoded_images.h"
#include "tests/inference/vision/synthetic_images.h"

namespace vl {
namespace {

/// A folder of its own for every test.
class ImageFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "vl_image_XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& name, const test::Bytes& bytes) const {
    std::filesystem::path path = folder_ / name;
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    return path;
  }
  static Error errorOf(const std::filesystem::path& path) {
    const Result<RgbImage> image = decodeImageFile(path);
    EXPECT_FALSE(image);
    return image ? Error{ErrorCode::Internal, ""} : image.error();
  }
  std::size_t filesInFolder() const {
    const std::filesystem::directory_iterator files(folder_);
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  }

  std::filesystem::path folder_;
};

TEST_F(ImageFile, IsReadWhateverItsName) {
  const RgbImage image = test::noise(5, 4, 9);
  const auto path =
      write("picture.jpg", test::pngFile({.width = 5, .height = 4, .samples = image.pixels}));
  const Result<RgbImage> read = decodeImageFile(path);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->pixels, image.pixels);
}

TEST_F(ImageFile, MissingIsNotFoundAndNamed) {
  const Error error = errorOf(folder_ / "nowhere.png");
  EXPECT_EQ(error.code, ErrorCode::NotFound);
  EXPECT_NE(error.what.find("nowhere.png"), std::string::npos);
}

TEST_F(ImageFile, EmptyIsCorrupt) {
  EXPECT_EQ(errorOf(write("empty.png", {})).code, ErrorCode::Corrupt);
}

TEST_F(ImageFile, FolderAndPipeAreNotFiles) {
  EXPECT_EQ(errorOf(folder_).code, ErrorCode::Io);
  const std::filesystem::path pipe = folder_ / "pipe.png";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(errorOf(pipe).code, ErrorCode::Io);
}

TEST_F(ImageFile, HugeFileOfAnotherKindIsRefusedUnread) {
  const auto path = write("film.png", test::Bytes(64, std::byte{7}));
  std::filesystem::resize_file(path, std::uintmax_t{1} << 36);  // sparse
  EXPECT_EQ(errorOf(path).code, ErrorCode::Unsupported);
}

TEST_F(ImageFile, HugePictureFileIsRefusedUnread) {
  const auto path = write("huge.png", test::pngFile({.samples = {1, 2, 3}}));
  std::filesystem::resize_file(path, std::uintmax_t{1} << 36);
  EXPECT_EQ(errorOf(path).code, ErrorCode::Unsupported);
}

TEST_F(ImageFile, WrittenPngReadsBackTheSame) {
  const RgbImage image = test::noise(31, 17, 4);
  const std::filesystem::path path = folder_ / "out.png";
  const Status status = writePng(image, path);
  ASSERT_TRUE(status) << status.error().what;
  const Result<RgbImage> read = decodeImageFile(path);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->pixels, image.pixels);
  EXPECT_EQ(filesInFolder(), 1u);
}

TEST_F(ImageFile, FailedWriteLeavesWhatWasThereAndNothingElse) {
  const RgbImage image = test::noise(3, 3, 4);
  const Status nowhere = writePng(image, folder_ / "no such folder" / "out.png");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::Io);

  const std::filesystem::path occupied = folder_ / "occupied";
  std::filesystem::create_directory(occupied);
  const Status onFolder = writePng(image, occupied);
  ASSERT_FALSE(onFolder);
  EXPECT_EQ(onFolder.error().code, ErrorCode::Io);
  EXPECT_TRUE(std::filesystem::is_directory(occupied));
  EXPECT_EQ(filesInFolder(), 1u);
}

TEST_F(ImageFile, FullDiskIsAnErrorAndLeavesTheOldPicture) {
  const auto path = write("out.png", test::pngFile({.samples = {1, 2, 3}}));
  const RgbImage image = test::noise(200, 200, 4);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit tiny{1000, before.rlim_max};  // a file may not grow further: as on a full disk
  const auto oldHandler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tiny), 0);
  const Status status = writePng(image, path);
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, oldHandler);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::Io);
  EXPECT_EQ(filesInFolder(), 1u);
  const Result<RgbImage> old = decodeImageFile(path);
  ASSERT_TRUE(old) << old.error().what;
  EXPECT_EQ(old->width, 1);
}

}  // namespace
}  // namespace vl
