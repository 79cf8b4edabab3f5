#pragma once

#include <QFrame>
#include <QTimer>
#include <functional>

class QLabel;
class QPushButton;

namespace vl {

/// Says in the window what has just been done, for a few seconds, and takes it back on request.
/// Stays while the mouse is over it or the button has the focus.
class Toast final : public QFrame {
  Q_OBJECT
 public:
  /// Keeps above the upper edge of `base`, which is in `parent`.
  Toast(QWidget* base, QWidget* parent);

  /// Takes the place of the one before, which can no longer be taken back.
  void show(const QString& text, const QString& action, std::function<void()> run);
  void setDuration(int ms) { timer_.setInterval(ms); }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void place();
  void leave();

  QWidget* base_;
  QLabel* text_;
  QPushButton* action_;
  std::function<void()> run_;
  QTimer timer_;
};

}  // namespace vl
