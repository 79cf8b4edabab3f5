#pragma once

#include <QColor>
#include <QFont>
#include <QRectF>
#include <QString>
#include <QTransform>
#include <cstddef>
#include <optional>
#include <vector>

class QPainter;

namespace vl {

/// A box as it is drawn: corners in image space.
struct CanvasBox {
  QRectF rect;
  QString label;
  QColor colour;
  bool dashed = false;  // still being written
  bool operator==(const CanvasBox&) const = default;
};

/// Draws boxes and their label plates over an image and finds the box under a point. Lines and
/// plates keep their size at every zoom.
class BoxOverlay {
 public:
  void setBoxes(std::vector<CanvasBox> boxes);
  const std::vector<CanvasBox>& boxes() const { return boxes_; }
  /// These boxes are drawn stronger and the others step back; empty: all alike.
  void setEmphasis(std::vector<std::size_t> boxes) { emphasis_ = std::move(boxes); }
  /// A thin line around this part of the image: it is picked, or the keyboard is there.
  void setPicked(std::optional<QRectF> part) { picked_ = part; }

  /// `widget` is the area that can be seen; plates are kept inside it.
  void paint(QPainter& painter, const QTransform& imageToWidget, const QRectF& widget,
             const QFont& font) const;
  /// The smallest box that holds `point` (widget space), a few pixels around it included.
  std::optional<std::size_t> boxAt(QPointF point, const QTransform& imageToWidget) const;

 private:
  bool isEmphasised(std::size_t box) const;
  double opacityOf(std::size_t box) const;
  void paintFrame(QPainter& painter, const QRectF& frame, const CanvasBox& box, bool strong) const;
  void paintLabels(QPainter& painter, const QTransform& imageToWidget, const QRectF& widget,
                   const QFont& font) const;

  std::vector<CanvasBox> boxes_;
  std::vector<std::size_t> emphasis_;
  std::optional<QRectF> picked_;
};

}  // namespace vl
