#include "inference/weights/model_folders.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/inference/weights/test_files.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

void makeModel(const fs::path& folder) {
  fs::create_directories(folder);
  writeText(folder / "config.json", "{}");
}

TEST(ModelFolders, AreThoseWithAConfig) {
  const TempFolder folder;
  makeModel(folder / "model");
  fs::create_directories(folder / "none/config.json");
  EXPECT_TRUE(isModelFolder(folder / "model"));
  EXPECT_FALSE(isModelFolder(folder / "none"));
  EXPECT_FALSE(isModelFolder(folder / "absent"));
}

TEST(ModelFolders, AreListedByNameWithoutThoseThatAreBeingWritten) {
  const TempFolder folder;
  makeModel(folder / "b");
  makeModel(folder / "a");
  makeModel(folder / ".a.download");
  fs::create_directories(folder / "notes");
  EXPECT_EQ(modelFoldersIn(folder.path()), (std::vector<fs::path>{folder / "a", folder / "b"}));
  EXPECT_TRUE(modelFoldersIn(folder / "absent").empty());
}

}  // namespace
}  // namespace vl
