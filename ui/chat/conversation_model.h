#pragma once

#include <QAbstractListModel>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "ui/chat/conversation_item.h"

namespace vl {

/// The messages of the session that is shown, oldest first.
class ConversationModel final : public QAbstractListModel {
  Q_OBJECT
 public:
  using QAbstractListModel::QAbstractListModel;

  int rowCount(const QModelIndex& parent = {}) const override;
  /// DisplayRole: the raw text.
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

  const ConversationItem& at(int row) const { return items_[static_cast<std::size_t>(row)]; }
  const std::vector<ConversationItem>& items() const { return items_; }
  std::optional<int> rowOf(MessageId message) const;

  void setItems(std::vector<ConversationItem> items);
  void append(ConversationItem item);
  void change(int row, const std::function<void(ConversationItem&)>& change);
  void removeFrom(int row);
  /// Marks the message before which nothing is read; none: everything is.
  void setContextStart(std::optional<MessageId> message);

 private:
  void markLast();
  std::vector<ConversationItem> items_;
};

}  // namespace vl
