#include "ui/canvas/image_loader.h"

#include <algorithm>
#include <exception>

namespace vl {
namespace {

constexpr std::size_t kKeptBytes = std::size_t{512} << 20;  // a 100-megapixel photo with its levels
constexpr int kKeptThumbnails = 300;                        // of 0.4 MB
constexpr int kPicturePriority = 1;                         // before thumbnails, which have 0
Result<ImageLoader::Picture> decode(const std::filesystem::path& path) {
  try {
    Result<RgbImage> image = decodeImageFile(path);
    if (!image) return image.error();
    return ImageLoader::Picture(std::make_shared<const ImagePyramid>(std::move(*image)));
  } catch (const std::exception&) {  // a worker loop: no memory for the pixels
    return Error{ErrorCode::OutOfMemory, ImageLoader::tr("There is not enough memory to show %1.")
                                             .arg(QString::fromStdString(path.filename().string()))
                                             .toStdString()};
  }
}

QString key(const std::filesystem::path& path) { return QString::fromStdString(path.string()); }

}  // namespace

ImageLoader::ImageLoader(QObject* parent) : QObject(parent), thumbnails_(kKeptThumbnails) {
  pool_.setMaxThreadCount(2);
}

ImageLoader::~ImageLoader() { pool_.clear(); }

void ImageLoader::load(const std::filesystem::path& path, QObject* context, PictureReady ready) {
  request(path, {context, std::move(ready)}, kPicturePriority);
}

void ImageLoader::loadThumbnail(const std::filesystem::path& path, QObject* context,
                                ThumbnailReady ready) {
  const QPointer<QObject> guard(context);
  if (const QImage* known = thumbnails_.object(key(path))) {
    QMetaObject::invokeMethod(
        this,
        [guard, ready = std::move(ready), thumbnail = *known] {
          if (guard) ready(thumbnail);
        },
        Qt::QueuedConnection);
    return;
  }
  const auto whenDecoded = [this, path, ready = std::move(ready)](const Result<Picture>&) {
    const QImage* thumbnail = thumbnails_.object(key(path));
    ready(thumbnail != nullptr ? *thumbnail : QImage());
  };
  request(path, {guard, whenDecoded}, 0);
}

void ImageLoader::request(const std::filesystem::path& path, Waiting waiting, int priority) {
  const auto kept = std::find_if(kept_.begin(), kept_.end(),
                                 [&](const auto& entry) { return entry.first == path; });
  if (kept != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, kept);
    QMetaObject::invokeMethod(
        this,
        [waiting = std::move(waiting), picture = kept_.front().second] {
          if (waiting.context) waiting.ready(picture);
        },
        Qt::QueuedConnection);
    return;
  }
  std::vector<Waiting>& others = waiting_[path];
  others.push_back(std::move(waiting));
  if (others.size() > 1) return;  // being decoded for somebody else
  pool_.start(
      [this, path] {
        const Result<Picture> picture = decode(path);
        const QImage thumbnail = picture ? (*picture)->thumbnail(kThumbnailSize) : QImage();
        QMetaObject::invokeMethod(
            this, [this, path, picture, thumbnail] { decoded(path, picture, thumbnail); },
            Qt::QueuedConnection);
      },
      priority);
}

void ImageLoader::decoded(const std::filesystem::path& path, const Result<Picture>& picture,
                          const QImage& thumbnail) {
  if (picture) remember(path, *picture, thumbnail);
  for (const Waiting& waiting : std::exchange(waiting_[path], {})) {
    if (waiting.context) waiting.ready(picture);
  }
}

void ImageLoader::remember(const std::filesystem::path& path, const Picture& picture,
                           const QImage& thumbnail) {
  thumbnails_.insert(key(path),
                     std::make_unique<QImage>(thumbnail).release());  // the cache owns it
  kept_.remove_if([&](const auto& entry) { return entry.first == path; });
  kept_.emplace_front(path, picture);
  std::size_t bytes = 0;
  for (auto entry = kept_.begin(); entry != kept_.end();) {
    bytes += entry->second->bytes();
    const bool dropped = bytes > kKeptBytes && entry != kept_.begin();
    entry = dropped ? kept_.erase(entry) : std::next(entry);
  }
}

}  // namespace vl
