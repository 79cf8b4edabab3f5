#pragma once

#include <QAbstractListModel>
#include <optional>
#include <set>
#include <vector>

#include "ui/widgets/record_ids.h"

namespace vl {

/// The sessions of the history, the last updated first.
class SessionListModel final : public QAbstractListModel {
  Q_OBJECT
 public:
  enum Role { AgeRole = Qt::UserRole, RunningRole };

  using QAbstractListModel::QAbstractListModel;

  int rowCount(const QModelIndex& parent = {}) const override;
  /// DisplayRole and EditRole: the title. AgeRole: "Yesterday". RunningRole: an answer is being
  /// written in it.
  QVariant data(const QModelIndex& index, int role) const override;
  /// EditRole asks for a new title, see renameWanted.
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;

  void setSessions(std::vector<SessionRecord> sessions);
  void setFolders(std::vector<FolderRecord> folders);
  const std::vector<FolderRecord>& folders() const { return folders_; }
  void setRunning(SessionId session, bool running);

  const SessionRecord& at(int row) const { return sessions_[static_cast<std::size_t>(row)]; }
  std::optional<int> rowOf(SessionId session) const;

 signals:
  void foldersChanged();
  void renameWanted(vl::SessionId session, const QString& title);

 private:
  std::vector<SessionRecord> sessions_;
  std::vector<FolderRecord> folders_;
  std::set<SessionId> running_;
};

}  // namespace vl
