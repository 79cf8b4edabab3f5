#include "ui/history/session_delegate.h"

#include <QFontMetrics>
#include <QLineEdit>
#include <QPainter>

#include "ui/history/list_row.h"
#include "ui/history/session_list_model.h"
#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr int kMarkSide = 8;

}  // namespace

QSize SessionDelegate::sizeHint(const QStyleOptionViewItem& option,
                                const QModelIndex& /*index*/) const {
  const int title = QFontMetrics(option.font).height();
  const int age = QFontMetrics(smallFont(option.font)).height();
  return {120, 2 * kRowPadding + title + kRowLineGap + age + kRowSpacing};
}

void SessionDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const {
  const ThemeColours& colours = Theme::colours();
  painter->save();
  QRect text = paintRow(*painter, option);
  if (index.data(SessionListModel::RunningRole).toBool()) {
    const QPoint corner(text.right() - kMarkSide + 1, text.center().y() - kMarkSide / 2);
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
  painter->setFont(smallFont(option.font));
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
  QRect area = option.rect.adjusted(0, 0, 0, -kRowSpacing);
  const int height = editor->sizeHint().height();
  area.setTop(area.center().y() - height / 2);
  area.setHeight(height);
  editor->setGeometry(area);
}

}  // namespace vl
