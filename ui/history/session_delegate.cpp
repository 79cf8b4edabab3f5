#include "ui/history/session_delegate.h"

#include <QFontMetrics>
#include <QLineEdit>
#include <QPainter>

#include "ui/history/list_row.h"
#include "ui/history/session_groups_model.h"
#include "ui/history/session_list_model.h"
#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr int kMarkSide = 8;
constexpr int kHeadingGap = 8;  // to the group before
constexpr int kHeadingPadding = 4;
constexpr int kArrowSide = 12;
constexpr int kFolderSide = 16;

QFont headingFont(const QFont& font) {
  QFont heading = smallFont(font);
  heading.setWeight(QFont::DemiBold);
  return heading;
}

/// A heading folds with a click: the arrow says which way.
void paintHeading(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) {
  const ThemeColours& colours = Theme::colours();
  QRect row = option.rect.adjusted(0, kHeadingGap, 0, -kRowSpacing);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(option.state.testFlag(QStyle::State_HasFocus) ? QPen(colours.accent, 1.5)
                                                               : QPen(Qt::NoPen));
  if (option.state.testFlag(QStyle::State_MouseOver)) painter.setBrush(colours.hover);
  painter.drawRoundedRect(QRectF(row).adjusted(1, 1, -1, -1), 6, 6);

  row.adjust(kRowSidePadding, 0, -kRowSidePadding, 0);
  const bool isOpen = option.state.testFlag(QStyle::State_Open);
  const QRect arrow(row.right() - kArrowSide, row.center().y() - kArrowSide / 2, kArrowSide,
                    kArrowSide);
  if (!isOpen) {
    themeIcon("next", colours.muted).paint(&painter, arrow);
    row.setRight(arrow.left() - kArrowSide / 2);
  }
  if (index.data(SessionGroupsModel::IsFolderRole).toBool()) {
    const QRect icon(row.left(), row.center().y() - kFolderSide / 2, kFolderSide, kFolderSide);
    themeIcon("folder", colours.muted).paint(&painter, icon);
    row.setLeft(icon.right() + kFolderSide / 2);
  }
  const QFont font = headingFont(option.font);
  painter.setFont(font);
  painter.setPen(colours.muted);
  painter.drawText(
      row, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
      QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight, row.width()));
}

}  // namespace

QSize SessionDelegate::sizeHint(const QStyleOptionViewItem& option,
                                const QModelIndex& index) const {
  if (index.data(SessionGroupsModel::IsGroupRole).toBool()) {
    const int line = QFontMetrics(headingFont(option.font)).height();
    return {120, kHeadingGap + 2 * kHeadingPadding + line + kRowSpacing};
  }
  const int title = QFontMetrics(option.font).height();
  const int age = QFontMetrics(smallFont(option.font)).height();
  return {120, 2 * kRowPadding + title + kRowLineGap + age + kRowSpacing};
}

void SessionDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const {
  const ThemeColours& colours = Theme::colours();
  painter->save();
  if (index.data(SessionGroupsModel::IsGroupRole).toBool()) {
    paintHeading(*painter, option, index);
    painter->restore();
    return;
  }
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
                                       const QModelIndex& index) const {
  auto* editor = new QLineEdit(parent);
  const bool isGroup = index.data(SessionGroupsModel::IsGroupRole).toBool();
  editor->setAccessibleName(isGroup ? tr("Name of the folder") : tr("Title of the session"));
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
