#pragma once

#include <QPointF>
#include <QRectF>
#include <cstddef>
#include <functional>
#include <optional>

#include "ui/canvas/canvas_tool.h"

namespace vl {

/// Changes boxes: a drag moves one, a drag at a handle resizes it, a drag beside all boxes draws a
/// new one. Tab goes through the boxes, arrows move, Shift and arrows resize, Delete removes,
/// Insert adds, Return names.
class EditTool final : public CanvasTool {
 public:
  /// Boxes by their index on the canvas; rectangles in image space, inside the image.
  struct Calls {
    std::function<void(std::size_t box, const QRectF& rect)> changed;
    std::function<void(const QRectF& rect)> added;
    std::function<void(std::size_t box)> removed;
    std::function<void(std::size_t box)> nameWanted;
    std::function<void()> left;  // Escape
  };

  explicit EditTool(Calls calls) : calls_(std::move(calls)) {}

  Qt::CursorShape cursor() const override { return cursor_; }
  void press(ImageCanvas& canvas, const QMouseEvent& event) override;
  void move(ImageCanvas& canvas, const QMouseEvent& event) override;
  void release(ImageCanvas& canvas, const QMouseEvent& event) override;
  void imageChanged() override { drag_.reset(); }
  bool key(ImageCanvas& canvas, const QKeyEvent& event) override;
  bool takes(const QKeyEvent& event) const override;
  void paint(const ImageCanvas& canvas, QPainter& painter) const override;

 private:
  /// Which edges a drag moves: -1 the first, 1 the last, 0 none; both 0: the whole box.
  struct Edges {
    int x = 0;
    int y = 0;
  };
  struct Drag {
    std::optional<std::size_t> box;  // none: a new one
    Edges edges;
    QRectF before;
    QRectF now;
    QPointF from;  // image space
  };

  std::optional<Edges> handleAt(const ImageCanvas& canvas, QPointF widgetPoint) const;
  QRectF dragged(const ImageCanvas& canvas, QPointF imagePoint) const;
  bool arrow(ImageCanvas& canvas, std::size_t box, const QKeyEvent& event);
  void addInView(ImageCanvas& canvas);

  Calls calls_;
  std::optional<Drag> drag_;
  Qt::CursorShape cursor_ = Qt::CrossCursor;
};

}  // namespace vl
