#include "inference/engine/feature_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/inference/engine/engine_fixture.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRows = 5;
constexpr std::size_t kCols = 7;
constexpr std::size_t kFileBytes = 88 + kRows * kCols * sizeof(float);

Digest keyNumber(std::uint64_t number) {
  DigestStream stream;
  stream.add(number);
  return stream.finish().value();
}

Matrix featuresFrom(float first) {
  Matrix features(kRows, kCols);
  for (std::size_t r = 0; r < kRows; ++r) {
    for (float& value : features.view().row(r)) value = first += 0.1f;
  }
  return features;
}

std::vector<float> valuesOf(const Matrix& matrix) {
  return {matrix.view().data(), matrix.view().data() + matrix.rows() * matrix.cols()};
}

std::string readFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void writeFile(const fs::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

mode_t modeOf(const fs::path& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777;
}

class FeatureStoreTest : public testing::Test {
 protected:
  fs::path folder() const { return scratch_.path() / "a/b/features"; }
  /// The only file in the folder.
  fs::path onlyFile() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder())) files.push_back(entry.path());
    EXPECT_EQ(files.size(), 1u);
    return files.empty() ? fs::path() : files.front();
  }
  /// For the files in the folder.
  void letAMinutePass() const {
    for (const auto& entry : fs::directory_iterator(folder())) {
      fs::last_write_time(entry, entry.last_write_time() - std::chrono::minutes(1));
    }
  }
  static bool has(FeatureStore& store, std::uint64_t key) {
    return store.load(keyNumber(key), kRows, kCols).has_value();
  }

  test::ScratchFolder scratch_;
};

TEST_F(FeatureStoreTest, GivesBackEveryBitInAnotherProcessToo) {
  const Matrix features = featuresFrom(1.0f / 3);
  FeatureStore(folder()).save(keyNumber(1), features.view());
  const auto found = FeatureStore(folder()).load(keyNumber(1), kRows, kCols);
  ASSERT_TRUE(found);
  EXPECT_EQ(valuesOf(*found), valuesOf(features));
  EXPECT_EQ(FeatureStore(folder()).usage().files, 1u);
  EXPECT_EQ(FeatureStore(folder()).usage().bytes, kFileBytes);
}

TEST_F(FeatureStoreTest, OnlyTheOwnerCanReadWhatIsKept) {
  fs::create_directories(folder());
  fs::permissions(folder(), fs::perms::all);
  FeatureStore(folder()).save(keyNumber(1), featuresFrom(0).view());
  EXPECT_EQ(modeOf(folder()), 0700u);
  EXPECT_EQ(modeOf(onlyFile()), 0600u);
  EXPECT_EQ(modeOf(scratch_.path() / "a") & 0700u, 0700u);
}

TEST_F(FeatureStoreTest, FoldersItMakesArePrivate) {
  const FeatureStore store(folder());
  EXPECT_EQ(modeOf(scratch_.path() / "a"), 0700u);
  EXPECT_EQ(modeOf(folder()), 0700u);
}

TEST_F(FeatureStoreTest, AnotherKeyOrShapeIsNoHit) {
  FeatureStore store(folder());
  store.save(keyNumber(1), featuresFrom(0).view());
  EXPECT_FALSE(has(store, 2));
  EXPECT_TRUE(has(store, 1));
  EXPECT_FALSE(store.load(keyNumber(1), kCols, kRows));
  EXPECT_FALSE(has(store, 1)) << "a file of another shape is of no use and is removed";
}

TEST_F(FeatureStoreTest, DamageAnywhereIsNoHitAndIsRemoved) {
  FeatureStore store(folder());
  for (std::size_t at = 0; at < kFileBytes; at += 3) {
    store.save(keyNumber(1), featuresFrom(0).view());
    std::string content = readFile(onlyFile());
    ASSERT_EQ(content.size(), kFileBytes);
    content[at] = static_cast<char>(content[at] ^ 1);
    writeFile(onlyFile(), content);
    EXPECT_FALSE(has(store, 1)) << "byte " << at;
    EXPECT_EQ(store.usage().files, 0u);
  }
}

TEST_F(FeatureStoreTest, AFileThatIsCutOrLongerIsNoHit) {
  FeatureStore store(folder());
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{87}, std::size_t{88},
                                 kFileBytes - 1, kFileBytes + 1}) {
    store.save(keyNumber(1), featuresFrom(0).view());
    fs::resize_file(onlyFile(), size);
    EXPECT_FALSE(has(store, 1)) << size;
    EXPECT_EQ(store.usage().files, 0u);
  }
}

TEST_F(FeatureStoreTest, TheFileOfAnotherKeyIsNoHit) {
  FeatureStore store(folder());
  store.save(keyNumber(1), featuresFrom(0).view());
  const fs::path first = onlyFile();
  const std::string content = readFile(first);
  store.clear();
  store.save(keyNumber(2), featuresFrom(0).view());
  writeFile(onlyFile(), content);
  EXPECT_FALSE(has(store, 2));
}

TEST_F(FeatureStoreTest, ValuesThatAreNoNumbersAreNoHit) {
  FeatureStore store(folder());
  for (const float strange : {INFINITY, NAN}) {
    Matrix features = featuresFrom(0);
    features.view().row(2)[3] = strange;
    store.save(keyNumber(1), features.view());
    EXPECT_FALSE(has(store, 1));
  }
}

TEST_F(FeatureStoreTest, LinksPipesAndFoldersAreNotFollowed) {
  FeatureStore store(folder());
  store.save(keyNumber(1), featuresFrom(0).view());
  const fs::path file = onlyFile();
  const fs::path elsewhere = scratch_.path() / "elsewhere";
  fs::rename(file, elsewhere);
  fs::create_symlink(elsewhere, file);
  EXPECT_FALSE(has(store, 1));
  EXPECT_TRUE(fs::exists(elsewhere));
  ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
  EXPECT_FALSE(has(store, 1));
  fs::create_directory(file);
  EXPECT_FALSE(has(store, 1));
  store.save(keyNumber(1), featuresFrom(0).view());  // cannot replace a folder
  EXPECT_FALSE(has(store, 1));
}

TEST_F(FeatureStoreTest, RemovesWhatWasNotUsedForLongestWhenItIsFull) {
  FeatureStore store(folder(), 3 * kFileBytes);
  for (const std::uint64_t key : {1, 2, 3}) {
    store.save(keyNumber(key), featuresFrom(0).view());
    letAMinutePass();
  }
  EXPECT_TRUE(has(store, 1));  // used now
  letAMinutePass();
  store.save(keyNumber(4), featuresFrom(0).view());
  EXPECT_EQ(store.usage().bytes, 3 * kFileBytes);
  EXPECT_FALSE(has(store, 2));
  for (const std::uint64_t key : {1, 3, 4}) EXPECT_TRUE(has(store, key)) << key;
}

TEST_F(FeatureStoreTest, WhatIsLargerThanEverythingIsNotSaved) {
  FeatureStore store(folder(), kFileBytes);
  store.save(keyNumber(1), featuresFrom(0).view());
  FeatureStore smaller(folder(), kFileBytes - 1);
  smaller.save(keyNumber(2), featuresFrom(0).view());
  EXPECT_FALSE(has(smaller, 2));
  EXPECT_TRUE(has(store, 1));
}

TEST_F(FeatureStoreTest, ClearsItsFilesAndThoseOfInterruptedWritesOnly) {
  FeatureStore store(folder());
  store.save(keyNumber(1), featuresFrom(0).view());
  writeFile(folder() / "abc.features.12.partial", "half");
  writeFile(folder() / "notes.txt", "mine");
  EXPECT_EQ(store.usage().files, 2u);
  EXPECT_TRUE(store.clear());
  EXPECT_EQ(store.usage().files, 0u);
  EXPECT_EQ(onlyFile().filename(), "notes.txt");
}

TEST_F(FeatureStoreTest, AnInterruptedWriteIsRemovedAfterAnHour) {
  FeatureStore store(folder());
  const fs::path old = folder() / "abc.features.12.partial";
  const fs::path fresh = folder() / "abc.features.13.partial";
  writeFile(old, "half");
  writeFile(fresh, "half");
  fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::minutes(61));
  store.save(keyNumber(1), featuresFrom(0).view());
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(fresh));
}

TEST_F(FeatureStoreTest, AFolderThatCannotBeUsedHoldsNothing) {
  const auto holdsNothing = [](const fs::path& path) {
    FeatureStore store(path);
    store.save(keyNumber(1), featuresFrom(0).view());
    return !has(store, 1) && store.usage().files == 0 && !store.clear();
  };
  EXPECT_TRUE(holdsNothing("/dev/null/features"));
  writeFile(scratch_.path() / "file", "");
  EXPECT_TRUE(holdsNothing(scratch_.path() / "file"));
  fs::create_directory(scratch_.path() / "real");
  fs::create_directory_symlink(scratch_.path() / "real", scratch_.path() / "link");
  EXPECT_TRUE(holdsNothing(scratch_.path() / "link"));
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown((scratch_.path() / "real").c_str(), 65534, 65534), 0);
    EXPECT_TRUE(holdsNothing(scratch_.path() / "real")) << "the folder of somebody else";
  }
}

TEST_F(FeatureStoreTest, SeveralAtOnceSeeWholeFilesOrNone) {
  constexpr std::size_t kWriters = 4;
  const std::vector<float> expected = valuesOf(featuresFrom(0));
  std::vector<std::jthread> threads;
  for (std::size_t t = 0; t < kWriters; ++t) {
    threads.emplace_back([&] {
      FeatureStore store(folder(), 2 * kFileBytes);
      for (std::uint64_t round = 0; round < 200; ++round) {
        if (const auto found = store.load(keyNumber(round % 3), kRows, kCols)) {
          EXPECT_EQ(valuesOf(*found), expected);
        }
        store.save(keyNumber(round % 3), featuresFrom(0).view());
      }
    });
  }
}

}  // namespace
}  // namespace vl
