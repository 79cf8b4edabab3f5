#include "ui/models/model_list_delegate.h"

#include <QFontMetrics>
#include <QPainter>

#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr int kPadding = 10;
constexpr int kRowPadding = 7;
constexpr int kRadius = 8;
constexpr int kMarkSide = 8;
constexpr int kLineGap = 4;
constexpr int kSpacing = 2;  // between rows
// Chinese comes from another font, whose lines are higher than those that rows are made for.
constexpr int kOneLine = Qt::TextSingleLine | Qt::TextDontClip;

QFont smallFont(QFont font) {
  font.setPointSizeF(font.pointSizeF() * 0.88);
  return font;
}

}  // namespace

QSize ModelListDelegate::sizeHint(const QStyleOptionViewItem& option,
                                  const QModelIndex& index) const {
  const int name = QFontMetrics(option.font).height();
  const int detail = QFontMetrics(smallFont(option.font)).height();
  if (index.data(HeadingRole).toBool()) return {120, detail + 2 * kRowPadding + kSpacing};
  return {120, 2 * kRowPadding + name + kLineGap + detail + kSpacing};
}

void ModelListDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                              const QModelIndex& index) const {
  const ThemeColours& colours = Theme::colours();
  const QRect row = option.rect.adjusted(0, 0, 0, -kSpacing);
  QRect text = row.adjusted(kPadding, kRowPadding, -kPadding, -kRowPadding);
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  if (index.data(HeadingRole).toBool()) {
    painter->setFont(smallFont(option.font));
    painter->setPen(colours.muted);
    painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft | kOneLine, index.data().toString());
    painter->restore();
    return;
  }
  const bool selected = option.state.testFlag(QStyle::State_Selected);
  if (selected || option.state.testFlag(QStyle::State_MouseOver)) {
    painter->setPen(Qt::NoPen);
    painter->setBrush(selected ? colours.pressed : colours.hover);
    painter->drawRoundedRect(row, kRadius, kRadius);
  }
  if (option.state.testFlag(QStyle::State_HasFocus)) {
    painter->setPen(QPen(colours.accent, 1.5));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(QRectF(row).adjusted(1, 1, -1, -1), kRadius, kRadius);
  }
  if (index.data(LoadedRole).toBool()) {
    const QPoint corner(text.right() - kMarkSide + 1, row.center().y() - kMarkSide / 2);
    painter->setPen(Qt::NoPen);
    painter->setBrush(colours.accent);
    painter->drawEllipse(QRect(corner, QSize(kMarkSide, kMarkSide)));
    text.setRight(corner.x() - 6);
  }
  const auto drawLine = [&](const QFont& font, const QColor& colour, Qt::Alignment alignment,
                            const QString& line) {
    painter->setFont(font);
    painter->setPen(colour);
    painter->drawText(text, static_cast<int>(alignment) | kOneLine,
                      QFontMetrics(font).elidedText(line, Qt::ElideRight, text.width()));
  };
  drawLine(option.font, colours.text, Qt::AlignTop | Qt::AlignLeft, index.data().toString());
  drawLine(smallFont(option.font), colours.muted, Qt::AlignBottom | Qt::AlignLeft,
           index.data(DetailRole).toString());
  painter->restore();
}

}  // namespace vl
