#pragma once

#include <QListView>
#include <QTimer>
#include <cstddef>
#include <span>
#include <vector>

namespace vl {

class OpenDocument;
class PageListModel;

/// The pages of a document as thumbnails, to choose some of them. Thumbnails are made for what is
/// visible first, and for what comes next.
class PageListView final : public QListView {
  Q_OBJECT
 public:
  /// The document outlives the view.
  explicit PageListView(OpenDocument& document, QWidget* parent = nullptr);

  /// Chosen pages, ascending.
  std::vector<std::size_t> chosen() const;
  /// Requires ascending pages of the document.
  void choose(std::span<const std::size_t> pages);

 signals:
  void chosenChanged();

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void selectionChanged(const QItemSelection& selected, const QItemSelection& before) override;

 private:
  void wantThumbnails();

  OpenDocument& document_;
  PageListModel* pages_;
  QTimer wanting_;  // many scroll steps are one request
};

}  // namespace vl
