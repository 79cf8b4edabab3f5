#include "ui/documents/reading_page_model.h"

#include <QFont>
#include <QIcon>
#include <utility>

#include "ui/documents/document_reading.h"
#include "ui/widgets/theme.h"

namespace vl {

ReadingPageModel::ReadingPageModel(DocumentReading& reading, QObject* parent)
    : QAbstractListModel(parent), reading_(reading) {
  const auto changed = [this](std::size_t index) {
    const QModelIndex row = this->index(static_cast<int>(index));
    emit dataChanged(row, row);
  };
  connect(&reading_, &DocumentReading::pageChanged, this, changed);
  connect(&reading_, &DocumentReading::changed, this, [this, changed] {
    if (reading_.current()) changed(*reading_.current());
  });
}

void ReadingPageModel::setFound(std::set<std::size_t> found) {
  if (rowCount() == 0) return;
  found_ = std::move(found);
  emit dataChanged(index(0), index(rowCount() - 1));
}

int ReadingPageModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(reading_.pages().size());
}

QString ReadingPageModel::stateOf(std::size_t index) const {
  if (reading_.current() == index) return tr("being read");
  const ReadingPage& page = reading_.pages()[index];
  switch (page.state) {
    case PageState::Waiting:
      return tr("waiting");
    case PageState::Skipped:
      return tr("skipped");
    case PageState::Failed:
      return tr("not read");
    case PageState::Done:
      break;
  }
  if (!page.error.empty()) return tr("cut off");
  switch (page.source.value_or(PageSource::Model)) {
    case PageSource::TextLayer:
      return tr("printed text");
    case PageSource::Model:
      return tr("read by the model");
    case PageSource::Person:
      return tr("edited");
  }
  return {};
}

QIcon ReadingPageModel::iconOf(std::size_t index) const {
  const ThemeColours& colours = Theme::colours();
  if (reading_.current() == index) return themeIcon("read-text", colours.accent);
  const ReadingPage& page = reading_.pages()[index];
  if (page.state == PageState::Failed) return themeIcon("error", colours.error);
  if (!page.error.empty()) return themeIcon("warning", colours.muted);
  if (page.state == PageState::Done) return themeIcon("check", colours.accent);
  return themeIcon(page.state == PageState::Skipped ? "skip" : "page", colours.muted);
}

QVariant ReadingPageModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const auto at = static_cast<std::size_t>(index.row());
  const ReadingPage& page = reading_.pages()[at];
  switch (role) {
    case Qt::DisplayRole:
      return tr("Page %1 · %2").arg(page.page + 1).arg(stateOf(at));
    case Qt::DecorationRole:
      return iconOf(at);
    case Qt::ToolTipRole:
      return QString::fromStdString(page.error).toHtmlEscaped();
    case Qt::FontRole: {
      QFont font;
      font.setBold(found_.contains(at));
      return font;
    }
    default:
      return {};
  }
}

}  // namespace vl
