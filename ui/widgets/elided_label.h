#pragma once

#include <QLabel>

namespace vl {

/// One line of plain text, cut with an ellipsis where it does not fit; the tooltip has all of it.
class ElidedLabel final : public QLabel {
  Q_OBJECT
 public:
  explicit ElidedLabel(Qt::TextElideMode mode, QWidget* parent = nullptr);
  void setFullText(const QString& text);
  QString fullText() const { return full_; }
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void elide();
  const Qt::TextElideMode mode_;
  QString full_;
};

}  // namespace vl
