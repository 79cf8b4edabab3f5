#include "ui/history/session_delegate.h"

#include <QFontMetrics>
#include <QLineEdit>
#include <QPainter>

#include "ui/history/session_list_model.h"
#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr int kPadding = 10;
constexpr int kRadius = 8;
constexpr int kMarkSide = 8;
constexpr int kRowPadding = 7;
constexpr int kLineGap = 4;  // letters of a fallback font are taller than the font says
constexpr int kSpacing = 2;  // between rows

QFont ageFont(QFont font) {
  font.setPointSizeF(font.pointSizeF() * 0.88);
  return font;
}

QRect rowRect(const QRect& item) { return item.adjusted(0, 0, 0, -kSpacing); }

}  // namespace

QSize SessionDelegate::sizeHint(const QStyleOptionViewItem& option,
                                const QModelIndex& /*index*/) const {
  const int title = QFontMetrics(option.font).height();
  const int age = QFontMetrics(ageFont(option.font)).height();
  return {120, 2 * kRowPadding + title + kLineGap + age + kSpacing};
}

void SessionDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const {
  const ThemeColours& colours = Theme::colours();
  const QRect row = rowRect(option.rect);
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  if (option.state.testFlag(QStyle::State_Selected)) {
    painter->setPen(Qt::NoPen);
    painter->setBrush(colours.pressed);
    painter->drawRoundedRect(row, kRadius, kRadius);
  } else if (option.state.testFlag(QStyle::State_MouseOver)) {
    painter->setPen(Qt::NoPen);
    painter->setBrush(colours.hover);
    painter->drawRoundedRect(row, kRadius, kRadius);
  }
  if (option.state.testFlag(QStyle::State_HasFocus)) {
    painter->setPen(QPen(colours.accent, 1.5));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(QRectF(row).adjusted(1, 1, -1, -1), kRadius, kRadius);
  }

  QRect text = row.adjusted(kPadding, kRowPadding, -kPadding, -kRowPadding);
  if (index.data(SessionListModel::RunningRole).toBool()) {
    const QPoint corner(text.right() - kMarkSide + 1, row.center().y() - kMarkSide / 2);
    painter->setPen(Qt::NoPen);
    painter->setBrush(colours.accent);
    painter->drawEllipse(QRect(corner, QSize(kMarkSide, kMarkSide)));
    text.setRight(corner.x() - 6);
  }
  const QFontMetrics titleMetrics(option.font);
  painter->setFont(option.font);
  painter->setPen(colours.text);
  painter->drawText(text, Qt::AlignTop | Qt::AlignLeft | Qt::TextSingleLine,
                    titleMetrics.elidedText(index.data().toString(), Qt::ElideRight, text.width()));
  painter->setFont(ageFont(option.font));
  painter->setPen(colours.muted);
  painter->drawText(text, Qt::AlignBottom | Qt::AlignLeft | Qt::TextSingleLine,
                    index.data(SessionListModel::AgeRole).toString());
  painter->restore();
}

QWidget* SessionDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem& /*option*/,
                                       const QModelIndex& /*index*/) const {
  auto* editor = new QLineEdit(parent);
  editor->setAccessibleName(tr("Title of the session"));
  return editor;
}

void SessionDelegate::updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                                           const QModelIndex& /*index*/) const {
  QRect area = rowRect(option.rect);
  const int height = editor->sizeHint().height();
  area.setTop(area.center().y() - height / 2);
  area.setHeight(height);
  editor->setGeometry(area);
}

}  // namespace vl
