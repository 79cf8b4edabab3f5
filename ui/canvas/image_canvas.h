#pragma once

#include <QPixmap>
#include <QTransform>
#include <QWidget>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "ui/canvas/box_overlay.h"
#include "ui/canvas/canvas_tool.h"
#include "ui/canvas/image_pyramid.h"
#include "ui/canvas/view_geometry.h"

namespace vl {

/// Shows one image with the boxes on it: zoom at the cursor, pan, fit. The mouse belongs to the
/// tool the canvas was given. Boxes are kept in image space.
class ImageCanvas final : public QWidget {
  Q_OBJECT
 public:
  explicit ImageCanvas(QWidget* parent = nullptr);

  /// nullptr: no image; `message` is shown in its place. Boxes go with the image they were on.
  void setImage(std::shared_ptr<const ImagePyramid> image, const QString& message = {});
  bool hasImage() const { return image_ != nullptr; }
  void setBoxes(std::vector<CanvasBox> boxes);
  const std::vector<CanvasBox>& boxes() const { return overlay_.boxes(); }
  void setEmphasis(std::vector<std::size_t> boxes);
  void setTool(std::unique_ptr<CanvasTool> tool);

  /// The one transform that painting, hit tests and dragging share.
  QTransform imageToWidget() const { return geometry_.imageToWidget(); }
  double zoom() const { return geometry_.zoom(); }
  bool isFitted() const { return geometry_.isFitted(); }

  void fit();
  void zoomBy(double factor) { zoomAt(zoom() * factor, rect().center()); }
  /// A zoom of 1 shows one image pixel as one pixel of the screen. `anchor` is in widget space.
  void zoomAt(double zoom, QPointF anchor);
  void panBy(QPointF widgetDelta);
  void reveal(const QRectF& imageRect);

  // for tools, in widget space
  void pointAt(QPointF point);
  void pickAt(QPointF point);

 signals:
  void viewChanged();
  /// Boxes by their index in boxes().
  void boxPointed(std::optional<std::size_t> box);
  void boxPicked(std::size_t box);

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;

 private:
  void changed();
  void renderBackdrop();
  void paintMessage(QPainter& painter);

  std::shared_ptr<const ImagePyramid> image_;
  QString message_;
  ViewGeometry geometry_;
  BoxOverlay overlay_;
  std::unique_ptr<CanvasTool> tool_;
  QPixmap backdrop_;  // the image as last drawn, so that a new box costs no scaling; null: redraw
  std::optional<std::size_t> pointed_;
};

}  // namespace vl
