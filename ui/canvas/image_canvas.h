#pragma once

#include <QTimer>
#include <QTransform>
#include <QWidget>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "ui/canvas/backdrop.h"
#include "ui/canvas/box_overlay.h"
#include "ui/canvas/canvas_tool.h"
#include "ui/canvas/image_pyramid.h"
#include "ui/canvas/view_geometry.h"

namespace vl {

class EncodedView;

/// Shows one image with the boxes on it: zoom at the cursor, pan, turn, fit. Mouse and keys go to
/// the tool the canvas was given first; what it leaves of the keys is what Gwenview does with them.
/// Boxes are kept in image space.
class ImageCanvas final : public QWidget {
  Q_OBJECT
 public:
  explicit ImageCanvas(QWidget* parent = nullptr);

  /// nullptr: no image; `message` is shown in its place. Boxes go with the image they were on.
  void setImage(std::shared_ptr<const ImagePyramid> image, const QString& message = {});
  bool hasImage() const { return image_ != nullptr; }
  const std::shared_ptr<const ImagePyramid>& image() const { return image_; }
  /// Shown in place of the image while it is set; none: the image. It goes with the image.
  void setEncoded(std::shared_ptr<const EncodedView> encoded);
  void setBoxes(std::vector<CanvasBox> boxes);
  const std::vector<CanvasBox>& boxes() const { return overlay_.boxes(); }
  void setEmphasis(std::vector<std::size_t> boxes);
  /// Marks the part that actions are about; none: no longer. It goes with the image.
  void setPicked(std::optional<QRectF> part);
  /// The box that the keyboard is at.
  std::optional<std::size_t> focusedBox() const { return focused_; }
  void focusBox(std::optional<std::size_t> box);
  std::optional<std::size_t> boxAt(QPointF widgetPoint) const {
    return overlay_.boxAt(widgetPoint, imageToWidget());
  }
  /// nullptr: looking around.
  void setTool(std::unique_ptr<CanvasTool> tool);

  /// The one transform that painting, hit tests and dragging share.
  QTransform imageToWidget() const { return geometry_.imageToWidget(); }
  double zoom() const { return geometry_.zoom(); }
  bool isFitted() const { return geometry_.isFitted(); }
  ViewGeometry::Place place() const { return geometry_.place(); }
  void setPlace(const ViewGeometry::Place& place);

  void fit();
  void zoomBy(double factor) { zoomAt(zoom() * factor, rect().center()); }
  void zoomToPixels() { zoomAt(1.0, rect().center()); }
  /// A zoom of 1 shows one image pixel as one pixel of the screen. `anchor` is in widget space.
  void zoomAt(double zoom, QPointF anchor);
  /// Clockwise.
  void turn(int quarters);
  void panBy(QPointF widgetDelta);
  void reveal(const QRectF& imageRect);
  void zoomTo(const QRectF& imageRect);

  // for tools, in widget space
  void pointAt(QPointF point);
  void pickAt(QPointF point);
  void dragOut() { emit dragOutWanted(); }

 signals:
  void viewChanged();
  /// Boxes by their index in boxes().
  void boxPointed(std::optional<std::size_t> box);
  void boxPicked(std::size_t box);
  /// A click beside all boxes.
  void nothingPicked();
  /// A context menu is wanted, at a point in widget space; the box there, if any.
  void menuWanted(QPoint point, std::optional<std::size_t> box);
  /// A fitted image, where there is nothing to pan, is being dragged out of the window.
  void dragOutWanted();
  /// To another image: -1 the one before, 1 the one after; to the first or the last one.
  void stepWanted(int step);
  void endWanted(bool last);

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
  void contextMenuEvent(QContextMenuEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  bool focusNextPrevChild(bool next) override;

 private:
  void changed();
  void drawPicture(QPainter& painter, Backdrop::Quality quality) const;
  void sharpen();
  void paintMessage(QPainter& painter);
  bool arrowKey(int key);
  bool viewKey(const QKeyEvent& event);
  bool imageKey(int key);
  bool boxKey(int key);

  std::shared_ptr<const ImagePyramid> image_;
  std::shared_ptr<const EncodedView> encoded_;
  QString message_;
  ViewGeometry geometry_;
  BoxOverlay overlay_;
  std::unique_ptr<CanvasTool> tool_;
  Backdrop backdrop_;
  QTimer sharpenTimer_;
  std::optional<std::size_t> pointed_;
  std::optional<std::size_t> focused_;  // the box that the keyboard is at
};

}  // namespace vl
