#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace vl {

/// The line in a conversation below which the model begins to read, with a way to lift it.
class ContextDivider final : public QWidget {
  Q_OBJECT
 public:
  explicit ContextDivider(QWidget* parent = nullptr);

 signals:
  void liftWanted();

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QLabel* text_;
  QPushButton* lift_;
};

}  // namespace vl
