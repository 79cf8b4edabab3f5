#include "ui/window/shortcuts_dialog.h"

#include <QAction>
#include <QBoxLayout>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QTreeWidget>
#include <set>

namespace vl {
namespace {

/// A menu's text without the mark of the letter that is underlined, which stands after the words
/// where their language has no such letter, as in "文件(&F)"; and without "more follows".
QString plainText(QString text) {
  static const QRegularExpression mark("\\(&\\w\\)|&");
  text.remove(mark);
  if (text.endsWith(QChar(0x2026))) text.chop(1);
  return text;
}

QString keysOf(const QAction& action) {
  QStringList keys;
  for (const QKeySequence& key : action.shortcuts()) keys << key.toString(QKeySequence::NativeText);
  return keys.join(QString::fromUtf8(" · "));
}

void addRow(QTreeWidgetItem* group, const QAction& action) {
  const QString name = plainText(action.text().isEmpty() ? action.toolTip() : action.text());
  new QTreeWidgetItem(group, {name, keysOf(action)});
}

QTreeWidgetItem* addGroup(QTreeWidget* list, const QString& title) {
  auto* group = new QTreeWidgetItem(list, {title, {}});
  QFont bold = list->font();
  bold.setWeight(QFont::DemiBold);
  group->setFont(0, bold);
  group->setFlags(Qt::ItemIsEnabled);
  group->setFirstColumnSpanned(true);
  return group;
}

}  // namespace

ShortcutsDialog::ShortcutsDialog(QWidget& window) : QDialog(&window), list_(new QTreeWidget(this)) {
  setWindowTitle(tr("Keyboard shortcuts"));
  resize(460, 560);
  list_->setAccessibleName(windowTitle());
  list_->setObjectName("shortcutList");
  list_->setSelectionMode(QAbstractItemView::NoSelection);
  list_->setColumnCount(2);
  list_->setHeaderHidden(true);
  list_->setRootIsDecorated(false);
  list_->setItemsExpandable(false);
  list_->setFrameShape(QFrame::NoFrame);
  addMenus(window);
  addOthers(window);
  list_->expandAll();
  list_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
  list_->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
  list_->header()->setStretchLastSection(false);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* column = new QVBoxLayout(this);
  column->addWidget(list_, 1);
  column->addWidget(buttons);
}

void ShortcutsDialog::addMenus(const QWidget& window) {
  const auto* mainWindow = qobject_cast<const QMainWindow*>(&window);
  if (mainWindow == nullptr) return;
  for (const QAction* entry : mainWindow->menuWidget()->actions()) {
    if (entry->menu() == nullptr) continue;
    QTreeWidgetItem* group = nullptr;
    for (const QAction* action : entry->menu()->actions()) {
      if (action->shortcuts().isEmpty()) continue;
      if (group == nullptr) group = addGroup(list_, plainText(entry->text()));
      addRow(group, *action);
    }
  }
}

void ShortcutsDialog::addOthers(const QWidget& window) {
  std::set<const QAction*> inMenus;
  for (const QMenu* menu : window.findChildren<QMenu*>()) {
    for (const QAction* action : menu->actions()) inMenus.insert(action);
  }
  QTreeWidgetItem* group = nullptr;
  for (const QAction* action : window.findChildren<QAction*>()) {
    const QString text = action->text() + action->toolTip();
    if (action->shortcuts().isEmpty() || text.isEmpty() || inMenus.count(action) > 0) continue;
    if (group == nullptr) group = addGroup(list_, tr("Elsewhere"));
    addRow(group, *action);
  }
}

}  // namespace vl
