#pragma once

#include <QAbstractListModel>
#include <QCache>
#include <QImage>
#include <cstddef>

namespace vl {

/// The pages of a document with the thumbnails there are. The least used thumbnails are forgotten;
/// a page without one is asked for when it is shown.
class PageListModel final : public QAbstractListModel {
  Q_OBJECT
 public:
  enum Role { ThumbnailRole = Qt::UserRole, DamagedRole };

  explicit PageListModel(QObject* parent = nullptr);

  void setPageCount(std::size_t pages);
  /// A null image: the page cannot be shown.
  void setThumbnail(std::size_t page, const QImage& thumbnail);
  bool hasThumbnail(std::size_t page) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;

 private:
  int pages_ = 0;
  mutable QCache<std::size_t, QImage> thumbnails_;  // null images: damaged pages
};

}  // namespace vl
