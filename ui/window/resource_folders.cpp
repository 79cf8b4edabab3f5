#include "ui/window/resource_folders.h"

#include <QDir>
#include <QFileInfo>
#include <utility>

#include "inference/weights/model_folders.h"

namespace vl {
namespace {

constexpr int kBuildDepth = 4;  // <tree>/build/<preset>/bin and one to spare

std::filesystem::path toPath(const QString& path) {
  return std::filesystem::path(path.toStdString()).lexically_normal();
}

}  // namespace

QStringList resourceFolders(const QString& binaryFolder) {
  QStringList folders{QDir::cleanPath(binaryFolder + "/../share/vl2-desk")};
  QDir folder(binaryFolder);
  for (int i = 0; i < kBuildDepth && folder.cdUp(); ++i) folders << folder.filePath("resources");
  return folders;
}

std::optional<std::filesystem::path> defaultModel(const QStringList& resources,
                                                  const QString& modelsFolder) {
  for (const QString& folder : resources) {
    std::filesystem::path bundled = toPath(folder + "/models/starter");
    if (isModelFolder(bundled)) return bundled;
  }
  std::vector<std::filesystem::path> own = modelFoldersIn(toPath(modelsFolder));
  if (own.empty()) return std::nullopt;
  return std::move(own.front());
}

std::vector<QString> samplePictures(const QStringList& resources) {
  constexpr int kMostSamples = 4;
  std::vector<QString> pictures;
  for (const QString& folder : resources) {
    const QDir samples(folder + "/samples");
    for (const QFileInfo& file :
         samples.entryInfoList({"*.png", "*.jpg", "*.webp"}, QDir::Files, QDir::Name)) {
      if (static_cast<int>(pictures.size()) < kMostSamples) pictures.push_back(file.filePath());
    }
    if (!pictures.empty()) break;
  }
  return pictures;
}

}  // namespace vl
