#pragma once

#include <QPointF>
#include <QRectF>
#include <functional>

#include "ui/canvas/canvas_tool.h"

namespace vl {

/// Draws a rectangle on the image.
class RegionTool final : public CanvasTool {
 public:
  struct Calls {
    std::function<void(const QRectF& part)> drawn;  // image space, inside the image
    std::function<void()> left;                     // Escape, or a click without a rectangle
  };

  explicit RegionTool(Calls calls) : calls_(std::move(calls)) {}

  Qt::CursorShape cursor() const override { return Qt::CrossCursor; }
  void press(ImageCanvas& canvas, const QMouseEvent& event) override;
  void move(ImageCanvas& canvas, const QMouseEvent& event) override;
  void release(ImageCanvas& canvas, const QMouseEvent& event) override;
  void imageChanged() override { drawing_ = false; }
  bool key(ImageCanvas& canvas, const QKeyEvent& event) override;
  bool takes(const QKeyEvent& event) const override { return event.key() == Qt::Key_Escape; }
  void paint(const ImageCanvas& canvas, QPainter& painter) const override;

 private:
  QRectF part(const ImageCanvas& canvas) const;

  Calls calls_;
  bool drawing_ = false;
  QPointF first_;  // image space
  QPointF last_;
};

}  // namespace vl
