#pragma once

#include <QStringList>
#include <QTextBrowser>
#include <optional>
#include <vector>

#include "ui/answer/grounded_document.h"

class QTextTable;
class QToolButton;

namespace vl {

/// The text of one message: selectable, as high as its content, without scroll bars of its own.
/// Pieces of code have a button that copies them. A link to the web opens in the person's browser.
class MessageText final : public QTextBrowser {
  Q_OBJECT
 public:
  explicit MessageText(QWidget* parent = nullptr);

  /// Height of the content when it is `width` wide.
  int heightFor(int width);
  /// The narrowest width, at most `widest`, that breaks no more lines than `widest` does.
  int widthFor(int widest);
  /// Marks the phrase that this box belongs to; none: no longer.
  void emphasiseBox(std::optional<std::size_t> box);

  /// Shows these words, wherever they occur, as what was searched for.
  void markWords(const QStringList& words);
  /// Where the first of them stands.
  std::optional<int> firstMarkedY() const;

 signals:
  void phrasePointed(std::optional<vl::BoxRange> boxes);
  void phrasePicked(const vl::BoxRange& boxes);

 protected:
  void changeEvent(QEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  bool focusNextPrevChild(bool next) override;

 private:
  void openLink(const QUrl& link);
  void placeCopyButtons(int width);
  QToolButton* addCopyButton();
  std::vector<const QTextTable*> code() const;

  void showMarks();
  void addWordMarks(QList<ExtraSelection>& marks) const;
  void addPhraseMarks(QList<ExtraSelection>& marks, std::size_t box) const;

  std::optional<std::size_t> emphasisedBox_;
  QStringList markedWords_;
  std::vector<QToolButton*> copyButtons_;  // one per piece of code, in order
};

}  // namespace vl
