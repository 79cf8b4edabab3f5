#include "ui/composer/composer_edit.h"

#include <QDragEnterEvent>
#include <QFontMetrics>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QMimeData>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <algorithm>

#include "ui/composer/attachment_list.h"

namespace vl {
namespace {

constexpr int kMostLines = 8;

/// Words that the person typed: what stands between tags when the text is a form with a phrase.
QString ownWords(const QString& text) {
  if (isUntouchedTask(text)) return {};
  QString words = text;
  const auto begin = text.indexOf("<|ref|>");
  const auto end = text.indexOf("<|/ref|>", begin);
  if (begin >= 0 && end >= 0) words = text.mid(begin, end - begin);
  for (const char* tag : {"<|ref|>", "<|/ref|>", "<|grounding|>"}) words.remove(QLatin1String(tag));
  return words.trimmed();
}

}  // namespace

ComposerEdit::ComposerEdit(QWidget* parent) : QPlainTextEdit(parent) {
  setObjectName("composerEdit");
  setFrameShape(QFrame::NoFrame);
  setTabChangesFocus(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
  setPlaceholderText(tr("Ask about your images"));
  setAccessibleName(tr("Question"));
  document()->setDocumentMargin(4);
  connect(this, &QPlainTextEdit::textChanged, this, &ComposerEdit::adjustHeight);
  adjustHeight();
}

void ComposerEdit::adjustHeight() {
  int lines = 0;
  for (QTextBlock block = document()->begin(); block.isValid() && lines < kMostLines;
       block = block.next()) {
    blockBoundingRect(block);  // lays the block out
    lines += std::max(block.lineCount(), 1);
  }
  const int text = std::clamp(lines, 1, kMostLines) * fontMetrics().lineSpacing();
  const int height = text + 2 * static_cast<int>(document()->documentMargin()) + 4;
  if (height != this->height()) setFixedHeight(height);
}

void ComposerEdit::resizeEvent(QResizeEvent* event) {
  QPlainTextEdit::resizeEvent(event);
  adjustHeight();
}

void ComposerEdit::insertForm(const PromptForm& form) {
  const QString before = QString::fromUtf8(form.before);
  const QString after = QString::fromUtf8(form.after);
  const QString selected = textCursor().selectedText();
  const QString phrase = after.isEmpty()       ? QString()
                         : !selected.isEmpty() ? selected
                                               : ownWords(toPlainText());
  const QString text = before + phrase + after;
  QTextCursor cursor(document());
  if (text != toPlainText()) {
    cursor.select(QTextCursor::Document);
    cursor.insertText(text);
  }
  cursor.setPosition(static_cast<int>(before.size() + phrase.size()));
  setTextCursor(cursor);
  setFocus();
}

void ComposerEdit::keyPressEvent(QKeyEvent* event) {
  const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
  if (enter && !composing_ && !event->modifiers().testFlag(Qt::ShiftModifier)) {
    emit askWanted();
    return;
  }
  if (event->key() == Qt::Key_Up && !event->modifiers() && document()->isEmpty()) {
    emit editLastWanted();
    return;
  }
  QPlainTextEdit::keyPressEvent(event);
}

void ComposerEdit::inputMethodEvent(QInputMethodEvent* event) {
  composing_ = !event->preeditString().isEmpty();
  QPlainTextEdit::inputMethodEvent(event);
}

void ComposerEdit::dragEnterEvent(QDragEnterEvent* event) {
  if (AttachmentList::accepts(*event->mimeData())) {
    event->ignore();  // the window takes files, wherever they are dropped
  } else {
    QPlainTextEdit::dragEnterEvent(event);
  }
}

bool ComposerEdit::canInsertFromMimeData(const QMimeData* source) const {
  return AttachmentList::accepts(*source) || QPlainTextEdit::canInsertFromMimeData(source);
}

void ComposerEdit::insertFromMimeData(const QMimeData* source) {
  if (AttachmentList::accepts(*source)) {
    emit mediaReceived(*source);
  } else {
    QPlainTextEdit::insertFromMimeData(source);
  }
}

}  // namespace vl
