#pragma once

#include <QListView>
#include <optional>

#include "ui/widgets/record_ids.h"

namespace vl {

class SessionListModel;

/// The sessions as a list: a click opens, F2 renames in place, Delete throws away.
class SessionListView final : public QListView {
  Q_OBJECT
 public:
  /// The model outlives the view.
  explicit SessionListView(SessionListModel& model, QWidget* parent = nullptr);

  /// Marks the session as shown, or none, without opening it again.
  void setShown(std::optional<SessionId> session);
  void renameCurrent();
  void deleteCurrent();

 signals:
  void opened(vl::SessionId session);
  void deleteWanted(vl::SessionId session);

 protected:
  void contextMenuEvent(QContextMenuEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void markShown();

  SessionListModel& model_;
  std::optional<SessionId> shown_;
};

}  // namespace vl
