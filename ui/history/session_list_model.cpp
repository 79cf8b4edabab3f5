#include "ui/history/session_list_model.h"

#include <algorithm>
#include <utility>

#include "ui/history/age_text.h"

namespace vl {

int SessionListModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(sessions_.size());
}

QVariant SessionListModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const SessionRecord& session = at(index.row());
  switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
    case Qt::AccessibleTextRole:
      return QString::fromStdString(session.settings.title).simplified();
    case AgeRole:
      return ageText(session.updated);
    case RunningRole:
      return running_.contains(session.id);
    default:
      return {};
  }
}

bool SessionListModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  const QString title = value.toString().simplified();
  if (!index.isValid() || role != Qt::EditRole || title.isEmpty()) return false;
  emit renameWanted(at(index.row()).id, title);
  return true;
}

Qt::ItemFlags SessionListModel::flags(const QModelIndex& index) const {
  return QAbstractListModel::flags(index) | Qt::ItemIsEditable;
}

void SessionListModel::setSessions(std::vector<SessionRecord> sessions) {
  const auto sameOrder = [](const SessionRecord& a, const SessionRecord& b) {
    return a.id == b.id;
  };
  if (std::equal(sessions.begin(), sessions.end(), sessions_.begin(), sessions_.end(), sameOrder)) {
    sessions_ = std::move(sessions);  // keeps the selection and an open editor
    if (!sessions_.empty()) emit dataChanged(index(0), index(rowCount() - 1));
    return;
  }
  beginResetModel();
  sessions_ = std::move(sessions);
  endResetModel();
}

void SessionListModel::setFolders(std::vector<FolderRecord> folders) {
  if (folders == folders_) return;
  folders_ = std::move(folders);
  emit foldersChanged();
}

void SessionListModel::setRunning(SessionId session, bool running) {
  if (running) {
    running_.insert(session);
  } else {
    running_.erase(session);
  }
  if (const auto row = rowOf(session)) emit dataChanged(index(*row), index(*row));
}

std::optional<int> SessionListModel::rowOf(SessionId session) const {
  const auto found =
      std::find_if(sessions_.begin(), sessions_.end(),
                   [session](const SessionRecord& record) { return record.id == session; });
  if (found == sessions_.end()) return std::nullopt;
  return static_cast<int>(found - sessions_.begin());
}

}  // namespace vl
