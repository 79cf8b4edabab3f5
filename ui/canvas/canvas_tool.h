#pragma once

#include <QKeyEvent>
#include <QMouseEvent>
#include <Qt>

class QPainter;

namespace vl {

class ImageCanvas;

/// What mouse and keys do on a canvas: the canvas forwards to the tool it was given. Positions are
/// in widget space; canvas.imageToWidget() leads to image space.
class CanvasTool {
 public:
  virtual ~CanvasTool() = default;
  virtual Qt::CursorShape cursor() const = 0;
  virtual void press(ImageCanvas& canvas, const QMouseEvent& event) = 0;
  /// Also called while no button is down.
  virtual void move(ImageCanvas& canvas, const QMouseEvent& event) = 0;
  virtual void release(ImageCanvas& canvas, const QMouseEvent& event) = 0;
  /// Another image is shown, or none: what was begun on the one before is given up.
  virtual void imageChanged() {}
  /// Returns whether the key was used.
  virtual bool key(ImageCanvas& /*canvas*/, const QKeyEvent& /*event*/) { return false; }
  /// Keys that key() uses although the window has a shortcut for them.
  virtual bool takes(const QKeyEvent& /*event*/) const { return false; }
  /// On top of the boxes, in widget space.
  virtual void paint(const ImageCanvas& /*canvas*/, QPainter& /*painter*/) const {}
};

}  // namespace vl
