#pragma once

#include <QPixmap>
#include <QRect>
#include <QSize>
#include <QTransform>
#include <functional>

#include "ui/canvas/image_pyramid.h"

namespace vl {

/// The picture below the boxes as it was drawn last, so that a new box costs no scaling. A step of
/// panning moves what is there and draws the new edges only. A large view that was zoomed or turned
/// is drawn coarsely at once and then made sharp piece by piece, so that no step takes longer than
/// a frame (50 ms), however many pixels screen and photo have.
class Backdrop {
 public:
  using Quality = ImagePyramid::Quality;
  /// Draws the part of the widget that the painter's clip leaves.
  using Draw = std::function<void(QPainter& painter, Quality quality)>;

  /// Draws what is missing. Returns whether the picture is sharp; if not, call sharpen() soon.
  bool show(QSize widget, double devicePixelRatio, const QTransform& imageToWidget,
            const Draw& draw);
  /// Makes the next piece sharp. Returns whether that was the last one.
  bool sharpen(const Draw& draw);
  /// What was drawn is no longer true.
  void invalidate() { pixmap_ = QPixmap(); }
  const QPixmap& pixmap() const { return pixmap_; }
  /// Of what was drawn last.
  const QTransform& imageToWidget() const { return imageToWidget_; }

 private:
  bool scrolled(const QTransform& imageToWidget, const Draw& draw);
  void drawPart(const QRect& devicePixels, Quality quality, const Draw& draw);

  QPixmap pixmap_;  // null: nothing was drawn yet
  QTransform imageToWidget_;
  int sharpRows_ = 0;  // device pixels from the top
};

}  // namespace vl
