#pragma once

#include <QSet>
#include <QStringList>
#include <QTreeView>
#include <optional>

#include "ui/widgets/record_ids.h"

class QMenu;

namespace vl {

class SessionGroupsModel;
class SessionListModel;
class SessionOrganizer;

/// The sessions as a list in groups: a click opens, F2 or a double click renames in place, Delete
/// throws away, dragging moves into a folder. A click on the heading of a group folds it.
class SessionListView final : public QTreeView {
  Q_OBJECT
 public:
  /// Both outlive the view.
  SessionListView(SessionListModel& model, SessionOrganizer& organizer, QWidget* parent = nullptr);

  /// Marks the session as shown, or none, without opening it again.
  void setShown(std::optional<SessionId> session);
  void renameCurrent();
  void deleteCurrent();
  /// Adds a folder and lets its name be typed; with the session in it, if there is one.
  void addFolder(std::optional<SessionId> session = std::nullopt);
  const SessionGroupsModel& groups() const { return *groups_; }
  std::optional<SessionId> currentSession() const;
  /// By SessionGroupsModel::groupKey, also of groups that are not there now.
  QStringList foldedGroups() const { return {folded_.begin(), folded_.end()}; }
  void setFoldedGroups(const QStringList& keys);

 signals:
  void opened(vl::SessionId session);
  void deleteWanted(vl::SessionId session);
  /// A menu for the session is about to be shown.
  void menuWanted(vl::SessionId session, QMenu& menu);

 protected:
  QItemSelectionModel::SelectionFlags selectionCommand(const QModelIndex& index,
                                                       const QEvent* event) const override;
  bool edit(const QModelIndex& index, EditTrigger trigger, QEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const override;

 private:
  void activate(const QModelIndex& index);
  void showGroups();
  void markShown();
  void fillSessionMenu(QMenu& menu, SessionId session);
  void fillFolderMenu(QMenu& menu, FolderId folder);

  SessionListModel& model_;
  SessionOrganizer& organizer_;
  SessionGroupsModel* groups_;
  QSet<QString> folded_;  // keys of groups
  std::optional<SessionId> shown_;
};

}  // namespace vl
