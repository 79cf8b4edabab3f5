#include "ui/documents/page_delegate.h"

#include <QImage>
#include <QPainter>

#include "ui/documents/page_list_model.h"
#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr int kMargin = 10;
constexpr int kNumberGap = 6;
constexpr int kTickSide = 20;
constexpr double kRadius = 8;

}  // namespace

QSize PageDelegate::sizeHint(const QStyleOptionViewItem& option,
                             const QModelIndex& /*index*/) const {
  const int number = kNumberGap + option.fontMetrics.height();
  return {kSheet.width() + 2 * kMargin, kSheet.height() + number + 2 * kMargin};
}

void PageDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const {
  const ThemeColours& colours = Theme::colours();
  const bool chosen = option.state.testFlag(QStyle::State_Selected);
  painter->save();
  painter->setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
  const QRectF cell = QRectF(option.rect).adjusted(2, 2, -2, -2);
  if (chosen || option.state.testFlag(QStyle::State_MouseOver)) {
    painter->setPen(Qt::NoPen);
    painter->setBrush(chosen ? colours.bubble : colours.hover);
    painter->drawRoundedRect(cell, kRadius, kRadius);
  }
  if (option.state.testFlag(QStyle::State_HasFocus)) {
    painter->setPen(QPen(colours.accent, 1, Qt::DotLine));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(cell, kRadius, kRadius);
  }

  const QRectF room(option.rect.topLeft() + QPoint(kMargin, kMargin), kSheet);
  const auto thumbnail = index.data(PageListModel::ThumbnailRole).value<QImage>();
  const QSizeF page = thumbnail.isNull()
                          ? QSizeF(kSheet)
                          : QSizeF(thumbnail.size()).scaled(room.size(), Qt::KeepAspectRatio);
  QRectF sheet({}, page);
  sheet.moveCenter(room.center());
  sheet = sheet.toAlignedRect();
  if (!thumbnail.isNull()) {
    painter->drawImage(sheet, thumbnail);
  } else {
    painter->fillRect(sheet, colours.hover);
    if (index.data(PageListModel::DamagedRole).toBool()) {
      const QRect icon(sheet.center().toPoint() - QPoint(12, 12), QSize(24, 24));
      themeIcon("warning", colours.muted).paint(painter, icon);
    }
  }
  painter->setRenderHint(QPainter::Antialiasing, false);
  painter->setBrush(Qt::NoBrush);
  painter->setPen(QPen(chosen ? colours.accent : colours.border, chosen ? 2 : 1));
  painter->drawRect(sheet.adjusted(0, 0, -1, -1));
  painter->setRenderHint(QPainter::Antialiasing);

  if (chosen) {
    const QRectF tick(sheet.right() - kTickSide - 4, sheet.top() + 4, kTickSide, kTickSide);
    painter->setPen(Qt::NoPen);
    painter->setBrush(colours.accent);
    painter->drawEllipse(tick);
    painter->setPen(QPen(colours.accentText, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QPointF at = tick.topLeft();
    painter->drawPolyline(
        QPolygonF({at + QPointF(5.5, 10.5), at + QPointF(8.8, 13.8), at + QPointF(14.5, 7)}));
  }
  painter->setPen(chosen ? colours.text : colours.muted);
  const QRectF number(option.rect.left(), room.bottom() + kNumberGap, option.rect.width(),
                      option.fontMetrics.height());
  painter->drawText(number, Qt::AlignCenter, index.data(Qt::DisplayRole).toString());
  painter->restore();
}

}  // namespace vl
