#pragma once

#include <QFrame>
#include <QRectF>
#include <vector>

class QAction;
class QHBoxLayout;

namespace vl {

class DragHandle;

/// What can be done with one part of an image, in a small bar beside it on the canvas.
class BoxBar final : public QFrame {
  Q_OBJECT
 public:
  /// The actions outlive the bar.
  BoxBar(const std::vector<QAction*>& actions, QWidget* parent);

  DragHandle& handle() { return *handle_; }
  /// Beside `part` (coordinates of `canvas`, which becomes the parent), inside what can be seen.
  void showBeside(const QRectF& part, QWidget* canvas);

 private:
  DragHandle* handle_;
};

}  // namespace vl
