#pragma once

#include <QCache>
#include <QImage>
#include <QObject>
#include <QPointer>
#include <QSize>
#include <QString>
#include <QThreadPool>
#include <filesystem>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "inference/base/result.h"
#include "ui/canvas/image_pyramid.h"

namespace vl {

/// Decodes images away from the GUI thread and keeps the last ones. What is shown is what the model
/// sees: the oriented original that boxes refer to. GUI thread; answers come there too, never
/// before the call has returned, and not at all once their context is gone.
class ImageLoader final : public QObject {
  Q_OBJECT
 public:
  using Picture = std::shared_ptr<const ImagePyramid>;
  using PictureReady = std::function<void(const Result<Picture>&)>;
  using ThumbnailReady = std::function<void(const QImage&)>;

  static constexpr QSize kThumbnailSize{320, 320};  // at most, in pixels

  explicit ImageLoader(QObject* parent = nullptr);
  ~ImageLoader() override;

  void load(const std::filesystem::path& path, QObject* context, PictureReady ready);
  /// A null image when the file cannot be read.
  void loadThumbnail(const std::filesystem::path& path, QObject* context, ThumbnailReady ready);
  /// Keeps a picture that was decoded elsewhere.
  void remember(const std::filesystem::path& path, const Picture& picture, const QImage& thumbnail);

 private:
  struct Waiting {
    QPointer<QObject> context;
    PictureReady ready;
  };

  void request(const std::filesystem::path& path, Waiting waiting, int priority);
  void decoded(const std::filesystem::path& path, const Result<Picture>& picture,
               const QImage& thumbnail);

  std::map<std::filesystem::path, std::vector<Waiting>> waiting_;
  QCache<QString, QImage> thumbnails_;
  std::list<std::pair<std::filesystem::path, Picture>> kept_;  // last used first
  QThreadPool pool_;                                           // waits for its tasks when it goes
};

}  // namespace vl
