#pragma once

#include <QAbstractItemModel>
#include <QString>
#include <optional>
#include <vector>

#include "ui/widgets/record_ids.h"

namespace vl {

class SessionListModel;

/// The sessions in groups: what is pinned, each folder, and the others by the day they were used
/// last. Two levels: groups, and the sessions in them, the last updated first.
class SessionGroupsModel final : public QAbstractItemModel {
  Q_OBJECT
 public:
  enum Role { IsGroupRole = Qt::UserRole + 100, IsFolderRole };

  /// The sessions outlive the model.
  explicit SessionGroupsModel(SessionListModel& sessions, QObject* parent = nullptr);

  QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
  QModelIndex parent(const QModelIndex& child) const override;
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  /// Of a session: as SessionListModel. Of a group: DisplayRole and EditRole, its name.
  QVariant data(const QModelIndex& index, int role) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;

  Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
  QStringList mimeTypes() const override;
  QMimeData* mimeData(const QModelIndexList& indexes) const override;
  bool canDropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                       const QModelIndex& parent) const override;
  bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                    const QModelIndex& parent) override;

  /// None for a group.
  std::optional<SessionId> sessionAt(const QModelIndex& index) const;
  std::optional<FolderId> folderAt(const QModelIndex& index) const;
  QModelIndex indexOf(SessionId session) const;
  QModelIndex indexOf(FolderId folder) const;
  /// Names the group at an index over changes of the model.
  QString groupKey(const QModelIndex& group) const;

 signals:
  void folderRenameWanted(vl::FolderId folder, const QString& name);
  void moveWanted(vl::SessionId session, std::optional<vl::FolderId> folder);
  void pinWanted(vl::SessionId session, bool pinned);

 private:
  struct Group {
    QString key;
    QString name;
    std::optional<FolderId> folder;
    bool isPinned = false;
    std::vector<int> rows;            // of sessions_
    std::vector<SessionId> sessions;  // those rows: other sessions may come to stand in them
    bool operator==(const Group&) const = default;
  };

  std::vector<Group> grouped() const;
  void update();
  const Group& groupOf(const QModelIndex& index) const;
  std::optional<int> sourceRow(const QModelIndex& index) const;

  SessionListModel& sessions_;
  std::vector<Group> groups_;
};

}  // namespace vl
