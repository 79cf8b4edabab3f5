#include "ui/documents/search_highlighter.h"

#include "ui/widgets/theme.h"

namespace vl {

void SearchHighlighter::setPhrase(const QString& phrase) {
  if (phrase == phrase_) return;
  phrase_ = phrase;
  rehighlight();
}

void SearchHighlighter::highlightBlock(const QString& text) {
  if (phrase_.isEmpty()) return;
  QTextCharFormat found;
  found.setBackground(Theme::colours().accent);
  found.setForeground(Theme::colours().accentText);
  for (qsizetype at = text.indexOf(phrase_, 0, Qt::CaseInsensitive); at >= 0;
       at = text.indexOf(phrase_, at + phrase_.size(), Qt::CaseInsensitive)) {
    setFormat(static_cast<int>(at), static_cast<int>(phrase_.size()), found);
  }
}

}  // namespace vl
