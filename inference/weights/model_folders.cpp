#include "inference/weights/model_folders.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <system_error>

namespace vl {

namespace fs = std::filesystem;

bool isModelFolder(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_regular_file(folder / "config.json", ignored);
}

std::vector<fs::path> modelFoldersIn(const fs::path& folder) {
  constexpr std::size_t kMostEntries = 1000;  // of a folder that was perhaps named by mistake
  std::vector<fs::path> found;
  std::error_code error;
  std::size_t seen = 0;
  for (fs::directory_iterator entry(folder, error), end;
       !error && entry != end && seen < kMostEntries; entry.increment(error), ++seen) {
    const bool isHidden = entry->path().filename().string().starts_with('.');
    if (!isHidden && isModelFolder(entry->path())) found.push_back(entry->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace vl
