#pragma once

#include <QTextBlockFormat>
#include <QTextCharFormat>
#include <QTextTableFormat>

#include "ui/answer/answer_blocks.h"
#include "ui/answer/code_tokens.h"
#include "ui/canvas/label_palette.h"

namespace vl {

/// Between paragraphs; items of a tight list stand closer.
inline constexpr int kParagraphGap = 9;

/// How the parts of an answer look, in the colours of the theme.
QTextBlockFormat paragraphFormat();
QTextCharFormat mutedFormat();
QTextCharFormat codeSpanFormat();
QTextCharFormat linkFormat(const QString& address);
QTextCharFormat phraseFormat(const AnswerPhrase& phrase, LabelPalette& palette);
/// `level` 1 is the largest.
QTextCharFormat headingFormat(int level, const QFont& base);

/// On the background of codeFormat().
QTextCharFormat codeTokenFormat(CodeToken token);

QTextTableFormat gridFormat();
QTextTableFormat codeFormat();
/// The property that marks the table of codeFormat().
inline constexpr int kCodeProperty = QTextFormat::UserProperty + 1;

}  // namespace vl
