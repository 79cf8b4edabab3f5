#include "ui/window/resource_folders.h"

#include <QDir>
#include <QFileInfo>

namespace vl {
namespace {

constexpr int kBuildDepth = 4;  // <tree>/build/<preset>/bin and one to spare

bool isCheckpoint(const QString& folder) { return QFileInfo(folder + "/config.json").isFile(); }

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
    const QString bundled = folder + "/models/starter";
    if (isCheckpoint(bundled)) return toPath(bundled);
  }
  const QDir models(modelsFolder);
  for (const QString& name : models.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
    if (isCheckpoint(models.filePath(name))) return toPath(models.filePath(name));
  }
  return std::nullopt;
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
