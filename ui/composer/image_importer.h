#pragma once

#include <QByteArray>
#include <QImage>
#include <QObject>
#include <QString>
#include <QThreadPool>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "storage/session_store.h"
#include "ui/canvas/image_loader.h"

namespace vl {

/// An image in the store, ready to be asked about.
struct ImportedImage {
  Attachment attachment;
  std::filesystem::path path;  // of the copy in the store
};

/// Brings files and pasted pictures into the store: reads, decodes and hashes on its own thread,
/// through a store of its own on the same folder. The loader then has the pictures already. GUI
/// thread.
class ImageImporter final : public QObject {
  Q_OBJECT
 public:
  /// The loader outlives the importer.
  ImageImporter(std::filesystem::path dataFolder, ImageLoader& loader, QObject* parent = nullptr);
  ~ImageImporter() override;

  /// Each returns a ticket, which the signals carry; exactly one of them comes for each, in the
  /// order the tickets were given, never before the call has returned.
  quint64 importFile(const QString& path);
  /// `place`: it is a part of another image, which the store remembers.
  quint64 importPicture(const QImage& picture, const QString& name,
                        std::optional<CropPlace> place = std::nullopt);
  /// A picture that is made on the worker thread, for example of a page.
  using Encoded = std::function<Result<QByteArray>()>;
  quint64 importEncoded(const QString& name, Encoded encoded,
                        std::optional<CropPlace> place = std::nullopt);

 signals:
  void imported(quint64 ticket, const vl::ImportedImage& image);
  void failed(quint64 ticket, const QString& name, const vl::Error& error);

 private:
  /// What the worker hands over.
  struct Decoded {
    ImportedImage image;
    ImageLoader::Picture picture;
    QImage thumbnail;
  };
  Result<Decoded> import(const QString& name, const Encoded& encoded,
                         const std::optional<CropPlace>& place);
  Result<SessionStore*> store();

  const std::filesystem::path dataFolder_;
  ImageLoader& loader_;
  quint64 lastTicket_ = 0;
  std::optional<SessionStore> store_;  // pool_'s thread only
  QThreadPool pool_;                   // one thread; last member: waits for its tasks
};

}  // namespace vl
