#include "ui/composer/image_importer.h"

#include <QBuffer>
#include <QFile>
#include <QFileInfo>
#include <exception>
#include <new>
#include <span>
#include <utility>

namespace vl {
namespace {

Error refusal(ErrorCode code, const QString& why) { return {code, why.toStdString()}; }

Result<QByteArray> readFile(const QString& path) {
  const QFileInfo info(path);
  if (!info.exists())
    return refusal(ErrorCode::NotFound, ImageImporter::tr("The file is not there any more."));
  if (!info.isFile())
    return refusal(ErrorCode::Unsupported, ImageImporter::tr("This is not a file."));
  if (static_cast<quint64>(info.size()) > kMaxImageBytes) {
    return refusal(ErrorCode::Unsupported, ImageImporter::tr("The file is larger than 1 GiB."));
  }
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) {
    return Error{ErrorCode::Io, file.errorString().toStdString()};
  }
  return file.readAll();
}

Result<QByteArray> encodePng(const QImage& picture) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  if (!picture.save(&buffer, "PNG")) {
    return refusal(ErrorCode::Unsupported, ImageImporter::tr("The pasted picture cannot be read."));
  }
  return bytes;
}

std::span<const std::byte> asBytes(const QByteArray& data) {
  return std::as_bytes(std::span(data.constData(), static_cast<std::size_t>(data.size())));
}

}  // namespace

ImageImporter::ImageImporter(std::filesystem::path dataFolder, ImageLoader& loader, QObject* parent)
    : QObject(parent), dataFolder_(std::move(dataFolder)), loader_(loader) {
  pool_.setMaxThreadCount(1);
  pool_.setExpiryTimeout(-1);  // the store belongs to one thread
}

ImageImporter::~ImageImporter() { pool_.clear(); }

quint64 ImageImporter::importFile(const QString& path) {
  return importEncoded(QFileInfo(path).fileName(), [path] { return readFile(path); });
}

quint64 ImageImporter::importPicture(const QImage& picture, const QString& name,
                                     std::optional<CropPlace> place) {
  return importEncoded(
      name, [picture] { return encodePng(picture); }, place);
}

quint64 ImageImporter::importEncoded(const QString& name, Encoded encoded,
                                     std::optional<CropPlace> place) {
  const quint64 ticket = ++lastTicket_;
  pool_.start([this, ticket, name, encoded = std::move(encoded), place] {
    const Result<Decoded> decoded = import(name, encoded, place);
    QMetaObject::invokeMethod(
        this,
        [this, ticket, name, decoded] {
          if (decoded) {
            loader_.remember(decoded->image.path, decoded->picture, decoded->thumbnail);
            emit imported(ticket, decoded->image);
          } else {
            emit failed(ticket, name, decoded.error());
          }
        },
        Qt::QueuedConnection);
  });
  return ticket;
}

Result<SessionStore*> ImageImporter::store() {
  if (!store_) {
    Result<OpenedStore> opened = SessionStore::open(dataFolder_);
    if (!opened) return opened.error();
    store_ = std::move(opened->store);
  }
  return &*store_;
}

Result<ImageImporter::Decoded> ImageImporter::import(const QString& name, const Encoded& encoded,
                                                     const std::optional<CropPlace>& place) {
  try {
    const Result<QByteArray> bytes = encoded();
    if (!bytes) return bytes.error();
    Result<RgbImage> pixels = decodeImage(asBytes(*bytes));
    if (!pixels) return pixels.error();
    const ImageSize size = pixels->size();
    Decoded decoded;
    decoded.picture = std::make_shared<const ImagePyramid>(std::move(*pixels));
    decoded.thumbnail = decoded.picture->thumbnail(ImageLoader::kThumbnailSize);

    const Result<SessionStore*> store = this->store();
    if (!store) return store.error();
    Result<ImageRecord> record = (*store)->importImage(asBytes(*bytes), size);
    if (!record) return record.error();
    Result<std::filesystem::path> path = (*store)->imagePath(*record);
    if (!path) return path.error();
    if (place) {
      if (Status kept = (*store)->recordCrop(record->sha256, *place); !kept) return kept.error();
    }
    decoded.image = {{*record, name.toStdString()}, *path};
    return decoded;
  } catch (const std::exception&) {  // a worker loop: no memory for file or pixels
    return refusal(ErrorCode::OutOfMemory,
                   ImageImporter::tr("There is not enough memory to open this image."));
  }
}

}  // namespace vl
