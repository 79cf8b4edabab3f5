#pragma once

#include <QObject>
#include <filesystem>
#include <memory>
#include <vector>

#include "inference/base/result.h"
#include "ui/models/model_download.h"

namespace vl {

/// The models that can be downloaded: the official ones, and those of lists that were opened. GUI
/// thread.
class ModelDownloads final : public QObject {
  Q_OBJECT
 public:
  /// What is downloaded will lie in `place`.
  explicit ModelDownloads(std::filesystem::path place, QObject* parent = nullptr);
  ~ModelDownloads() override;

  const std::vector<std::unique_ptr<ModelDownload>>& all() const { return downloads_; }
  /// nullptr when there is none of this name.
  ModelDownload* find(const QString& name) const;
  /// Reads a list of files; the name of its model. Errors: as parseManifest(); Io;
  /// InvalidArgument (there is one of this name).
  Result<QString> addList(const QString& path);

 signals:
  /// There is another one, or one has begun or ended.
  void changed();
  void ended(vl::ModelDownload* download);

 private:
  void add(DownloadManifest manifest);

  const std::filesystem::path place_;
  std::vector<std::unique_ptr<ModelDownload>> downloads_;
};

}  // namespace vl
