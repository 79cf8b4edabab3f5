#include "ui/widgets/save_file_dialog.h"

#include <QFileDialog>
#include <QStringList>
#include <algorithm>

namespace vl {

std::optional<FileToSave> askWhereToSave(QWidget* parent, const QString& title,
                                         const QString& proposed, const QList<FileKind>& kinds) {
  QStringList filters;
  for (const FileKind& kind : kinds) filters << kind.filter;
  QFileDialog dialog(parent, title, proposed);
  dialog.setAcceptMode(QFileDialog::AcceptSave);
  dialog.setNameFilters(filters);
  const auto chosen = [&] {
    return std::max<qsizetype>(filters.indexOf(dialog.selectedNameFilter()), 0);
  };
  const auto followFilter = [&] { dialog.setDefaultSuffix(kinds[chosen()].ending); };
  QObject::connect(&dialog, &QFileDialog::filterSelected, &dialog, followFilter);
  followFilter();
  if (dialog.exec() != QDialog::Accepted) return std::nullopt;
  return FileToSave{dialog.selectedFiles().value(0), chosen()};
}

}  // namespace vl
