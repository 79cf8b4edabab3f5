#pragma once

#include <QDialog>

class QTreeWidget;

namespace vl {

/// The keys of a window, read from its actions, so that they are those that work.
class ShortcutsDialog final : public QDialog {
  Q_OBJECT
 public:
  /// The window: its menus first, then its other actions with a key.
  explicit ShortcutsDialog(QWidget& window);

 private:
  void addMenus(const QWidget& window);
  void addOthers(const QWidget& window);

  QTreeWidget* list_;
};

}  // namespace vl
