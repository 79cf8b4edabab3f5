#pragma once

#include <QSize>
#include <QStyledItemDelegate>

namespace vl {

/// Draws a page as a sheet of paper with its number below; chosen pages have a frame and a tick.
class PageDelegate final : public QStyledItemDelegate {
  Q_OBJECT
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  static constexpr QSize kSheet{116, 152};  // a page fits into it

  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace vl
