#pragma once

#include <QWidget>

namespace vl {

/// Covers the window while files are dragged over it and says what dropping does.
class DropOverlay final : public QWidget {
  Q_OBJECT
 public:
  explicit DropOverlay(QWidget* parent);

 protected:
  void paintEvent(QPaintEvent* event) override;
};

}  // namespace vl
