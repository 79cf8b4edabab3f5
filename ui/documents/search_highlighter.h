#pragma once

#include <QString>
#include <QSyntaxHighlighter>

namespace vl {

/// Marks every place of a phrase in a text, whatever its case.
class SearchHighlighter final : public QSyntaxHighlighter {
  Q_OBJECT
 public:
  using QSyntaxHighlighter::QSyntaxHighlighter;

  void setPhrase(const QString& phrase);
  const QString& phrase() const { return phrase_; }

 protected:
  void highlightBlock(const QString& text) override;

 private:
  QString phrase_;
};

}  // namespace vl
