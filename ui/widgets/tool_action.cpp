#include "ui/widgets/tool_action.h"

#include "ui/widgets/theme.h"

namespace vl {

QAction* toolAction(const QString& icon, const QString& text, const QKeySequence& shortcut,
                    QObject* parent) {
  auto* action = new QAction(themeIcon(icon), text, parent);
  action->setShortcut(shortcut);
  const QString keys = shortcut.toString(QKeySequence::NativeText);
  action->setToolTip(keys.isEmpty() ? text : text + " (" + keys + ')');
  return action;
}

}  // namespace vl
