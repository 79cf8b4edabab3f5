#include "ui/composer/prompt_highlighter.h"

#include <QRegularExpression>

#include "ui/widgets/theme.h"

namespace vl {

void PromptHighlighter::highlightBlock(const QString& text) {
  static const QRegularExpression tag(R"(<\|/?(ref|det|grounding)\|>)");
  for (auto match = tag.globalMatch(text); match.hasNext();) {
    const QRegularExpressionMatch found = match.next();
    setFormat(static_cast<int>(found.capturedStart()), static_cast<int>(found.capturedLength()),
              Theme::colours().muted);
  }
}

}  // namespace vl
