#include "ui/window/recent_files.h"

#include <QFileInfo>
#include <QMenu>
#include <QSettings>

namespace vl {
namespace {

constexpr const char* kFilesKey = "files/recent";

/// As a menu shows it: an ampersand is no shortcut, and a long path loses its middle.
QString menuText(const QString& file, const QFontMetrics& metrics) {
  constexpr int kLetters = 48;
  const QString text =
      metrics.elidedText(file, Qt::ElideMiddle, metrics.averageCharWidth() * kLetters);
  return QString(text).replace('&', "&&");
}

}  // namespace

RecentFiles::RecentFiles(QMenu& menu, QSettings& settings, QObject* parent)
    : QObject(parent), menu_(menu), settings_(settings) {
  connect(&menu_, &QMenu::aboutToShow, this, &RecentFiles::fill);
  fill();
}

QStringList RecentFiles::files() const { return settings_.value(kFilesKey).toStringList(); }

void RecentFiles::add(const QStringList& files) {
  QStringList kept = this->files();
  for (const QString& file : files) {
    const QString path = QFileInfo(file).absoluteFilePath();
    kept.removeAll(path);
    kept.prepend(path);
  }
  settings_.setValue(kFilesKey, QStringList(kept.mid(0, kMost)));
  fill();
}

void RecentFiles::clear() {
  settings_.remove(kFilesKey);
  fill();
}

void RecentFiles::fill() {
  menu_.clear();
  const QStringList known = files();
  for (const QString& file : known) {
    QAction* action = menu_.addAction(menuText(file, menu_.fontMetrics()));
    action->setToolTip(file);
    action->setEnabled(QFileInfo(file).isFile());
    connect(action, &QAction::triggered, this, [this, file] { emit picked(file); });
  }
  menu_.addSeparator();
  QAction* clearAction = menu_.addAction(tr("&Clear this list"));
  clearAction->setEnabled(!known.isEmpty());
  connect(clearAction, &QAction::triggered, this, &RecentFiles::clear, Qt::QueuedConnection);
}

}  // namespace vl
