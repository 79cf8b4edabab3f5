#pragma once

#include <QPoint>
#include <QWidget>
#include <cstddef>
#include <vector>

class QBoxLayout;
class QKeyEvent;
class QMouseEvent;
class QScrollArea;

namespace vl {

class AttachmentList;
class ImageLoader;
class ThumbnailButton;

/// The images of the question being composed as a row of thumbnails; each can be shown, removed
/// and, with the mouse or Ctrl and an arrow key, brought to another place. Takes no room while
/// there are none.
class AttachmentStrip final : public QWidget {
  Q_OBJECT
 public:
  /// Both outlive the strip.
  AttachmentStrip(AttachmentList& attachments, ImageLoader& loader, QWidget* parent = nullptr);

 signals:
  void picked(std::size_t attachment);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void rebuild();
  void adjustHeight();
  // True: the event is dealt with.
  bool drag(std::size_t place, const QMouseEvent& event);
  bool drop(std::size_t place);
  bool moveByKey(std::size_t place, const QKeyEvent& event);

  AttachmentList& attachments_;
  ImageLoader& loader_;
  QScrollArea* scroll_;
  QWidget* row_;
  QBoxLayout* layout_;
  std::vector<ThumbnailButton*> buttons_;  // one for each image
  QPoint pressed_;                         // where in its button the mouse went down
  bool dragging_ = false;
};

}  // namespace vl
