#pragma once

#include <QSyntaxHighlighter>

namespace vl {

/// Steps the grounding tags of a question back, so that the person's own words stand out.
class PromptHighlighter final : public QSyntaxHighlighter {
  Q_OBJECT
 public:
  using QSyntaxHighlighter::QSyntaxHighlighter;

 protected:
  void highlightBlock(const QString& text) override;
};

}  // namespace vl
