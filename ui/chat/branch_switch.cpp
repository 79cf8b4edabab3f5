#include "ui/chat/branch_switch.h"

#include <QBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <algorithm>

#include "ui/widgets/theme.h"

namespace vl {

BranchSwitch::BranchSwitch(QWidget* parent) : QWidget(parent), position_(new QLabel(this)) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  previous_ = addArrow("previous", tr("Previous version"), -1);
  position_->setProperty("role", "muted");
  row->addWidget(position_);
  next_ = addArrow("next", tr("Next version"), 1);
  hide();
}

QToolButton* BranchSwitch::addArrow(const QString& icon, const QString& name, int step) {
  auto* button = new QToolButton(this);
  button->setIcon(themeIcon(icon));
  button->setIconSize(QSize(14, 14));
  button->setToolTip(name);
  button->setAccessibleName(name);
  connect(button, &QToolButton::clicked, this, [this, step] {
    const int wanted = shown_ + step;
    emit branchWanted(siblings_[static_cast<std::size_t>(wanted)]);
  });
  layout()->addWidget(button);
  return button;
}

void BranchSwitch::setBranches(const std::vector<MessageId>& siblings, MessageId shown) {
  siblings_ = siblings;
  const auto found = std::find(siblings_.begin(), siblings_.end(), shown);
  const int count = static_cast<int>(siblings_.size());
  setVisible(count > 1 && found != siblings_.end());
  if (isHidden()) return;
  shown_ = static_cast<int>(found - siblings_.begin());
  previous_->setEnabled(shown_ > 0);
  next_->setEnabled(shown_ + 1 < count);
  position_->setText(tr("%1 / %2").arg(shown_ + 1).arg(count));
}

}  // namespace vl
