#pragma once

#include <QMimeData>
#include <QObject>
#include <QString>
#include <cstddef>
#include <optional>
#include <vector>

#include "ui/composer/image_importer.h"

namespace vl {

/// The images of the question that is being composed, in the order the model will read them. An
/// image is there from the moment it is dropped and ready once it lies in the store.
class AttachmentList final : public QObject {
  Q_OBJECT
 public:
  struct Entry {
    quint64 ticket = 0;  // of the import; names the entry
    QString name;
    std::optional<ImportedImage> image;  // none: being read
  };

  static constexpr std::size_t kMostEntries = 32;

  explicit AttachmentList(ImageImporter& importer, QObject* parent = nullptr);

  const std::vector<Entry>& entries() const { return entries_; }
  bool isEmpty() const { return entries_.empty(); }
  bool isReady() const;  // nothing is being read any more

  /// How many more there can be.
  std::size_t room() const { return kMostEntries - entries_.size(); }

  /// A PDF is not added but announced: its pages are chosen first.
  void addFile(const QString& path);
  /// `place`: it is a part of another image.
  void addPicture(const QImage& picture, const QString& name,
                  std::optional<CropPlace> place = std::nullopt);
  /// A picture that is made away from the GUI thread.
  void addEncoded(const QString& name, ImageImporter::Encoded encoded);
  /// An image that is in the store already.
  void addStored(ImportedImage image);
  /// What was dropped or pasted: local files, else a picture.
  void addMime(const QMimeData& data);
  /// Whether addMime() would find something.
  static bool accepts(const QMimeData& data);

  /// The image comes to stand at this place among the others.
  void move(quint64 ticket, std::size_t place);
  void remove(quint64 ticket);
  void clear();

 signals:
  void changed();
  void ready(const vl::ImportedImage& image);
  void documentReceived(const QString& path);
  /// A sentence about an image that could not be added.
  void refused(const QString& why);

 private:
  bool hasRoom();
  std::vector<Entry>::iterator find(quint64 ticket);

  ImageImporter& importer_;
  std::vector<Entry> entries_;
  quint64 lastStored_ = 0;  // tickets of stored images count down from the largest number
};

}  // namespace vl
