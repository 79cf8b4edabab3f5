#include "ui/answer/markdown_writer.h"

#include <md4c.h>

#include <QFontMetricsF>
#include <QTextDocument>
#include <QTextTable>
#include <QUrl>
#include <algorithm>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "ui/answer/markdown_formats.h"

namespace vl {
namespace {

constexpr int kItemGap = 3;
constexpr int kHeadingGap = 14;
constexpr int kQuoteIndent = 16;
constexpr int kMarkerWidth = 20;
constexpr int kCodeButtonRoom = 36;       // at the right: MessageText puts a button there
constexpr std::size_t kDeepest = 12;      // lists and quotes in each other
constexpr std::size_t kMostCells = 4000;  // "|" a few hundred times would make a million of them

QString textOf(const MD_ATTRIBUTE& attribute) {
  return QString::fromUtf8(attribute.text, static_cast<qsizetype>(attribute.size));
}

/// The target of a link, if it is one to the web.
std::optional<QString> webAddress(const MD_ATTRIBUTE& href) {
  const QUrl url(textOf(href));
  if (url.scheme() != "http" && url.scheme() != "https") return std::nullopt;
  return url.toString(QUrl::FullyEncoded);
}

/// Takes md4c's events. A callback that returns non-zero ends the parsing.
class MarkdownWriter {
 public:
  MarkdownWriter(QTextCursor& cursor, const AnswerBlock& block, bool fresh, LabelPalette& palette)
      : cursor_(cursor), block_(block), palette_(palette), fresh_(fresh) {
    for (std::size_t at = block.markdown.find(kPhraseMark); at != std::string::npos;
         at = block.markdown.find(kPhraseMark, at + kPhraseMark.size())) {
      marks_.push_back(block.markdown.data() + at);
    }
  }

  bool isFresh() const { return fresh_; }
  /// Whether the block is more than should be laid out.
  bool hasGivenUp() const { return gaveUp_; }

  int enterBlock(MD_BLOCKTYPE type, void* detail);
  int leaveBlock(MD_BLOCKTYPE type);
  int enterSpan(MD_SPANTYPE type, void* detail);
  int leaveSpan(MD_SPANTYPE type);
  int text(MD_TEXTTYPE type, std::string_view text);

  /// The block as it was written, without any structure.
  void writePlain();

 private:
  /// A list or a quote that is open.
  struct Container {
    bool isList = false;
    bool isTight = false;
    std::optional<unsigned> number;  // of the next item
    int indent = 0;
  };

  /// Ends the parsing. md4c 0.4.8 forgets that it was ended from within a list or a quote.
  int giveUp() {
    gaveUp_ = true;
    return 1;
  }
  void enterList(bool tight, std::optional<unsigned> start);
  void enterItem(const MD_BLOCK_LI_DETAIL& item);
  int enterTable(const MD_BLOCK_TABLE_DETAIL& table);
  void enterCell(MD_ALIGN align, bool heading);
  void enterCode();
  void ensureParagraph();
  void openParagraph(QTextBlockFormat format, int gap);
  QTextTable* insertTable(int rows, int columns, QTextTableFormat format);
  void leaveTable();
  void insertText(std::string_view utf8);
  void insertPhrase(const AnswerPhrase& phrase);
  int indent() const { return containers_.empty() ? 0 : containers_.back().indent; }
  QTextCharFormat format() const { return formats_.empty() ? QTextCharFormat() : formats_.back(); }
  void pushFormat(const QTextCharFormat& change);

  QTextCursor& cursor_;
  const AnswerBlock& block_;
  LabelPalette& palette_;
  std::vector<const char*> marks_;  // where the phrases stand in block_.markdown
  bool fresh_;                      // the cursor stands in an empty paragraph
  bool wantsGap_ = true;            // a list or the whole block begins with the next paragraph
  bool inParagraph_ = false;
  bool inCode_ = false;
  bool gaveUp_ = false;
  QString codeLine_;  // line end that is held back: the last one of a piece of code is no line
  std::vector<Container> containers_;
  std::vector<QTextCharFormat> formats_;
  QString marker_;        // of the item that begins with the next paragraph
  int markerIndent_ = 0;  // where that item's marker stands
  QTextTable* table_ = nullptr;
  int row_ = -1;
  int column_ = -1;
};

void MarkdownWriter::pushFormat(const QTextCharFormat& change) {
  QTextCharFormat merged = format();
  merged.merge(change);
  formats_.push_back(merged);
}

void MarkdownWriter::openParagraph(QTextBlockFormat format, int gap) {
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

/// Text of a tight item has no paragraph of its own.
void MarkdownWriter::ensureParagraph() {
  if (inParagraph_) return;
  QTextBlockFormat format = paragraphFormat();
  format.setLeftMargin(indent());
  const bool tight = !containers_.empty() && containers_.back().isTight;
  if (!marker_.isNull()) {
    format.setLeftMargin(indent());
    format.setTextIndent(markerIndent_ - indent());
    const double hang = indent() - markerIndent_;
    format.setTabPositions({QTextOption::Tab(hang, QTextOption::LeftTab)});
  }
  openParagraph(format, tight && !wantsGap_ ? kItemGap : kParagraphGap);
  if (marker_.isNull()) return;
  cursor_.insertText(std::exchange(marker_, {}) + '\t', mutedFormat());
}

void MarkdownWriter::enterList(bool tight, std::optional<unsigned> start) {
  if (containers_.empty()) wantsGap_ = true;
  containers_.push_back({true, tight, start, indent()});
}

void MarkdownWriter::enterItem(const MD_BLOCK_LI_DETAIL& item) {
  Container& list = containers_.back();
  if (item.is_task != 0) {
    marker_ = QChar(item.task_mark == ' ' ? 0x2610 : 0x2611);  // ballot boxes
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

int MarkdownWriter::enterTable(const MD_BLOCK_TABLE_DETAIL& table) {
  const std::size_t rows = std::size_t{table.head_row_count} + table.body_row_count;
  if (rows * table.col_count > kMostCells) return giveUp();
  table_ = insertTable(static_cast<int>(rows), static_cast<int>(table.col_count), gridFormat());
  row_ = -1;
  return 0;
}

void MarkdownWriter::enterCell(MD_ALIGN align, bool heading) {
  cursor_ = table_->cellAt(row_, ++column_).firstCursorPosition();
  QTextBlockFormat format;
  if (align == MD_ALIGN_CENTER) format.setAlignment(Qt::AlignHCenter);
  if (align == MD_ALIGN_RIGHT) format.setAlignment(Qt::AlignRight);
  QTextCharFormat bold;
  bold.setFontWeight(QFont::DemiBold);
  pushFormat(heading ? bold : QTextCharFormat());
  fresh_ = true;
  openParagraph(format, 0);
}

void MarkdownWriter::enterCode() {
  QTextTableCell cell = insertTable(1, 1, codeFormat())->cellAt(0, 0);
  QTextTableCellFormat room;
  room.setRightPadding(kCodeButtonRoom);
  cell.setFormat(room);
  cursor_ = cell.firstCursorPosition();
  QTextCharFormat format = codeSpanFormat();
  format.clearBackground();  // the table has it
  pushFormat(format);
  cursor_.setBlockCharFormat(format);
  inParagraph_ = true;
  inCode_ = true;
  codeLine_.clear();
}

QTextTable* MarkdownWriter::insertTable(int rows, int columns, QTextTableFormat format) {
  if (!marker_.isNull()) ensureParagraph();
  // a paragraph that follows a table has no margin of its own, whatever its format says
  if (cursor_.position() > 0 && !fresh_) format.setTopMargin(kParagraphGap);
  format.setBottomMargin(kParagraphGap);
  format.setLeftMargin(indent());
  if (!fresh_) cursor_.insertBlock(QTextBlockFormat(), QTextCharFormat());
  return cursor_.insertTable(rows, columns, format);
}

void MarkdownWriter::leaveTable() {
  cursor_.movePosition(QTextCursor::End);
  table_ = nullptr;
  inParagraph_ = false;
  fresh_ = true;
}

int MarkdownWriter::enterBlock(MD_BLOCKTYPE type, void* detail) {
  if (containers_.size() >= kDeepest) return giveUp();
  switch (type) {
    case MD_BLOCK_UL:
      enterList(static_cast<MD_BLOCK_UL_DETAIL*>(detail)->is_tight != 0, std::nullopt);
      break;
    case MD_BLOCK_OL: {
      const auto* list = static_cast<MD_BLOCK_OL_DETAIL*>(detail);
      enterList(list->is_tight != 0, list->start);
      break;
    }
    case MD_BLOCK_LI:
      inParagraph_ = false;
      enterItem(*static_cast<MD_BLOCK_LI_DETAIL*>(detail));
      break;
    case MD_BLOCK_QUOTE:
      containers_.push_back({false, false, std::nullopt, indent() + kQuoteIndent});
      pushFormat(mutedFormat());
      break;
    case MD_BLOCK_H: {
      const int level = static_cast<int>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
      if (!marker_.isNull()) ensureParagraph();
      pushFormat(headingFormat(level, cursor_.document()->defaultFont()));
      QTextBlockFormat heading = paragraphFormat();
      heading.setLeftMargin(indent());
      if (!inParagraph_) openParagraph(heading, kHeadingGap);
      break;
    }
    case MD_BLOCK_HR: {
      QTextBlockFormat line;
      line.setProperty(QTextFormat::BlockTrailingHorizontalRulerWidth,
                       QTextLength(QTextLength::PercentageLength, 100));
      openParagraph(line, kParagraphGap);
      break;
    }
    case MD_BLOCK_CODE:
      enterCode();
      break;
    case MD_BLOCK_TABLE:
      return enterTable(*static_cast<MD_BLOCK_TABLE_DETAIL*>(detail));
    case MD_BLOCK_TR:
      ++row_;
      column_ = -1;
      break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
      enterCell(static_cast<MD_BLOCK_TD_DETAIL*>(detail)->align, type == MD_BLOCK_TH);
      break;
    default:
      break;
  }
  return 0;
}

int MarkdownWriter::leaveBlock(MD_BLOCKTYPE type) {
  switch (type) {
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
      containers_.pop_back();
      break;
    case MD_BLOCK_LI:
      if (!marker_.isNull()) ensureParagraph();  // an empty item
      inParagraph_ = false;
      break;
    case MD_BLOCK_QUOTE:
      containers_.pop_back();
      formats_.pop_back();
      break;
    case MD_BLOCK_H:
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
      formats_.pop_back();
      inParagraph_ = false;
      fresh_ = false;
      break;
    case MD_BLOCK_P:
    case MD_BLOCK_HR:
      inParagraph_ = false;
      break;
    case MD_BLOCK_CODE:
      formats_.pop_back();
      inCode_ = false;
      leaveTable();
      break;
    case MD_BLOCK_TABLE:
      leaveTable();
      break;
    default:
      break;
  }
  return 0;
}

int MarkdownWriter::enterSpan(MD_SPANTYPE type, void* detail) {
  QTextCharFormat change;
  if (type == MD_SPAN_EM) change.setFontItalic(true);
  if (type == MD_SPAN_STRONG) change.setFontWeight(QFont::Bold);
  if (type == MD_SPAN_CODE) change = codeSpanFormat();
  if (type == MD_SPAN_A) {
    const auto address = webAddress(static_cast<MD_SPAN_A_DETAIL*>(detail)->href);
    if (address) change = linkFormat(*address);
  }
  pushFormat(change);
  return 0;
}

int MarkdownWriter::leaveSpan(MD_SPANTYPE /*type*/) {
  formats_.pop_back();
  return 0;
}

int MarkdownWriter::text(MD_TEXTTYPE type, std::string_view text) {
  ensureParagraph();
  if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR) {
    cursor_.insertText(QString(QChar::LineSeparator), format());
  } else {
    insertText(text);
  }
  return 0;
}

void MarkdownWriter::insertText(std::string_view utf8) {
  // md4c hands on pieces of its input, so a mark is known by its address
  auto mark = std::lower_bound(marks_.begin(), marks_.end(), utf8.data(), std::less<>());
  while (!utf8.empty()) {
    const bool hasMark = mark != marks_.end() && std::less<>()(*mark, utf8.data() + utf8.size());
    const std::size_t length =
        hasMark ? static_cast<std::size_t>(*mark - utf8.data()) : utf8.size();
    QString plain = QString::fromUtf8(utf8.data(), static_cast<qsizetype>(length));
    if (inCode_) {
      plain.prepend(std::exchange(codeLine_, {}));
      if (plain.endsWith('\n')) {
        plain.chop(1);
        codeLine_ = QChar::LineSeparator;
      }
      plain.replace('\n', QChar::LineSeparator);
    }
    if (!plain.isEmpty()) cursor_.insertText(plain, format());
    utf8.remove_prefix(length);
    if (!hasMark) return;
    insertPhrase(block_.phrases[static_cast<std::size_t>(mark++ - marks_.begin())]);
    utf8.remove_prefix(kPhraseMark.size());
  }
}

void MarkdownWriter::insertPhrase(const AnswerPhrase& phrase) {
  QTextCharFormat format = this->format();
  format.merge(phraseFormat(phrase, palette_));
  cursor_.insertText(phrase.text, format);
  if (phrase.boxes < 2) return;
  QTextCharFormat count = this->format();
  count.merge(mutedFormat());
  cursor_.insertText(QString::fromUtf8(" ×%1").arg(phrase.boxes), count);
}

void MarkdownWriter::writePlain() {
  ensureParagraph();
  std::string_view rest = block_.markdown;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    insertText(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!rest.empty()) cursor_.insertText(QString(QChar::LineSeparator), format());
  }
}

int parse(MarkdownWriter& writer, const std::string& markdown) {
  MD_PARSER parser{};
  parser.flags = MD_FLAG_TABLES | MD_FLAG_TASKLISTS | MD_FLAG_PERMISSIVEURLAUTOLINKS |
                 MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS;
  parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
    return static_cast<MarkdownWriter*>(self)->enterBlock(type, detail);
  };
  parser.leave_block = [](MD_BLOCKTYPE type, void*, void* self) {
    return static_cast<MarkdownWriter*>(self)->leaveBlock(type);
  };
  parser.enter_span = [](MD_SPANTYPE type, void* detail, void* self) {
    return static_cast<MarkdownWriter*>(self)->enterSpan(type, detail);
  };
  parser.leave_span = [](MD_SPANTYPE type, void*, void* self) {
    return static_cast<MarkdownWriter*>(self)->leaveSpan(type);
  };
  parser.text = [](MD_TEXTTYPE type, const char* text, MD_SIZE size, void* self) {
    return static_cast<MarkdownWriter*>(self)->text(type, {text, size});
  };
  return md_parse(markdown.data(), static_cast<MD_SIZE>(markdown.size()), &parser, &writer);
}

}  // namespace

bool writeMarkdown(QTextCursor& cursor, const AnswerBlock& block, bool fresh,
                   LabelPalette& palette) {
  const int start = cursor.position();
  MarkdownWriter writer(cursor, block, fresh, palette);
  if (parse(writer, block.markdown) == 0 && !writer.hasGivenUp()) return writer.isFresh();
  cursor.setPosition(start);
  cursor.movePosition(QTextCursor::End, QTextCursor::KeepAnchor);
  cursor.removeSelectedText();
  MarkdownWriter plain(cursor, block, fresh, palette);
  plain.writePlain();
  return false;
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
