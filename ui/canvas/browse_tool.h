#pragma once

#include <QPointF>

#include "ui/canvas/canvas_tool.h"

namespace vl {

/// Looking around: dragging pans, pointing emphasises a box, a click picks it.
class BrowseTool final : public CanvasTool {
 public:
  Qt::CursorShape cursor() const override;
  void press(ImageCanvas& canvas, const QMouseEvent& event) override;
  void move(ImageCanvas& canvas, const QMouseEvent& event) override;
  void release(ImageCanvas& canvas, const QMouseEvent& event) override;

 private:
  bool down_ = false;
  bool dragging_ = false;
  QPointF pressedAt_;
  QPointF last_;
};

}  // namespace vl
