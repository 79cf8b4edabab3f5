#include "ui/widgets/elided_label.h"

#include <QFontMetrics>

namespace vl {

ElidedLabel::ElidedLabel(Qt::TextElideMode mode, QWidget* parent) : QLabel(parent), mode_(mode) {
  setTextFormat(Qt::PlainText);
}

void ElidedLabel::setFullText(const QString& text) {
  full_ = text.simplified();
  setToolTip(full_.toHtmlEscaped());
  updateGeometry();
  elide();
}

QSize ElidedLabel::sizeHint() const {
  return {fontMetrics().horizontalAdvance(full_) + 2, QLabel::sizeHint().height()};
}

QSize ElidedLabel::minimumSizeHint() const { return {0, QLabel::minimumSizeHint().height()}; }

void ElidedLabel::resizeEvent(QResizeEvent* event) {
  QLabel::resizeEvent(event);
  elide();
}

void ElidedLabel::elide() {
  const QString shown = fontMetrics().elidedText(full_, mode_, contentsRect().width());
  setText(shown == QChar(0x2026) ? QString() : shown);  // three dots alone tell nothing
}

}  // namespace vl
