#pragma once

#include <QList>
#include <QString>
#include <optional>

class QWidget;

namespace vl {

/// A kind of file that can be written.
struct FileKind {
  QString filter;  // as QFileDialog has them: "HTML (*.html)"
  QString ending;  // without the dot; names that have none get it
};

struct FileToSave {
  QString file;
  qsizetype kind = 0;
};

/// Asks where to write, and before a file is replaced, by the name that it really gets. None: not
/// at all.
std::optional<FileToSave> askWhereToSave(QWidget* parent, const QString& title,
                                         const QString& proposed, const QList<FileKind>& kinds);

}  // namespace vl
