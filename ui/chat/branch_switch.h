#pragma once

#include <QWidget>
#include <vector>

#include "ui/widgets/record_ids.h"

class QLabel;
class QToolButton;

namespace vl {

/// "‹ 2 / 3 ›": which of several branches a message belongs to. Hidden when there is only one.
class BranchSwitch final : public QWidget {
  Q_OBJECT
 public:
  explicit BranchSwitch(QWidget* parent = nullptr);

  void setBranches(const std::vector<MessageId>& siblings, MessageId shown);

 signals:
  void branchWanted(vl::MessageId sibling);

 private:
  QToolButton* addArrow(const QString& icon, const QString& name, int step);

  std::vector<MessageId> siblings_;
  int shown_ = 0;
  QToolButton* previous_;
  QLabel* position_;
  QToolButton* next_;
};

}  // namespace vl
