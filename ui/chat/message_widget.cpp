#include "ui/chat/message_widget.h"

#include "ui/chat/message_text.h"

namespace vl {

int MessageWidget::firstMarkedY() const {
  const std::optional<int> y = text().firstMarkedY();
  return y ? text().mapTo(this, QPoint(0, *y)).y() : 0;
}

}  // namespace vl
