#pragma once

#include <QAction>
#include <QKeySequence>
#include <QString>

namespace vl {

/// An action for a menu and a tool button: with an icon, and its keys in the tooltip.
QAction* toolAction(const QString& icon, const QString& text, const QKeySequence& shortcut,
                    QObject* parent);

}  // namespace vl
