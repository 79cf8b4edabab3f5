#pragma once

#include <QTextCursor>

#include "ui/answer/answer_blocks.h"
#include "ui/canvas/label_palette.h"

namespace vl {

/// Writes a block's Markdown (CommonMark with tables and task lists) at the cursor, which stands at
/// the document's end. `fresh`: in an empty paragraph, which is used up. Returns whether it leaves
/// the cursor in one, as a table does.
///
/// A phrase with boxes is underlined in their colour and is a link that boxesOfLink() understands.
/// Links of the model's are links only to http and https. Nothing is read as HTML, no picture is
/// loaded. What would become too many cells or too deep is written as it is.
bool writeMarkdown(QTextCursor& cursor, const AnswerBlock& block, bool fresh,
                   LabelPalette& palette);

}  // namespace vl
