#include "ui/answer/answer_document.h"

#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextTable>
#include <algorithm>
#include <utility>

#include "ui/answer/document_builder.h"
#include "ui/answer/markdown_formats.h"
#include "ui/answer/markdown_writer.h"

namespace vl {
namespace {

QString rowsOf(const QTextTable& table) {
  QStringList rows;
  for (int row = 0; row < table.rows(); ++row) {
    QStringList cells;
    for (int column = 0; column < table.columns(); ++column) {
      cells << table.cellAt(row, column).firstCursorPosition().block().text().simplified();
    }
    rows << cells.join('\t');
  }
  return rows.join('\n');
}

}  // namespace

AnswerDocument::AnswerDocument(QTextDocument& document, LabelPalette& palette)
    : document_(document), palette_(palette) {}

void AnswerDocument::show(const GroundedText& answer) {
  const std::vector<AnswerBlock> blocks = answerBlocks(answer);
  const std::size_t most = std::min(blocks.size(), written_.size());
  std::size_t same = 0;
  while (same < most && written_[same].block == blocks[same]) ++same;
  if (same == blocks.size() && same == written_.size()) return;
  QTextCursor edit(&document_);
  edit.beginEditBlock();  // one layout for all changes
  truncate(same);
  for (std::size_t i = same; i < blocks.size(); ++i) write(blocks[i]);
  edit.endEditBlock();
}

void AnswerDocument::redraw() {
  const std::vector<Written> blocks = std::exchange(written_, {});
  document_.clear();
  fresh_ = true;
  QTextCursor edit(&document_);
  edit.beginEditBlock();
  for (const Written& written : blocks) write(written.block);
  edit.endEditBlock();
}

void AnswerDocument::truncate(std::size_t blocks) {
  if (blocks == written_.size()) return;
  QTextCursor cursor(&document_);
  cursor.setPosition(written_[blocks].position);
  cursor.movePosition(QTextCursor::End, QTextCursor::KeepAnchor);
  cursor.removeSelectedText();
  fresh_ = written_[blocks].fresh;
  if (fresh_) {  // it may have taken over the looks of what was removed
    cursor.setBlockFormat(QTextBlockFormat());
    cursor.setBlockCharFormat(QTextCharFormat());
  }
  written_.resize(blocks);
}

void AnswerDocument::write(const AnswerBlock& block) {
  QTextCursor cursor(&document_);
  cursor.movePosition(QTextCursor::End);
  const Written written{block, cursor.position(), fresh_};
  fresh_ = writeMarkdown(cursor, block, fresh_, palette_);
  written_.push_back(written);
}

QString plainText(const QTextDocument& document) {
  QString text;
  const QTextFrame* root = document.rootFrame();
  for (auto it = root->begin(); !it.atEnd(); ++it) {
    const auto* table = qobject_cast<const QTextTable*>(it.currentFrame());
    QString piece;
    if (table != nullptr) {
      piece = isCode(*table) ? codeOf(*table) : rowsOf(*table);
    } else {
      piece = it.currentBlock().text().replace(QChar::LineSeparator, '\n');
    }
    if (piece.isEmpty()) continue;  // a document begins and ends with a paragraph
    const bool close =
        table == nullptr && it.currentBlock().blockFormat().topMargin() < kParagraphGap;
    if (!text.isEmpty()) text += close ? "\n" : "\n\n";
    text += piece;
  }
  return text;
}

}  // namespace vl
