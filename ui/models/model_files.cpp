#include "ui/models/model_files.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "inference/weights/model_folders.h"
#include "ui/widgets/path_text.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

struct ModelFiles {
  Q_DECLARE_TR_FUNCTIONS(ModelFiles)
};

Error failure(ErrorCode code, const QString& why) { return {code, why.toStdString()}; }

/// Whether a model's folder, as its publisher or `vl2 convert` makes it, has a file of this name.
bool belongsToModel(std::string_view name) {
  constexpr std::array kNames{"config.json",
                              "processor_config.json",
                              "preprocessor_config.json",
                              "generation_config.json",
                              "tokenizer.json",
                              "tokenizer_config.json",
                              "special_tokens_map.json",
                              "added_tokens.json",
                              "model.safetensors.index.json",
                              "README.md",
                              ".gitattributes"};
  return name.ends_with(".safetensors") || name.starts_with("LICENSE") ||
         name.starts_with("LICENCE") ||
         std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

Error cannotDelete(const fs::path& file, const std::error_code& error) {
  return failure(ErrorCode::Io, ModelFiles::tr("%1 could not be deleted: %2.")
                                    .arg(pathText(file), QString::fromStdString(error.message())));
}

}  // namespace

Status deleteModelFiles(const fs::path& folder, const std::stop_token& stop) {
  if (!isModelFolder(folder)) {
    return failure(ErrorCode::NotFound,
                   ModelFiles::tr("There is no model in %1.").arg(pathText(folder)));
  }
  std::error_code error;
  const fs::path named = folder.has_filename() ? folder : folder.parent_path();
  if (fs::is_symlink(named, error)) {
    fs::remove(named, error);
    if (error) return cannotDelete(named, error);
    return {};
  }
  std::vector<fs::path> files{folder / "config.json"};
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code ignored;
    const bool isFile = entry->is_symlink(ignored) || entry->is_regular_file(ignored);
    if (isFile && name != "config.json" && belongsToModel(name)) files.push_back(entry->path());
  }
  for (const fs::path& file : files) {
    if (stop.stop_requested()) {
      return failure(ErrorCode::Cancelled,
                     ModelFiles::tr("Deleting was stopped; part of the model is gone."));
    }
    fs::remove(file, error);
    if (error) return cannotDelete(file, error);
  }
  fs::remove(folder, error);  // fails when something else is in it, which then stays
  return {};
}

fs::path freeFolder(const fs::path& place, const std::string& name) {
  std::error_code ignored;
  fs::path folder = place / name;
  for (int i = 2; fs::exists(fs::symlink_status(folder, ignored)); ++i) {
    folder = place / (name + '-' + std::to_string(i));
  }
  return folder;
}

}  // namespace vl
