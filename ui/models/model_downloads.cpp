#include "ui/models/model_downloads.h"

#include <QFile>
#include <algorithm>
#include <utility>

namespace vl {
namespace {

constexpr qint64 kMostListBytes = 1 << 20;

}  // namespace

ModelDownloads::ModelDownloads(std::filesystem::path place, QObject* parent)
    : QObject(parent), place_(std::move(place)) {
  for (DownloadManifest& manifest : officialManifests()) add(std::move(manifest));
}

ModelDownloads::~ModelDownloads() = default;

void ModelDownloads::add(DownloadManifest manifest) {
  downloads_.push_back(std::make_unique<ModelDownload>(std::move(manifest), place_));
  ModelDownload* download = downloads_.back().get();
  connect(download, &ModelDownload::changed, this, [this, download, active = false]() mutable {
    const bool before = std::exchange(active, download->isActive());
    if (before != active) emit changed();
  });
  connect(download, &ModelDownload::ended, this, [this, download] {
    emit ended(download);
    emit changed();
  });
}

ModelDownload* ModelDownloads::find(const QString& name) const {
  const auto found = std::find_if(downloads_.begin(), downloads_.end(), [&](const auto& download) {
    return download->manifest().name == name;
  });
  return found == downloads_.end() ? nullptr : found->get();
}

Result<QString> ModelDownloads::addList(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) {
    return Error{ErrorCode::Io,
                 tr("%1 could not be read: %2").arg(path, file.errorString()).toStdString()};
  }
  const QByteArray list = file.read(kMostListBytes + 1);
  if (list.size() > kMostListBytes) {
    return Error{ErrorCode::InvalidArgument,
                 tr("%1 is too large for a list of files.").arg(path).toStdString()};
  }
  Result<DownloadManifest> manifest = parseManifest(list);
  if (!manifest) return manifest.error();
  const QString name = manifest->name;
  if (find(name) != nullptr) {
    return Error{ErrorCode::InvalidArgument,
                 tr("There is a download of the name %1 already.").arg(name).toStdString()};
  }
  add(std::move(*manifest));
  emit changed();
  return name;
}

}  // namespace vl
