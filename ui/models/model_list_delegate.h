#pragma once

#include <QStyledItemDelegate>

namespace vl {

/// Draws a row of the model list: a name over what kind of model it is, a mark on the loaded one,
/// or the heading of a group.
class ModelListDelegate final : public QStyledItemDelegate {
  Q_OBJECT
 public:
  enum Role { DetailRole = Qt::UserRole + 1, LoadedRole, HeadingRole };

  using QStyledItemDelegate::QStyledItemDelegate;

  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override;
};

}  // namespace vl
