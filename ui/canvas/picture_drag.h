#pragma once

#include <QImage>
#include <QString>
#include <QWidget>

namespace vl {

/// A format that only what dragPicture() drags has.
inline constexpr const char* kPictureMime = "application/x-vl2-desk-picture";

/// Lets a person drag a picture out of the window: as a picture for programs that take one, and as
/// a PNG file of this name for those that take files. Returns when it was dropped.
void dragPicture(QWidget* source, const QImage& picture, const QString& fileName);

/// A small picture that can be dragged out of the window.
class DragHandle final : public QWidget {
  Q_OBJECT
 public:
  explicit DragHandle(QWidget* parent = nullptr);
  /// What dragging begins with; the thumbnail is made from it.
  void setPicture(const QImage& picture, const QString& fileName);
  QSize sizeHint() const override { return {34, 34}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;

 private:
  QImage picture_;
  QImage thumbnail_;
  QString fileName_;
  QPoint pressedAt_;
};

}  // namespace vl
