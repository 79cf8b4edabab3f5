#include "ui/window/window_memory.h"

#include <QEvent>
#include <QMainWindow>
#include <QSettings>
#include <QSplitter>

namespace vl {
namespace {

constexpr const char* kGeometryKey = "window/geometry";

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
}

void WindowMemory::save() {
  settings_.setValue(kGeometryKey, window_.saveGeometry());
  for (const QSplitter* splitter : window_.findChildren<QSplitter*>()) {
    if (!splitter->objectName().isEmpty()) {
      settings_.setValue(keyOf(*splitter), splitter->saveState());
    }
  }
}

bool WindowMemory::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Close) save();
  return QObject::eventFilter(watched, event);
}

}  // namespace vl
