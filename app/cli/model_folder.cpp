#include "app/cli/model_folder.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "inference/weights/model_folders.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

/// Where a folder that comes with the program may be: installed, and in <tree>/build/<preset>/bin.
std::vector<fs::path> bundledFolders(const fs::path& name) {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const fs::path binaries = program.parent_path();
  return {(binaries / "../share/vl2-desk" / name).lexically_normal(),
          (binaries / "../../../resources" / name).lexically_normal()};
}

/// XDG base directory specification: a relative path is ignored.
fs::path modelsFolder() {
  if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data == '/') {
    return fs::path(data) / "vl2-desk/models";
  }
  const char* home = std::getenv("HOME");
  return home == nullptr ? fs::path() : fs::path(home) / ".local/share/vl2-desk/models";
}

}  // namespace

Result<fs::path> modelFolder(const Arguments& arguments, Console& console) {
  if (const auto given = arguments.value("--model")) return fs::path(*given);
  std::vector<fs::path> candidates = bundledFolders("models/starter");
  const auto bundled = std::find_if(candidates.begin(), candidates.end(), isModelFolder);
  std::optional<fs::path> chosen;
  if (bundled != candidates.end()) {
    chosen = *bundled;
  } else if (const std::vector<fs::path> own = modelFoldersIn(modelsFolder()); !own.empty()) {
    chosen = own.front();
  }
  if (!chosen) {
    return Error{ErrorCode::NotFound, "No model is bundled, and there is none in " +
                                          modelsFolder().string() +
                                          "; --model names the folder of one."};
  }
  console.progress.note("model " + chosen->string());
  return std::move(*chosen);
}

Result<fs::path> samplesFolder() {
  for (const fs::path& folder : bundledFolders("samples")) {
    std::error_code ignored;
    if (fs::is_directory(folder, ignored)) return folder;
  }
  return Error{ErrorCode::NotFound, "The sample pictures that come with the program are missing."};
}

}  // namespace vl
