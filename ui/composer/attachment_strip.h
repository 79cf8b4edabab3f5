#pragma once

#include <QWidget>

class QBoxLayout;
class QScrollArea;

namespace vl {

class AttachmentList;
class ImageLoader;

/// The images of the question being composed as a row of thumbnails; each can be shown and removed.
/// Takes no room while there are none.
class AttachmentStrip final : public QWidget {
  Q_OBJECT
 public:
  /// Both outlive the strip.
  AttachmentStrip(AttachmentList& attachments, ImageLoader& loader, QWidget* parent = nullptr);

 signals:
  void picked(std::size_t attachment);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void rebuild();
  void adjustHeight();

  AttachmentList& attachments_;
  ImageLoader& loader_;
  QScrollArea* scroll_;
  QWidget* row_;
  QBoxLayout* layout_;
};

}  // namespace vl
