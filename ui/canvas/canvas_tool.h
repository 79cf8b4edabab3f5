#pragma once

#include <QMouseEvent>
#include <Qt>

class QPainter;

namespace vl {

class ImageCanvas;

/// What the mouse does on a canvas: the canvas forwards to the tool it was given. Positions are in
/// widget space; canvas.imageToWidget() leads to image space.
class CanvasTool {
 public:
  virtual ~CanvasTool() = default;
  virtual Qt::CursorShape cursor() const = 0;
  virtual void press(ImageCanvas& canvas, const QMouseEvent& event) = 0;
  /// Also called while no button is down.
  virtual void move(ImageCanvas& canvas, const QMouseEvent& event) = 0;
  virtual void release(ImageCanvas& canvas, const QMouseEvent& event) = 0;
};

}  // namespace vl
