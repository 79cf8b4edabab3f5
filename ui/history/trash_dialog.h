#pragma once

#include <QDialog>
#include <vector>

#include "ui/widgets/record_ids.h"

class QListWidget;
class QPushButton;

namespace vl {

class ChatController;

/// The sessions that were deleted: to be restored, or deleted for good.
class TrashDialog final : public QDialog {
  Q_OBJECT
 public:
  /// The controller outlives the dialog.
  explicit TrashDialog(ChatController& controller, QWidget* parent = nullptr);

 private:
  void reload();
  std::vector<SessionId> selected() const;
  void restore();
  void deleteForGood();

  ChatController& controller_;
  QListWidget* list_;
  QPushButton* restore_;
  QPushButton* delete_;
};

}  // namespace vl
