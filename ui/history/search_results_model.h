#pragma once

#include <QAbstractListModel>
#include <QMetaType>
#include <QString>
#include <QStringList>
#include <utility>
#include <vector>

#include "storage/history_search.h"

namespace vl {

/// A line of text with some of it to be shown strongly.
struct EmphasisedText {
  QString text;
  std::vector<std::pair<int, int>> emphasised;  // begin, length

  QStringList words() const;  // the emphasised ones
};

EmphasisedText emphasisedText(const Snippet& snippet);

/// What a search has found.
class SearchResultsModel final : public QAbstractListModel {
  Q_OBJECT
 public:
  enum Role { SnippetRole = Qt::UserRole, FactsRole };

  using QAbstractListModel::QAbstractListModel;

  int rowCount(const QModelIndex& parent = {}) const override;
  /// DisplayRole: the title of the session or the name of the document. SnippetRole:
  /// EmphasisedText. FactsRole: "Answer · Yesterday". AccessibleTextRole: all of it.
  QVariant data(const QModelIndex& index, int role) const override;

  void setHits(std::vector<SearchHit> hits);
  const SearchHit& at(int row) const { return hits_[static_cast<std::size_t>(row)]; }

 private:
  std::vector<SearchHit> hits_;
};

}  // namespace vl

Q_DECLARE_METATYPE(vl::EmphasisedText)
