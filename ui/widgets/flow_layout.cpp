#include "ui/widgets/flow_layout.h"

#include <QWidget>
#include <algorithm>

namespace vl {

FlowLayout::FlowLayout(int gap, QWidget* parent) : QLayout(parent), gap_(gap) {
  setContentsMargins(0, 0, 0, 0);
}

void FlowLayout::addItem(QLayoutItem* item) { items_.emplace_back(item); }

int FlowLayout::count() const { return static_cast<int>(items_.size()); }

QLayoutItem* FlowLayout::itemAt(int index) const {
  if (index < 0 || index >= count()) return nullptr;
  return items_[static_cast<std::size_t>(index)].get();
}

QLayoutItem* FlowLayout::takeAt(int index) {
  if (index < 0 || index >= count()) return nullptr;
  const auto place = items_.begin() + index;
  QLayoutItem* item = place->release();
  items_.erase(place);
  return item;
}

Qt::Orientations FlowLayout::expandingDirections() const { return {}; }

bool FlowLayout::hasHeightForWidth() const { return true; }

int FlowLayout::heightForWidth(int width) const { return arrange(QRect(0, 0, width, 0), false); }

QSize FlowLayout::minimumSize() const {
  QSize size;
  for (const auto& item : items_) size = size.expandedTo(item->minimumSize());
  return size;
}

QSize FlowLayout::sizeHint() const {
  QSize size;
  for (const auto& item : items_) {
    const QSize hint = item->sizeHint();
    size = QSize(size.width() + (size.isEmpty() ? 0 : gap_) + hint.width(),
                 std::max(size.height(), hint.height()));
  }
  return size;
}

void FlowLayout::setGeometry(const QRect& rect) {
  QLayout::setGeometry(rect);
  arrange(rect, true);
}

int FlowLayout::arrange(const QRect& rect, bool move) const {
  QPoint place = rect.topLeft();
  int rowHeight = 0;
  for (const auto& item : items_) {
    if (item->isEmpty()) continue;
    const QSize size = item->sizeHint();
    if (place.x() > rect.left() && place.x() + size.width() > rect.right() + 1) {
      place = QPoint(rect.left(), place.y() + rowHeight + gap_);
      rowHeight = 0;
    }
    if (move) item->setGeometry(QRect(place, size));
    place.rx() += size.width() + gap_;
    rowHeight = std::max(rowHeight, size.height());
  }
  return place.y() + rowHeight - rect.top();
}

}  // namespace vl
