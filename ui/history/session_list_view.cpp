#include "ui/history/session_list_view.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>

#include "ui/history/session_delegate.h"
#include "ui/history/session_list_model.h"
#include "ui/widgets/theme.h"

namespace vl {

SessionListView::SessionListView(SessionListModel& model, QWidget* parent)
    : QListView(parent), model_(model) {
  setModel(&model_);
  setItemDelegate(new SessionDelegate(this));
  setAccessibleName(tr("Sessions"));
  setFrameShape(QFrame::NoFrame);
  setMouseTracking(true);
  setEditTriggers(QAbstractItemView::EditKeyPressed);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  setUniformItemSizes(true);
  const auto open = [this](const QModelIndex& index) { emit opened(model_.at(index.row()).id); };
  connect(this, &QListView::clicked, this, open);
  connect(this, &QListView::activated, this, open);
  connect(&model_, &SessionListModel::modelReset, this, &SessionListView::markShown);
}

void SessionListView::setShown(std::optional<SessionId> session) {
  shown_ = session;
  markShown();
}

void SessionListView::markShown() {
  const std::optional<int> row = shown_ ? model_.rowOf(*shown_) : std::nullopt;
  if (row) {
    setCurrentIndex(model_.index(*row));
  } else {
    setCurrentIndex({});
    clearSelection();
  }
}

void SessionListView::renameCurrent() {
  if (currentIndex().isValid()) edit(currentIndex());
}

void SessionListView::deleteCurrent() {
  if (currentIndex().isValid()) emit deleteWanted(model_.at(currentIndex().row()).id);
}

void SessionListView::contextMenuEvent(QContextMenuEvent* event) {
  const QModelIndex index = indexAt(event->pos());
  if (!index.isValid()) return;
  QMenu menu(this);
  const QAction* rename = menu.addAction(themeIcon("rename"), tr("Rename"));
  const QAction* remove = menu.addAction(themeIcon("delete"), tr("Delete"));
  const QAction* chosen = menu.exec(event->globalPos());
  if (chosen == rename) edit(index);
  if (chosen == remove) emit deleteWanted(model_.at(index.row()).id);
}

void SessionListView::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Delete && state() != QAbstractItemView::EditingState) {
    deleteCurrent();
  } else {
    QListView::keyPressEvent(event);
  }
}

}  // namespace vl
