#pragma once

#include <QAbstractListModel>
#include <cstddef>
#include <set>

namespace vl {

class DocumentReading;

/// The pages of a document that is read, with how far each is; some may be marked as found.
class ReadingPageModel final : public QAbstractListModel {
  Q_OBJECT
 public:
  /// The reading outlives the model.
  explicit ReadingPageModel(DocumentReading& reading, QObject* parent = nullptr);

  void setFound(std::set<std::size_t> found);

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;

 private:
  QString stateOf(std::size_t index) const;
  QIcon iconOf(std::size_t index) const;

  DocumentReading& reading_;
  std::set<std::size_t> found_;
};

}  // namespace vl
