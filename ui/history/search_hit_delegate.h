#pragma once

#include <QStyledItemDelegate>

namespace vl {

/// Draws a hit of a search: its session or document, what it is and when, and the place with what
/// was found emphasised.
class SearchHitDelegate final : public QStyledItemDelegate {
  Q_OBJECT
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override;
};

}  // namespace vl
