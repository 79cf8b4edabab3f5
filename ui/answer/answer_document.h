#pragma once

#include <vector>

#include "inference/text/grounding_parser.h"
#include "ui/answer/answer_blocks.h"
#include "ui/canvas/label_palette.h"

class QTextDocument;

namespace vl {

/// Keeps a document as an answer reads, while the answer grows: only the blocks from the first
/// changed one on are written again, so a selection further up stays and each step costs as much as
/// the last block.
class AnswerDocument {
 public:
  /// Both outlive it. Nobody else writes into the document.
  AnswerDocument(QTextDocument& document, LabelPalette& palette);

  void show(const GroundedText& answer);
  /// Writes everything again: the theme's colours have changed.
  void redraw();

 private:
  struct Written {
    AnswerBlock block;
    int position = 0;    // of the cursor before it was written
    bool fresh = false;  // there was an empty paragraph to write into
  };

  void truncate(std::size_t blocks);
  void write(const AnswerBlock& block);

  QTextDocument& document_;
  LabelPalette& palette_;
  std::vector<Written> written_;
  bool fresh_ = true;
};

/// The document for reading elsewhere: an empty line between paragraphs, a tab between cells.
QString plainText(const QTextDocument& document);

}  // namespace vl
