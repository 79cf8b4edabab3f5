#include "ui/answer/markdown_writer.h"

#include <md4c.h>

#include <QUrl>
#include <algorithm>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "ui/answer/document_builder.h"
#include "ui/answer/markdown_formats.h"

namespace vl {
namespace {

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

Qt::Alignment alignmentOf(MD_ALIGN align) {
  if (align == MD_ALIGN_CENTER) return Qt::AlignHCenter;
  return align == MD_ALIGN_RIGHT ? Qt::AlignRight : Qt::AlignLeft;
}

/// Takes md4c's events. A callback that returns non-zero ends the parsing.
class MarkdownWriter {
 public:
  MarkdownWriter(QTextCursor& cursor, const AnswerBlock& block, bool fresh, LabelPalette& palette)
      : builder_(cursor, fresh), block_(block), palette_(palette) {
    for (std::size_t at = block.markdown.find(kPhraseMark); at != std::string::npos;
         at = block.markdown.find(kPhraseMark, at + kPhraseMark.size())) {
      marks_.push_back(block.markdown.data() + at);
    }
  }

  bool isFresh() const { return builder_.isFresh(); }
  /// Whether the block is more than should be laid out.
  bool hasGivenUp() const { return gaveUp_; }

  int enterBlock(MD_BLOCKTYPE type, void* detail);
  int leaveBlock(MD_BLOCKTYPE type);
  int enterSpan(MD_SPANTYPE type, void* detail);
  int leaveSpan();
  int text(MD_TEXTTYPE type, std::string_view text);

  /// The block as it was written, without any structure.
  void writePlain();

 private:
  /// Ends the parsing. md4c 0.4.8 forgets that it was ended from within a list or a quote.
  int giveUp() {
    gaveUp_ = true;
    return 1;
  }
  int enterTable(const MD_BLOCK_TABLE_DETAIL& table);
  void insertText(std::string_view utf8);
  void insertPhrase(const AnswerPhrase& phrase);

  DocumentBuilder builder_;
  const AnswerBlock& block_;
  LabelPalette& palette_;
  std::vector<const char*> marks_;  // where the phrases stand in block_.markdown
  bool gaveUp_ = false;
  bool inCode_ = false;
  QString codeLanguage_;
  QString codeLine_;  // line end that is held back: the last one of a piece of code is no line
};

int MarkdownWriter::enterTable(const MD_BLOCK_TABLE_DETAIL& table) {
  const std::size_t rows = std::size_t{table.head_row_count} + table.body_row_count;
  if (rows * table.col_count > kMostCells) return giveUp();
  builder_.enterTable(static_cast<int>(rows), static_cast<int>(table.col_count));
  return 0;
}

int MarkdownWriter::enterBlock(MD_BLOCKTYPE type, void* detail) {
  if (builder_.depth() >= kDeepest) return giveUp();
  switch (type) {
    case MD_BLOCK_UL:
      builder_.enterList(static_cast<MD_BLOCK_UL_DETAIL*>(detail)->is_tight != 0, std::nullopt);
      break;
    case MD_BLOCK_OL: {
      const auto* list = static_cast<MD_BLOCK_OL_DETAIL*>(detail);
      builder_.enterList(list->is_tight != 0, list->start);
      break;
    }
    case MD_BLOCK_LI: {
      const auto* item = static_cast<MD_BLOCK_LI_DETAIL*>(detail);
      builder_.enterItem(item->is_task != 0 ? std::optional(item->task_mark != ' ') : std::nullopt);
      break;
    }
    case MD_BLOCK_QUOTE:
      builder_.enterQuote();
      break;
    case MD_BLOCK_H:
      builder_.enterHeading(static_cast<int>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level));
      break;
    case MD_BLOCK_HR:
      builder_.addRule();
      break;
    case MD_BLOCK_CODE:
      builder_.enterCode();
      inCode_ = true;
      codeLanguage_ = textOf(static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->lang);
      codeLine_.clear();
      break;
    case MD_BLOCK_TABLE:
      return enterTable(*static_cast<MD_BLOCK_TABLE_DETAIL*>(detail));
    case MD_BLOCK_TR:
      builder_.enterRow();
      break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
      builder_.enterCell(alignmentOf(static_cast<MD_BLOCK_TD_DETAIL*>(detail)->align),
                         type == MD_BLOCK_TH);
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
      builder_.leaveList();
      break;
    case MD_BLOCK_LI:
      builder_.leaveItem();
      break;
    case MD_BLOCK_QUOTE:
      builder_.leaveQuote();
      break;
    case MD_BLOCK_H:
      builder_.leaveHeading();
      break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
      builder_.leaveCell();
      break;
    case MD_BLOCK_P:
      builder_.leaveParagraph();
      break;
    case MD_BLOCK_CODE:
      inCode_ = false;
      builder_.leaveCode(codeLanguage_);
      break;
    case MD_BLOCK_TABLE:
      builder_.leaveTable();
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
  builder_.pushFormat(change);
  return 0;
}

int MarkdownWriter::leaveSpan() {
  builder_.popFormat();
  return 0;
}

int MarkdownWriter::text(MD_TEXTTYPE type, std::string_view text) {
  builder_.ensureParagraph();
  if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR) {
    builder_.breakLine();
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
    if (!plain.isEmpty()) builder_.insertText(plain);
    utf8.remove_prefix(length);
    if (!hasMark) return;
    insertPhrase(block_.phrases[static_cast<std::size_t>(mark++ - marks_.begin())]);
    utf8.remove_prefix(kPhraseMark.size());
  }
}

void MarkdownWriter::insertPhrase(const AnswerPhrase& phrase) {
  builder_.insertText(phrase.text, phraseFormat(phrase, palette_));
  if (phrase.boxes < 2) return;
  builder_.insertText(QString::fromUtf8(" ×%1").arg(phrase.boxes), mutedFormat());
}

void MarkdownWriter::writePlain() {
  builder_.ensureParagraph();
  std::string_view rest = block_.markdown;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    insertText(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!rest.empty()) builder_.breakLine();
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
  parser.leave_span = [](MD_SPANTYPE, void*, void* self) {
    return static_cast<MarkdownWriter*>(self)->leaveSpan();
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

}  // namespace vl
