#include "ui/documents/search_highlighter.h"

#include "ui/widgets/theme.h"

namespace vl {

void SearchHighlighter::setPhrases(const QStringList& phrases) {
  if (phrases == phrases_) return;
  phrases_ = phrases;
  rehighlight();
}

void SearchHighlighter::highlightBlock(const QString& text) {
  QTextCharFormat found;
  found.setBackground(Theme::colours().accent);
  found.setForeground(Theme::colours().accentText);
  for (const QString& phrase : phrases_) {
    for (qsizetype at = text.indexOf(phrase, 0, Qt::CaseInsensitive); at >= 0;
         at = text.indexOf(phrase, at + phrase.size(), Qt::CaseInsensitive)) {
      setFormat(static_cast<int>(at), static_cast<int>(phrase.size()), found);
    }
  }
}

}  // namespace vl
