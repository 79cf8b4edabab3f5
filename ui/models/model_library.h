#pragma once

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "inference/engine/model_info.h"

class QSettings;

namespace vl {

/// Where models may lie.
struct ModelPlaces {
  std::filesystem::path own;                   // what is downloaded or converted goes there
  std::vector<std::filesystem::path> bundled;  // folders of models that came with the app
};

/// A folder that looks like a model.
struct LibraryModel {
  std::filesystem::path folder;
  bool bundled = false;
  bool inAddedFolder = false;
  std::optional<ModelInfo> info;  // none: `trouble` says why it cannot be used
  std::string trouble;
  std::optional<std::filesystem::path> licence;

  QString name() const;
};

/// The models in the bundled folders, in the person's own models folder and in the folders that
/// were added. Looks into the files on a worker thread. GUI thread.
class ModelLibrary final : public QObject {
  Q_OBJECT
 public:
  /// The settings keep the added folders; they outlive the library.
  ModelLibrary(ModelPlaces places, QSettings& settings, QObject* parent = nullptr);
  ~ModelLibrary() override;

  const ModelPlaces& places() const { return places_; }
  /// As of the last scan: the own ones first, the bundled ones last.
  const std::vector<LibraryModel>& models() const { return models_; }
  const LibraryModel* find(const std::filesystem::path& folder) const;
  bool isScanning() const { return scans_ > 0; }
  /// Looks again, also at the memory that is available now.
  void rescan();

  /// A model's folder, or one whose folders are models.
  void addFolder(const std::filesystem::path& folder);
  void forgetFolder(const std::filesystem::path& model);
  std::vector<std::filesystem::path> addedFolders() const;

 signals:
  void changed();

 private:
  void keepFolders(const std::vector<std::filesystem::path>& folders);

  const ModelPlaces places_;
  QSettings& settings_;
  std::vector<LibraryModel> models_;
  int scans_ = 0;     // not ended yet
  QThreadPool pool_;  // one thread; last member: waits for its tasks
};

/// Whether two paths lead to the same folder.
bool isSameFolder(const std::filesystem::path& a, const std::filesystem::path& b);

}  // namespace vl
