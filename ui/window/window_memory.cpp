#include "ui/window/window_memory.h"

#include <QEvent>
#include <QMainWindow>
#include <QSettings>
#include <QSplitter>

#include "ui/history/session_list_view.h"

namespace vl {
namespace {

constexpr const char* kGeometryKey = "window/geometry";
constexpr const char* kFoldedKey = "window/foldedGroups";

QString keyOf(const QSplitter& splitter) { return "window/" + splitter.objectName(); }

}  // namespace

WindowMemory::WindowMemory(QMainWindow& window, QSettings& settings, QObject* parent)
    : QObject(parent), window_(window), settings_(settings) {
  restore();
  window_.installEventFilter(this);
}

void WindowMemory::restore() {
  window_.restoreGeometry(settings_.value(kGeometryKey).toByteArray());
  for (QSplitter* splitter : window_.findChildren<QSplitter*>()) {
    if (splitter->objectName().isEmpty()) continue;
    const bool collapsible = splitter->childrenCollapsible();
    const int handle = splitter->handleWidth();
    splitter->restoreState(settings_.value(keyOf(*splitter)).toByteArray());
    splitter->setChildrenCollapsible(collapsible);  // the state has these, too, of any version
    splitter->setHandleWidth(handle);
  }
  for (SessionListView* list : window_.findChildren<SessionListView*>()) {
    list->setFoldedGroups(settings_.value(kFoldedKey).toStringList());
  }
}

void WindowMemory::save() {
  settings_.setValue(kGeometryKey, window_.saveGeometry());
  for (const QSplitter* splitter : window_.findChildren<QSplitter*>()) {
    if (!splitter->objectName().isEmpty()) {
      settings_.setValue(keyOf(*splitter), splitter->saveState());
    }
  }
  for (const SessionListView* list : window_.findChildren<SessionListView*>()) {
    settings_.setValue(kFoldedKey, list->foldedGroups());
  }
}

bool WindowMemory::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Close) save();
  return QObject::eventFilter(watched, event);
}

}  // namespace vl
