#pragma once

#include <QStringList>
#include <QSyntaxHighlighter>

namespace vl {

/// Marks every place of some phrases in a text, whatever their case.
class SearchHighlighter final : public QSyntaxHighlighter {
  Q_OBJECT
 public:
  using QSyntaxHighlighter::QSyntaxHighlighter;

  void setPhrases(const QStringList& phrases);

 protected:
  void highlightBlock(const QString& text) override;

 private:
  QStringList phrases_;
};

}  // namespace vl
