#include "ui/history/session_groups_model.h"

#include <QCollator>
#include <QDateTime>
#include <QMimeData>
#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "ui/history/session_list_model.h"

namespace vl {
namespace {

constexpr auto kMimeType = "application/x-vl2-session";

/// Of the groups by day.
std::size_t dayGroup(Timestamp updated) {
  const QDateTime time = QDateTime::fromMSecsSinceEpoch(updated.time_since_epoch().count());
  const qint64 days = time.date().daysTo(QDate::currentDate());
  if (days <= 0) return 0;
  if (days == 1) return 1;
  if (days <= 7) return 2;
  return days <= 30 ? 3 : 4;
}

std::optional<SessionId> draggedSession(const QMimeData* data) {
  bool isNumber = false;
  const qint64 id = data->data(kMimeType).toLongLong(&isNumber);
  return isNumber ? std::optional(SessionId{id}) : std::nullopt;
}

}  // namespace

SessionGroupsModel::SessionGroupsModel(SessionListModel& sessions, QObject* parent)
    : QAbstractItemModel(parent), sessions_(sessions), groups_(grouped()) {
  connect(&sessions_, &SessionListModel::modelReset, this, &SessionGroupsModel::update);
  connect(&sessions_, &SessionListModel::dataChanged, this, &SessionGroupsModel::update);
  connect(&sessions_, &SessionListModel::foldersChanged, this, &SessionGroupsModel::update);
}

std::vector<SessionGroupsModel::Group> SessionGroupsModel::grouped() const {
  Group pinned{"pinned", tr("Pinned"), std::nullopt, true, {}, {}};
  std::vector<Group> folders;
  std::map<FolderId, std::size_t> places;
  for (const FolderRecord& folder : sessions_.folders()) {
    const QString key = "folder " + QString::number(static_cast<qint64>(folder.id));
    const QString name = QString::fromStdString(folder.name).simplified();
    folders.push_back({key, name, folder.id, false, {}, {}});
  }
  QCollator collator;
  collator.setNumericMode(true);
  std::stable_sort(folders.begin(), folders.end(), [&](const Group& a, const Group& b) {
    return collator.compare(a.name, b.name) < 0;
  });
  for (std::size_t i = 0; i < folders.size(); ++i) places.emplace(*folders[i].folder, i);
  std::array<Group, 5> days{{{"today", tr("Today"), {}, false, {}, {}},
                             {"yesterday", tr("Yesterday"), {}, false, {}, {}},
                             {"week", tr("Previous 7 days"), {}, false, {}, {}},
                             {"month", tr("Previous 30 days"), {}, false, {}, {}},
                             {"older", tr("Older"), {}, false, {}, {}}}};

  for (int row = 0; row < sessions_.rowCount(); ++row) {
    const SessionRecord& session = sessions_.at(row);
    const auto place = session.folder ? places.find(*session.folder) : places.end();
    Group& group = session.pinned          ? pinned
                   : place != places.end() ? folders[place->second]
                                           : days[dayGroup(session.updated)];
    group.rows.push_back(row);
    group.sessions.push_back(session.id);
  }
  std::vector<Group> groups;
  if (!pinned.rows.empty()) groups.push_back(std::move(pinned));
  std::move(folders.begin(), folders.end(), std::back_inserter(groups));
  for (Group& day : days) {
    if (!day.rows.empty()) groups.push_back(std::move(day));
  }
  return groups;
}

/// Keeps selection and an open editor where only what is in the rows has changed.
void SessionGroupsModel::update() {
  std::vector<Group> groups = grouped();
  if (groups == groups_) {
    for (int row = 0; row < rowCount(); ++row) {
      const QModelIndex group = index(row, 0);
      if (const int count = rowCount(group)) {
        emit dataChanged(index(0, 0, group), index(count - 1, 0, group));
      }
    }
    return;
  }
  beginResetModel();
  groups_ = std::move(groups);
  endResetModel();
}

QModelIndex SessionGroupsModel::index(int row, int column, const QModelIndex& parent) const {
  if (!hasIndex(row, column, parent)) return {};
  // a session carries the place of its group, counted from 1
  return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row() + 1) : 0);
}

QModelIndex SessionGroupsModel::parent(const QModelIndex& child) const {
  if (!child.isValid() || child.internalId() == 0) return {};
  return createIndex(static_cast<int>(child.internalId()) - 1, 0, quintptr{0});
}

int SessionGroupsModel::rowCount(const QModelIndex& parent) const {
  if (!parent.isValid()) return static_cast<int>(groups_.size());
  return parent.internalId() == 0 ? static_cast<int>(groupOf(parent).rows.size()) : 0;
}

int SessionGroupsModel::columnCount(const QModelIndex& /*parent*/) const { return 1; }

const SessionGroupsModel::Group& SessionGroupsModel::groupOf(const QModelIndex& index) const {
  const QModelIndex group = index.internalId() == 0 ? index : parent(index);
  return groups_[static_cast<std::size_t>(group.row())];
}

std::optional<int> SessionGroupsModel::sourceRow(const QModelIndex& index) const {
  if (!index.isValid() || index.internalId() == 0) return std::nullopt;
  return groupOf(index).rows[static_cast<std::size_t>(index.row())];
}

QVariant SessionGroupsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  if (const auto row = sourceRow(index)) return sessions_.data(sessions_.index(*row), role);
  const Group& group = groupOf(index);
  switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
      return group.name;
    case Qt::AccessibleTextRole:
      return tr("%1, %n session(s)", "a group", static_cast<int>(group.rows.size()))
          .arg(group.name);
    case IsGroupRole:
      return true;
    case IsFolderRole:
      return group.folder.has_value();
    default:
      return {};
  }
}

bool SessionGroupsModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (const auto row = sourceRow(index)) {
    return sessions_.setData(sessions_.index(*row), value, role);
  }
  const std::optional<FolderId> folder = folderAt(index);
  const QString name = value.toString().simplified();
  if (!folder || role != Qt::EditRole || name.isEmpty()) return false;
  emit folderRenameWanted(*folder, name);
  return true;
}

Qt::ItemFlags SessionGroupsModel::flags(const QModelIndex& index) const {
  if (!index.isValid()) return Qt::NoItemFlags;
  Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDropEnabled;
  if (sourceRow(index)) {
    return flags | Qt::ItemIsEditable | Qt::ItemIsDragEnabled | Qt::ItemNeverHasChildren;
  }
  if (folderAt(index)) flags |= Qt::ItemIsEditable;
  return flags;
}

QStringList SessionGroupsModel::mimeTypes() const { return {kMimeType}; }

QMimeData* SessionGroupsModel::mimeData(const QModelIndexList& indexes) const {
  const auto session = indexes.isEmpty() ? std::nullopt : sessionAt(indexes.first());
  if (!session) return nullptr;
  auto* data = new QMimeData;
  data->setData(kMimeType, QByteArray::number(static_cast<qint64>(*session)));
  return data;
}

bool SessionGroupsModel::canDropMimeData(const QMimeData* data, Qt::DropAction /*action*/,
                                         int /*row*/, int /*column*/,
                                         const QModelIndex& parent) const {
  return parent.isValid() && draggedSession(data).has_value();
}

bool SessionGroupsModel::dropMimeData(const QMimeData* data, Qt::DropAction action, int row,
                                      int column, const QModelIndex& parent) {
  if (!canDropMimeData(data, action, row, column, parent)) return false;
  const SessionId session = *draggedSession(data);
  const Group group = groupOf(parent);  // a copy: what is asked for changes the groups
  if (group.isPinned) {
    emit pinWanted(session, true);
  } else {
    emit pinWanted(session, false);
    emit moveWanted(session, group.folder);
  }
  return false;  // nothing for the view to remove: the model has changed already
}

std::optional<SessionId> SessionGroupsModel::sessionAt(const QModelIndex& index) const {
  const std::optional<int> row = sourceRow(index);
  return row ? std::optional(sessions_.at(*row).id) : std::nullopt;
}

std::optional<FolderId> SessionGroupsModel::folderAt(const QModelIndex& index) const {
  if (!index.isValid() || index.internalId() != 0) return std::nullopt;
  return groupOf(index).folder;
}

QModelIndex SessionGroupsModel::indexOf(SessionId session) const {
  const std::optional<int> row = sessions_.rowOf(session);
  for (std::size_t i = 0; row && i < groups_.size(); ++i) {
    const auto found = std::lower_bound(groups_[i].rows.begin(), groups_[i].rows.end(), *row);
    if (found == groups_[i].rows.end() || *found != *row) continue;
    return index(static_cast<int>(found - groups_[i].rows.begin()), 0,
                 index(static_cast<int>(i), 0));
  }
  return {};
}

QModelIndex SessionGroupsModel::indexOf(FolderId folder) const {
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    if (groups_[i].folder == folder) return index(static_cast<int>(i), 0);
  }
  return {};
}

QString SessionGroupsModel::groupKey(const QModelIndex& group) const { return groupOf(group).key; }

}  // namespace vl
