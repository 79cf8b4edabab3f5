#include "ui/chat/conversation_model.h"

#include <algorithm>
#include <utility>

namespace vl {

int ConversationModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(items_.size());
}

QVariant ConversationModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount() || role != Qt::DisplayRole) return {};
  return QString::fromStdString(at(index.row()).message.raw);
}

std::optional<int> ConversationModel::rowOf(MessageId message) const {
  // what is being written stands at the end
  const auto found = std::find_if(items_.rbegin(), items_.rend(), [message](const auto& item) {
    return item.message.id == message;
  });
  if (found == items_.rend()) return std::nullopt;
  return static_cast<int>(items_.rend() - found) - 1;
}

void ConversationModel::setItems(std::vector<ConversationItem> items) {
  beginResetModel();
  items_ = std::move(items);
  if (!items_.empty()) items_.back().isLast = true;
  endResetModel();
}

void ConversationModel::append(ConversationItem item) {
  const int row = rowCount();
  beginInsertRows({}, row, row);
  items_.push_back(std::move(item));
  endInsertRows();
  markLast();
}

void ConversationModel::change(int row, const std::function<void(ConversationItem&)>& change) {
  change(items_[static_cast<std::size_t>(row)]);
  emit dataChanged(index(row), index(row));
}

void ConversationModel::removeFrom(int row) {
  if (row >= rowCount()) return;
  beginRemoveRows({}, row, rowCount() - 1);
  items_.erase(items_.begin() + row, items_.end());
  endRemoveRows();
  markLast();
}

void ConversationModel::setContextStart(std::optional<MessageId> message) {
  for (int row = 0; row < rowCount(); ++row) {
    const bool begins = row > 0 && at(row).message.id == message;
    if (at(row).beginsContext == begins) continue;
    change(row, [&](ConversationItem& item) { item.beginsContext = begins; });
  }
}

void ConversationModel::markLast() {
  for (int row = std::max(rowCount() - 2, 0); row < rowCount(); ++row) {
    change(row, [&](ConversationItem& item) { item.isLast = row == rowCount() - 1; });
  }
}

}  // namespace vl
