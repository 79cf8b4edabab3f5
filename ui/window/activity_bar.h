#pragma once

#include <QTimer>
#include <QWidget>

namespace vl {

/// One line about work that is going on, with a bar: filled as far as is known, moving otherwise.
class ActivityBar final : public QWidget {
  Q_OBJECT
 public:
  explicit ActivityBar(QWidget* parent = nullptr);

  /// `done` 0..1; negative: cannot be known.
  void setActivity(const QString& text, double done);
  QString text() const { return text_; }
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  QString text_;
  double done_ = -1;
  double phase_ = 0;  // 0..1, of the moving bar
  QTimer timer_;
};

}  // namespace vl
