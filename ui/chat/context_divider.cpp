#include "ui/chat/context_divider.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

#include "ui/widgets/theme.h"

namespace vl {

ContextDivider::ContextDivider(QWidget* parent)
    : QWidget(parent),
      text_(new QLabel(tr("The model no longer reads what is above"), this)),
      lift_(new QPushButton(tr("Read all of it"), this)) {
  text_->setProperty("role", "muted");
  lift_->setAccessibleName(lift_->text());
  connect(lift_, &QPushButton::clicked, this, &ContextDivider::liftWanted);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 8, 0, 0);
  row->addWidget(text_, 1);
  row->addWidget(lift_);
}

void ContextDivider::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  painter.setPen(QPen(Theme::colours().accent, 1));
  painter.drawLine(0, 0, width(), 0);
}

}  // namespace vl
