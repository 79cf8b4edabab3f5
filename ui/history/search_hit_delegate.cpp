#include "ui/history/search_hit_delegate.h"

#include <QFontMetrics>
#include <QPainter>
#include <QTextLayout>

#include "ui/history/list_row.h"
#include "ui/history/search_results_model.h"
#include "ui/widgets/theme.h"

namespace vl {
namespace {

constexpr int kSnippetLines = 2;

/// Lines of the snippet with the hits in bold.
void paintSnippet(QPainter& painter, const QRect& area, const QFont& font,
                  const EmphasisedText& snippet) {
  QTextLayout layout(snippet.text, font);
  QTextOption option;
  option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  layout.setTextOption(option);
  QTextCharFormat strong;
  strong.setFontWeight(QFont::Bold);
  strong.setForeground(Theme::colours().accent);
  QList<QTextLayout::FormatRange> formats;
  for (const auto& [begin, length] : snippet.emphasised) {
    formats.append({begin, length, strong});
  }
  layout.setFormats(formats);
  layout.beginLayout();
  double y = 0;
  for (int i = 0; i < kSnippetLines; ++i) {
    QTextLine line = layout.createLine();
    if (!line.isValid()) break;
    line.setLineWidth(area.width());
    line.setPosition({0, y});
    y += line.height();
  }
  layout.endLayout();
  layout.draw(&painter, area.topLeft());
}

}  // namespace

QSize SearchHitDelegate::sizeHint(const QStyleOptionViewItem& option,
                                  const QModelIndex& /*index*/) const {
  const int title = QFontMetrics(option.font).height();
  const int small = QFontMetrics(smallFont(option.font)).height();
  const int lines = title + kSnippetLines * small + small + 2 * kRowLineGap;
  return {120, 2 * kRowPadding + lines + kRowSpacing};
}

void SearchHitDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                              const QModelIndex& index) const {
  const ThemeColours& colours = Theme::colours();
  painter->save();
  QRect text = paintRow(*painter, option);
  const QFont small = smallFont(option.font);
  const QFontMetrics titleMetrics(option.font);
  const QFontMetrics smallMetrics(small);

  painter->setFont(option.font);
  painter->setPen(colours.text);
  painter->drawText(text, Qt::AlignTop | Qt::AlignLeft | Qt::TextSingleLine,
                    titleMetrics.elidedText(index.data().toString(), Qt::ElideRight, text.width()));
  text.setTop(text.top() + titleMetrics.height() + kRowLineGap / 2);
  painter->setFont(small);
  painter->setPen(colours.muted);
  painter->drawText(text, Qt::AlignTop | Qt::AlignLeft | Qt::TextSingleLine,
                    smallMetrics.elidedText(index.data(SearchResultsModel::FactsRole).toString(),
                                            Qt::ElideRight, text.width()));
  text.setTop(text.top() + smallMetrics.height() + kRowLineGap / 2);
  painter->setPen(colours.text);
  paintSnippet(*painter, text, small,
               index.data(SearchResultsModel::SnippetRole).value<EmphasisedText>());
  painter->restore();
}

}  // namespace vl
