#pragma once

#include <QString>
#include <QTextCharFormat>
#include <QTextCursor>
#include <cstddef>
#include <optional>
#include <vector>

class QTextTable;

namespace vl {

/// Builds the blocks of a text document one after another at a cursor, which stands at its end:
/// paragraphs, lists and quotes within each other, headings, tables, frames of code. Takes care of
/// gaps, indents and formats. Every enter needs its leave.
class DocumentBuilder {
 public:
  /// `fresh`: the cursor stands in an empty paragraph, which is used up.
  DocumentBuilder(QTextCursor& cursor, bool fresh) : cursor_(cursor), fresh_(fresh) {}

  bool isFresh() const { return fresh_; }
  /// Lists and quotes that are open.
  std::size_t depth() const { return containers_.size(); }

  void enterList(bool tight, std::optional<unsigned> start);
  void leaveList() { containers_.pop_back(); }
  /// `checked`: of a task.
  void enterItem(std::optional<bool> checked);
  void leaveItem();
  void enterQuote();
  void leaveQuote();
  void enterHeading(int level);
  void leaveHeading() { leaveInner(); }
  void leaveParagraph() { inParagraph_ = false; }
  void addRule();

  void enterTable(int rows, int columns);
  void enterRow();
  void enterCell(Qt::Alignment alignment, bool heading);
  void leaveCell() { leaveInner(); }
  void leaveTable();

  void enterCode();
  /// Colours the code by its language.
  void leaveCode(const QString& language);

  /// What follows is merged into the format until it is popped.
  void pushFormat(const QTextCharFormat& change);
  void popFormat() { formats_.pop_back(); }

  /// Begins a paragraph where there is none, as in an item of a tight list.
  void ensureParagraph();
  /// `change` is merged into the format for this text.
  void insertText(const QString& text, const QTextCharFormat& change = {});
  void breakLine();

 private:
  /// A list or a quote that is open.
  struct Container {
    bool isTight = false;
    std::optional<unsigned> number;  // of the next item
    int indent = 0;
  };

  void openParagraph(QTextBlockFormat format, int gap);
  void leaveInner();
  QTextTable* insertTable(int rows, int columns, QTextTableFormat format);
  int indent() const { return containers_.empty() ? 0 : containers_.back().indent; }
  QTextCharFormat format() const { return formats_.empty() ? QTextCharFormat() : formats_.back(); }

  QTextCursor& cursor_;
  bool fresh_;
  bool wantsGap_ = true;  // a list or the whole document begins with the next paragraph
  bool inParagraph_ = false;
  std::vector<Container> containers_;
  std::vector<QTextCharFormat> formats_;
  QString marker_;        // of the item that begins with the next paragraph
  int markerIndent_ = 0;  // where that item's marker stands
  QTextTable* table_ = nullptr;
  int row_ = -1;
  int column_ = -1;
};

/// Whether the table holds a piece of code: its only cell.
bool isCode(const QTextTable& table);
QString codeOf(const QTextTable& table);

}  // namespace vl
