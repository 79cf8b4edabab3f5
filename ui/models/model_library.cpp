#include "ui/models/model_library.h"

#include <QSettings>
#include <algorithm>
#include <array>
#include <exception>
#include <set>
#include <system_error>
#include <utility>

#include "inference/kernels/compute.h"
#include "inference/weights/model_folders.h"
#include "ui/widgets/path_text.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFoldersKey = "models/folders";

/// The folder itself, or those of its folders that are models.
std::vector<fs::path> modelsAt(const fs::path& place) {
  if (isModelFolder(place)) return {place};
  return modelFoldersIn(place);
}

std::optional<fs::path> licenceIn(const fs::path& folder) {
  constexpr std::array kNames{"LICENSE-MODEL", "LICENSE_MODEL", "LICENSE-MODEL.txt", "LICENSE",
                              "LICENSE.txt",   "LICENSE.md",    "LICENCE",           "README.md"};
  std::error_code ignored;
  for (const char* name : kNames) {
    if (fs::is_regular_file(folder / name, ignored)) return folder / name;
  }
  return std::nullopt;
}

LibraryModel inspected(const fs::path& folder, std::size_t threads) {
  LibraryModel model;
  model.folder = folder;
  model.licence = licenceIn(folder);
  try {
    Result<ModelInfo> info = inspectModel(folder, threads);
    if (info) {
      model.info = std::move(*info);
    } else {
      model.trouble = info.error().what;
    }
  } catch (const std::exception&) {  // a worker loop: no memory for the headers
    model.trouble =
        ModelLibrary::tr("There is not enough memory to look at this model.").toStdString();
  }
  return model;
}

std::vector<LibraryModel> scan(const ModelPlaces& places, const std::vector<fs::path>& added) {
  const std::size_t threads = availableCpus();
  std::vector<LibraryModel> models;
  std::set<fs::path> seen;
  const auto take = [&](const fs::path& place, bool bundled, bool isAdded) {
    for (const fs::path& folder : modelsAt(place)) {
      std::error_code error;
      const fs::path canonical = fs::weakly_canonical(folder, error);
      if (!seen.insert(error ? folder : canonical).second) continue;
      models.push_back(inspected(folder, threads));
      models.back().bundled = bundled;
      models.back().inAddedFolder = isAdded;
    }
  };
  if (!places.own.empty()) take(places.own, false, false);
  for (const fs::path& folder : added) take(folder, false, true);
  for (const fs::path& folder : places.bundled) take(folder, true, false);
  return models;
}

}  // namespace

QString LibraryModel::name() const {
  const fs::path& named = folder.has_filename() ? folder : folder.parent_path();
  return QString::fromStdString(named.filename().string());
}

bool isSameFolder(const fs::path& a, const fs::path& b) {
  std::error_code error;
  return !a.empty() && !b.empty() && (a == b || (fs::equivalent(a, b, error) && !error));
}

ModelLibrary::ModelLibrary(ModelPlaces places, QSettings& settings, QObject* parent)
    : QObject(parent), places_(std::move(places)), settings_(settings) {
  pool_.setMaxThreadCount(1);
}

ModelLibrary::~ModelLibrary() { pool_.clear(); }

const LibraryModel* ModelLibrary::find(const fs::path& folder) const {
  const auto found = std::find_if(models_.begin(), models_.end(), [&](const LibraryModel& model) {
    return isSameFolder(model.folder, folder);
  });
  return found == models_.end() ? nullptr : &*found;
}

void ModelLibrary::rescan() {
  ++scans_;
  pool_.start([this, places = places_, added = addedFolders()] {
    std::vector<LibraryModel> found = scan(places, added);
    QMetaObject::invokeMethod(
        this,
        [this, found = std::move(found)]() mutable {
          if (--scans_ > 0) return;  // another one is on its way
          models_ = std::move(found);
          emit changed();
        },
        Qt::QueuedConnection);
  });
}

std::vector<fs::path> ModelLibrary::addedFolders() const {
  std::vector<fs::path> folders;
  for (const QString& folder : settings_.value(kFoldersKey).toStringList()) {
    folders.emplace_back(folder.toStdString());
  }
  return folders;
}

void ModelLibrary::keepFolders(const std::vector<fs::path>& folders) {
  QStringList names;
  for (const fs::path& folder : folders) names << pathText(folder);
  settings_.setValue(kFoldersKey, names);
}

void ModelLibrary::addFolder(const fs::path& folder) {
  std::vector<fs::path> folders = addedFolders();
  const bool known = std::any_of(folders.begin(), folders.end(), [&](const fs::path& other) {
    return isSameFolder(other, folder);
  });
  if (!known) {
    folders.push_back(folder);
    keepFolders(folders);
  }
  rescan();
}

void ModelLibrary::forgetFolder(const fs::path& model) {
  std::vector<fs::path> folders = addedFolders();
  std::erase_if(folders, [&](const fs::path& folder) {
    return isSameFolder(folder, model) || isSameFolder(folder, model.parent_path());
  });
  keepFolders(folders);
  rescan();
}

}  // namespace vl
