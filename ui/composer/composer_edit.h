#pragma once

#include <QPlainTextEdit>

#include "ui/composer/prompt_tasks.h"

namespace vl {

/// The text of a question: grows with its lines up to a limit. Enter asks, Shift+Enter breaks the
/// line, and while an input method composes Enter belongs to it. Files and pictures that are pasted
/// are handed on instead of becoming text; dropped ones are left to the window.
class ComposerEdit final : public QPlainTextEdit {
  Q_OBJECT
 public:
  explicit ComposerEdit(QWidget* parent = nullptr);

  /// Puts a task's form into the text; one undo takes it back. Words of the person's own become the
  /// phrase of a form that has a place for one; otherwise the form replaces the text.
  void insertForm(const PromptForm& form);

 signals:
  void askWanted();
  /// Up in an empty text.
  void editLastWanted();
  void mediaReceived(const QMimeData& data);

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void inputMethodEvent(QInputMethodEvent* event) override;
  bool canInsertFromMimeData(const QMimeData* source) const override;
  void insertFromMimeData(const QMimeData* source) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void adjustHeight();
  bool composing_ = false;
};

}  // namespace vl
