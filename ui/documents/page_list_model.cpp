#include "ui/documents/page_list_model.h"

#include <algorithm>
#include <memory>

namespace vl {
namespace {

constexpr int kKeptKilobytes = 96 * 1024;  // about 1000 thumbnails

}  // namespace

PageListModel::PageListModel(QObject* parent)
    : QAbstractListModel(parent), thumbnails_(kKeptKilobytes) {}

void PageListModel::setPageCount(std::size_t pages) {
  beginResetModel();
  pages_ = static_cast<int>(pages);
  thumbnails_.clear();
  endResetModel();
}

void PageListModel::setThumbnail(std::size_t page, const QImage& thumbnail) {
  const int kilobytes = std::max(1, static_cast<int>(thumbnail.sizeInBytes() / 1024));
  thumbnails_.insert(page, std::make_unique<QImage>(thumbnail).release(),  // the cache owns it
                     kilobytes);
  const QModelIndex changed = index(static_cast<int>(page));
  emit dataChanged(changed, changed);
}

bool PageListModel::hasThumbnail(std::size_t page) const { return thumbnails_.contains(page); }

int PageListModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : pages_;
}

QVariant PageListModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const QImage* thumbnail = thumbnails_.object(static_cast<std::size_t>(index.row()));
  switch (role) {
    case Qt::DisplayRole:
      return QString::number(index.row() + 1);
    case Qt::AccessibleTextRole:
      return tr("Page %1").arg(index.row() + 1);
    case ThumbnailRole:
      return thumbnail != nullptr ? QVariant(*thumbnail) : QVariant();
    case DamagedRole:
      return thumbnail != nullptr && thumbnail->isNull();
    default:
      return {};
  }
}

}  // namespace vl
