#include "ui/documents/page_list_view.h"

#include <QItemSelection>
#include <QScrollBar>
#include <algorithm>

#include "ui/documents/open_document.h"
#include "ui/documents/page_delegate.h"
#include "ui/documents/page_list_model.h"

namespace vl {
namespace {

constexpr int kWantAfterMs = 30;

}  // namespace

PageListView::PageListView(OpenDocument& document, QWidget* parent)
    : QListView(parent), document_(document), pages_(new PageListModel(this)) {
  setObjectName("pageList");
  setAccessibleName(tr("Pages"));
  setViewMode(QListView::IconMode);
  setMovement(QListView::Static);
  setResizeMode(QListView::Adjust);
  setLayoutMode(QListView::Batched);  // a document may have 50,000 pages
  setBatchSize(500);
  setUniformItemSizes(true);
  setSelectionMode(QAbstractItemView::ExtendedSelection);
  setSelectionRectVisible(true);
  setMouseTracking(true);
  setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  setSpacing(2);
  setItemDelegate(new PageDelegate(this));
  setModel(pages_);
  wanting_.setSingleShot(true);
  wanting_.setInterval(kWantAfterMs);
  connect(&wanting_, &QTimer::timeout, this, &PageListView::wantThumbnails);
  const auto want = [this] { wanting_.start(); };
  connect(verticalScrollBar(), &QScrollBar::valueChanged, this, want);
  connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, want);
  connect(&document_, &OpenDocument::thumbnailReady, pages_, &PageListModel::setThumbnail);
  connect(&document_, &OpenDocument::opened, this, [this, want] {
    pages_->setPageCount(document_.pageCount());
    want();
  });
}

void PageListView::resizeEvent(QResizeEvent* event) {
  QListView::resizeEvent(event);
  wanting_.start();
}

void PageListView::wantThumbnails() {
  if (!isVisible() || pages_->rowCount() == 0) return;
  // the places of a uniform grid are known without asking about each
  QStyleOptionViewItem option;
  option.initFrom(this);
  const QSize gap(2 * spacing(), 2 * spacing());
  const QSize cell = itemDelegate()->sizeHint(option, {}) + gap;
  const int columns = std::max(1, viewport()->width() / cell.width());
  const int top = indexAt({cell.width() / 2, cell.height() / 2}).row();
  const int first = top >= 0 ? top - top % columns : 0;
  const int shown = columns * (viewport()->height() / cell.height() + 2);
  std::vector<std::size_t> wanted;
  for (int row = first; row < std::min(first + 2 * shown, pages_->rowCount()); ++row) {
    if (!pages_->hasThumbnail(static_cast<std::size_t>(row))) {
      wanted.push_back(static_cast<std::size_t>(row));
    }
  }
  document_.wantThumbnails(std::move(wanted), PageDelegate::kSheet * devicePixelRatioF());
}

std::vector<std::size_t> PageListView::chosen() const {
  std::vector<std::size_t> pages;
  for (const QItemSelectionRange& range : selectionModel()->selection()) {
    for (int row = range.top(); row <= range.bottom(); ++row) {
      pages.push_back(static_cast<std::size_t>(row));
    }
  }
  std::sort(pages.begin(), pages.end());
  pages.erase(std::unique(pages.begin(), pages.end()), pages.end());
  return pages;
}

void PageListView::choose(std::span<const std::size_t> pages) {
  QItemSelection selection;
  for (std::size_t i = 0; i < pages.size();) {
    std::size_t end = i + 1;
    while (end < pages.size() && pages[end] == pages[end - 1] + 1) ++end;
    selection.append(QItemSelectionRange(pages_->index(static_cast<int>(pages[i])),
                                         pages_->index(static_cast<int>(pages[end - 1]))));
    i = end;
  }
  selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
  if (!pages.empty()) scrollTo(pages_->index(static_cast<int>(pages.front())));
}

void PageListView::selectionChanged(const QItemSelection& selected, const QItemSelection& before) {
  QListView::selectionChanged(selected, before);
  emit chosenChanged();
}

}  // namespace vl
