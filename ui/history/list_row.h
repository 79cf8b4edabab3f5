#pragma once

#include <QFont>
#include <QRect>

class QPainter;
class QStyleOptionViewItem;

namespace vl {

/// What the rows of the sidebar's lists have in common.
inline constexpr int kRowSpacing = 2;
inline constexpr int kRowPadding = 7;
inline constexpr int kRowSidePadding = 10;
inline constexpr int kRowLineGap = 4;  // letters of a fallback font are taller than the font says

/// Draws the background of a row that is selected, pointed at or focused; the rectangle its text
/// may take.
QRect paintRow(QPainter& painter, const QStyleOptionViewItem& option);
QFont smallFont(QFont font);

}  // namespace vl
