#include "ui/history/session_list_view.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>

#include "ui/history/session_delegate.h"
#include "ui/history/session_groups_model.h"
#include "ui/history/session_list_model.h"
#include "ui/history/session_organizer.h"
#include "ui/widgets/theme.h"

namespace vl {

SessionListView::SessionListView(SessionListModel& model, SessionOrganizer& organizer,
                                 QWidget* parent)
    : QTreeView(parent),
      model_(model),
      organizer_(organizer),
      groups_(new SessionGroupsModel(model, this)) {
  setModel(groups_);
  setItemDelegate(new SessionDelegate(this));
  setAccessibleName(tr("Sessions"));
  setFrameShape(QFrame::NoFrame);
  setMouseTracking(true);
  setHeaderHidden(true);
  header()->setStretchLastSection(true);
  setRootIsDecorated(false);
  setIndentation(0);
  setExpandsOnDoubleClick(false);
  setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  setDragDropMode(QAbstractItemView::DragDrop);
  setDefaultDropAction(Qt::MoveAction);
  setDragDropOverwriteMode(true);  // onto a group, not between rows
  connect(this, &QTreeView::clicked, this, &SessionListView::activate);
  connect(this, &QTreeView::activated, this, [this](const QModelIndex& index) {
    if (groups_->sessionAt(index)) activate(index);  // a heading was folded by the click
  });
  connect(this, &QTreeView::collapsed, this,
          [this](const QModelIndex& group) { folded_.insert(groups_->groupKey(group)); });
  connect(this, &QTreeView::expanded, this,
          [this](const QModelIndex& group) { folded_.remove(groups_->groupKey(group)); });
  connect(groups_, &SessionGroupsModel::modelReset, this, &SessionListView::showGroups);
  connect(groups_, &SessionGroupsModel::folderRenameWanted, &organizer_,
          &SessionOrganizer::renameFolder);
  connect(groups_, &SessionGroupsModel::moveWanted, &organizer_, &SessionOrganizer::move);
  connect(groups_, &SessionGroupsModel::pinWanted, &organizer_, &SessionOrganizer::pin);
  showGroups();
}

void SessionListView::activate(const QModelIndex& index) {
  if (const auto session = groups_->sessionAt(index)) {
    emit opened(*session);
  } else {
    setExpanded(index, !isExpanded(index));
  }
}

void SessionListView::showGroups() {
  for (int row = 0; row < groups_->rowCount(); ++row) {
    const QModelIndex group = groups_->index(row, 0);
    setExpanded(group, !folded_.contains(groups_->groupKey(group)));
  }
  markShown();
}

void SessionListView::setFoldedGroups(const QStringList& keys) {
  folded_ = {keys.begin(), keys.end()};
  showGroups();
}

void SessionListView::setShown(std::optional<SessionId> session) {
  shown_ = session;
  markShown();
}

void SessionListView::markShown() {
  const QModelIndex index = shown_ ? groups_->indexOf(*shown_) : QModelIndex();
  // a group that was folded stays so: current items unfold what they are in
  if (index.isValid() && isExpanded(index.parent())) {
    setCurrentIndex(index);
  } else {
    setCurrentIndex({});
    clearSelection();
  }
}

std::optional<SessionId> SessionListView::currentSession() const {
  return groups_->sessionAt(currentIndex());
}

void SessionListView::renameCurrent() {
  if (currentIndex().isValid()) QTreeView::edit(currentIndex());
}

void SessionListView::deleteCurrent() {
  if (const auto session = currentSession()) emit deleteWanted(*session);
}

void SessionListView::addFolder(std::optional<SessionId> session) {
  const std::optional<FolderId> folder = organizer_.createFolder();
  if (!folder) return;
  if (session) organizer_.move(*session, *folder);
  const QModelIndex heading = groups_->indexOf(*folder);
  setCurrentIndex(heading);
  scrollTo(heading);
  QTreeView::edit(heading);
}

QItemSelectionModel::SelectionFlags SessionListView::selectionCommand(const QModelIndex& index,
                                                                      const QEvent* event) const {
  // selected is the session that is shown, whatever heading the person is at
  if (!groups_->sessionAt(index)) return QItemSelectionModel::NoUpdate;
  return QTreeView::selectionCommand(index, event);
}

bool SessionListView::edit(const QModelIndex& index, EditTrigger trigger, QEvent* event) {
  // a double click on a heading folds it twice
  if (trigger == QAbstractItemView::DoubleClicked && !groups_->sessionAt(index)) return false;
  return QTreeView::edit(index, trigger, event);
}

void SessionListView::fillSessionMenu(QMenu& menu, SessionId session) {
  const SessionRecord& record = model_.at(*model_.rowOf(session));
  connect(menu.addAction(themeIcon("rename"), tr("Rename")), &QAction::triggered, this,
          [this, session] { QTreeView::edit(groups_->indexOf(session)); });
  const bool pinned = record.pinned;
  connect(menu.addAction(themeIcon("pin"), pinned ? tr("Unpin") : tr("Pin")), &QAction::triggered,
          this, [this, session, pinned] { organizer_.pin(session, !pinned); });
  QMenu* folders = menu.addMenu(themeIcon("folder"), tr("Folder"));
  const auto addChoice = [&](const QString& name, std::optional<FolderId> folder) {
    QAction* choice = folders->addAction(name);
    choice->setCheckable(true);
    choice->setChecked(record.folder == folder);
    connect(choice, &QAction::triggered, this,
            [this, session, folder] { organizer_.move(session, folder); });
  };
  addChoice(tr("No folder"), std::nullopt);
  for (const FolderRecord& folder : model_.folders()) {
    addChoice(QString::fromStdString(folder.name).replace('&', "&&"), folder.id);
  }
  folders->addSeparator();
  connect(folders->addAction(tr("New folder…")), &QAction::triggered, this,
          [this, session] { addFolder(session); });
  emit menuWanted(session, menu);
  menu.addSeparator();
  connect(menu.addAction(themeIcon("delete"), tr("Delete")), &QAction::triggered, this,
          [this, session] { emit deleteWanted(session); });
}

void SessionListView::fillFolderMenu(QMenu& menu, FolderId folder) {
  connect(menu.addAction(themeIcon("rename"), tr("Rename")), &QAction::triggered, this,
          [this, folder] { QTreeView::edit(groups_->indexOf(folder)); });
  connect(menu.addAction(themeIcon("delete"), tr("Remove the folder, keep its sessions")),
          &QAction::triggered, this, [this, folder] { organizer_.removeFolder(folder); });
}

void SessionListView::contextMenuEvent(QContextMenuEvent* event) {
  const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
  const QModelIndex index = byKey ? currentIndex() : indexAt(event->pos());
  QMenu menu(this);
  if (const auto session = groups_->sessionAt(index)) {
    fillSessionMenu(menu, *session);
  } else if (const auto folder = groups_->folderAt(index)) {
    fillFolderMenu(menu, *folder);
  } else {
    connect(menu.addAction(themeIcon("folder"), tr("New folder")), &QAction::triggered, this,
            [this] { addFolder(); });
  }
  menu.exec(byKey ? viewport()->mapToGlobal(visualRect(index).center()) : event->globalPos());
}

void SessionListView::keyPressEvent(QKeyEvent* event) {
  const bool isEditing = state() == QAbstractItemView::EditingState;
  const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
  if (event->key() == Qt::Key_Delete && !isEditing) {
    deleteCurrent();
  } else if (isEnter && !isEditing && currentIndex().isValid()) {
    activate(currentIndex());
  } else {
    QTreeView::keyPressEvent(event);
  }
}

void SessionListView::drawBranches(QPainter* /*painter*/, const QRect& /*rect*/,
                                   const QModelIndex& /*index*/) const {
  // the delegate draws the headings
}

}  // namespace vl
