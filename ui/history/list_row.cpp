#include "ui/history/list_row.h"

#include <QPainter>
#include <QPen>
#include <QStyleOptionViewItem>

#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr int kRadius = 8;

}  // namespace

QRect paintRow(QPainter& painter, const QStyleOptionViewItem& option) {
  const ThemeColours& colours = Theme::colours();
  const QRect row = option.rect.adjusted(0, 0, 0, -kRowSpacing);
  const bool selected = option.state.testFlag(QStyle::State_Selected);
  painter.setRenderHint(QPainter::Antialiasing);
  if (selected || option.state.testFlag(QStyle::State_MouseOver)) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(selected ? colours.pressed : colours.hover);
    painter.drawRoundedRect(row, kRadius, kRadius);
  }
  if (option.state.testFlag(QStyle::State_HasFocus)) {
    painter.setPen(QPen(colours.accent, 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(row).adjusted(1, 1, -1, -1), kRadius, kRadius);
  }
  return row.adjusted(kRowSidePadding, kRowPadding, -kRowSidePadding, -kRowPadding);
}

QFont smallFont(QFont font) {
  font.setPointSizeF(font.pointSizeF() * 0.88);
  return font;
}

}  // namespace vl
