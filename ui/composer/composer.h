#pragma once

#include <QWidget>
#include <cstddef>

class QFrame;
class QToolButton;

namespace vl {

class AttachmentList;
class ComposerEdit;
class ImageLoader;
class TaskRow;

/// Where a question is written: attachments, text, the official tasks, and the button that asks or
/// stops.
class Composer final : public QWidget {
  Q_OBJECT
 public:
  /// Both outlive the composer.
  Composer(AttachmentList& attachments, ImageLoader& loader, QWidget* parent = nullptr);

  QString text() const;
  void setText(const QString& text);
  /// After a question was taken over.
  void clear();
  void focusText();
  ComposerEdit& edit() { return *edit_; }
  TaskRow& tasks() { return *tasks_; }

  /// While an answer is written the button stops it.
  void setAnswering(bool answering);

 signals:
  /// Only when there is something to ask and every image is ready.
  void asked();
  void stopWanted();
  void openWanted();
  void attachmentPicked(std::size_t attachment);

 protected:
  void changeEvent(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QToolButton* addButton(const QString& icon, const QString& name);
  void ask();
  void refresh();

  AttachmentList& attachments_;
  QFrame* card_;
  ComposerEdit* edit_;
  QToolButton* open_;
  TaskRow* tasks_;
  QToolButton* action_;  // asks or stops
  bool answering_ = false;
  bool askWhenReady_ = false;  // Enter came while an image was being read
};

}  // namespace vl
