#include "ui/answer/document_builder.h"

#include <QFontMetricsF>
#include <QTextDocument>
#include <QTextTable>
#include <algorithm>
#include <utility>

#include "ui/answer/code_tokens.h"
#include "ui/answer/markdown_formats.h"

namespace vl {
namespace {

constexpr int kItemGap = 3;
constexpr int kHeadingGap = 14;
constexpr int kQuoteIndent = 16;
constexpr int kMarkerWidth = 20;
constexpr int kCodeButtonRoom = 36;          // at the right: MessageText puts a button there
constexpr qsizetype kMostColoured = 20'000;  // letters: code of that length takes 10 ms

}  // namespace

void DocumentBuilder::pushFormat(const QTextCharFormat& change) {
  QTextCharFormat merged = format();
  merged.merge(change);
  formats_.push_back(merged);
}

void DocumentBuilder::openParagraph(QTextBlockFormat format, int gap) {
  if (table_ == nullptr && cursor_.position() > 0) format.setTopMargin(gap);
  if (std::exchange(fresh_, false)) {
    cursor_.setBlockFormat(format);
    cursor_.setBlockCharFormat(this->format());
  } else {
    cursor_.insertBlock(format, this->format());
  }
  inParagraph_ = true;
  wantsGap_ = false;
}

void DocumentBuilder::ensureParagraph() {
  if (inParagraph_) return;
  QTextBlockFormat format = paragraphFormat();
  format.setLeftMargin(indent());
  const bool tight = !containers_.empty() && containers_.back().isTight;
  if (!marker_.isNull()) {
    format.setTextIndent(markerIndent_ - indent());
    const double hang = indent() - markerIndent_;
    format.setTabPositions({QTextOption::Tab(hang, QTextOption::LeftTab)});
  }
  openParagraph(format, tight && !wantsGap_ ? kItemGap : kParagraphGap);
  if (marker_.isNull()) return;
  cursor_.insertText(std::exchange(marker_, {}) + '\t', mutedFormat());
}

void DocumentBuilder::insertText(const QString& text, const QTextCharFormat& change) {
  QTextCharFormat merged = format();
  merged.merge(change);
  cursor_.insertText(text, merged);
}

void DocumentBuilder::breakLine() { cursor_.insertText(QString(QChar::LineSeparator), format()); }

void DocumentBuilder::enterList(bool tight, std::optional<unsigned> start) {
  if (containers_.empty()) wantsGap_ = true;
  containers_.push_back({tight, start, indent()});
}

void DocumentBuilder::enterItem(std::optional<bool> checked) {
  inParagraph_ = false;
  Container& list = containers_.back();
  if (checked) {
    marker_ = QChar(*checked ? 0x2611 : 0x2610);  // ballot boxes
  } else if (list.number) {
    marker_ = QString::number(*list.number) + '.';
    if (*list.number < 999'999'999) ++*list.number;
  } else {
    marker_ = QChar(0x2022);  // bullet
  }
  const std::size_t outer = containers_.size() - 1;
  markerIndent_ = outer == 0 ? 0 : containers_[outer - 1].indent;
  const QFontMetricsF metrics(cursor_.document()->defaultFont());
  const int wide = static_cast<int>(metrics.horizontalAdvance(marker_ + ' ')) + 1;
  list.indent = markerIndent_ + std::max(kMarkerWidth, wide);
}

void DocumentBuilder::leaveItem() {
  if (!marker_.isNull()) ensureParagraph();  // an empty item
  inParagraph_ = false;
}

void DocumentBuilder::enterQuote() {
  containers_.push_back({false, std::nullopt, indent() + kQuoteIndent});
  pushFormat(mutedFormat());
}

void DocumentBuilder::leaveQuote() {
  containers_.pop_back();
  popFormat();
}

void DocumentBuilder::enterHeading(int level) {
  if (!marker_.isNull()) ensureParagraph();
  pushFormat(headingFormat(level, cursor_.document()->defaultFont()));
  QTextBlockFormat heading = paragraphFormat();
  heading.setLeftMargin(indent());
  if (!inParagraph_) openParagraph(heading, kHeadingGap);
}

/// Of a heading or a cell.
void DocumentBuilder::leaveInner() {
  popFormat();
  inParagraph_ = false;
  fresh_ = false;
}

void DocumentBuilder::addRule() {
  QTextBlockFormat line;
  line.setProperty(QTextFormat::BlockTrailingHorizontalRulerWidth,
                   QTextLength(QTextLength::PercentageLength, 100));
  openParagraph(line, kParagraphGap);
  inParagraph_ = false;
}

QTextTable* DocumentBuilder::insertTable(int rows, int columns, QTextTableFormat format) {
  if (!marker_.isNull()) ensureParagraph();
  // a paragraph that follows a table has no margin of its own, whatever its format says
  if (cursor_.position() > 0 && !fresh_) format.setTopMargin(kParagraphGap);
  format.setBottomMargin(kParagraphGap);
  format.setLeftMargin(indent());
  if (!fresh_) cursor_.insertBlock(QTextBlockFormat(), QTextCharFormat());
  return cursor_.insertTable(rows, columns, format);
}

void DocumentBuilder::enterTable(int rows, int columns) {
  table_ = insertTable(rows, columns, gridFormat());
  row_ = -1;
}

void DocumentBuilder::enterRow() {
  ++row_;
  column_ = -1;
}

void DocumentBuilder::enterCell(Qt::Alignment alignment, bool heading) {
  cursor_ = table_->cellAt(row_, ++column_).firstCursorPosition();
  QTextBlockFormat format;
  format.setAlignment(alignment);
  QTextCharFormat bold;
  bold.setFontWeight(QFont::DemiBold);
  pushFormat(heading ? bold : QTextCharFormat());
  fresh_ = true;
  openParagraph(format, 0);
}

void DocumentBuilder::leaveTable() {
  cursor_.movePosition(QTextCursor::End);
  table_ = nullptr;
  inParagraph_ = false;
  fresh_ = true;
}

void DocumentBuilder::enterCode() {
  table_ = insertTable(1, 1, codeFormat());
  QTextTableCell cell = table_->cellAt(0, 0);
  QTextTableCellFormat room;
  room.setRightPadding(kCodeButtonRoom);
  cell.setFormat(room);
  cursor_ = cell.firstCursorPosition();
  QTextCharFormat format = codeSpanFormat();
  format.clearBackground();  // the table has it
  pushFormat(format);
  cursor_.setBlockCharFormat(format);
  inParagraph_ = true;
}

void DocumentBuilder::leaveCode(const QString& language) {
  const QString code = codeOf(*table_);
  if (code.size() <= kMostColoured) {
    const int begin = table_->cellAt(0, 0).firstPosition();
    for (const CodeSpan& span : codeTokens(code, language)) {
      cursor_.setPosition(begin + static_cast<int>(span.begin));
      cursor_.setPosition(begin + static_cast<int>(span.begin + span.length),
                          QTextCursor::KeepAnchor);
      cursor_.mergeCharFormat(codeTokenFormat(span.token));
    }
  }
  popFormat();
  leaveTable();
}

bool isCode(const QTextTable& table) { return table.format().boolProperty(kCodeProperty); }

QString codeOf(const QTextTable& table) {
  const QTextTableCell cell = table.cellAt(0, 0);
  QTextCursor cursor = cell.firstCursorPosition();
  cursor.setPosition(cell.lastCursorPosition().position(), QTextCursor::KeepAnchor);
  return cursor.selectedText()
      .replace(QChar::LineSeparator, '\n')
      .replace(QChar::ParagraphSeparator, '\n');
}

}  // namespace vl
