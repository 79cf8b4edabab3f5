#include "ui/chat/prompt_turns.h"

#include <utility>

namespace vl {

std::vector<ChatMessage> chatMessages(std::span<const ConversationItem> items,
                                      const std::string& systemPrompt) {
  std::vector<ChatMessage> messages;
  if (!systemPrompt.empty()) messages.push_back(textMessage(ChatRole::System, systemPrompt));
  for (const ConversationItem& item : items) {
    if (item.isQuestion()) {
      messages.push_back(userMessage(item.imagePaths, item.message.raw));
    } else if (!item.message.raw.empty()) {
      messages.push_back(textMessage(ChatRole::Assistant, item.message.raw));
    }
  }
  return messages;
}

std::vector<MeteredTurn> meteredTurns(std::span<const ConversationItem> items,
                                      const std::string& systemPrompt) {
  std::vector<MeteredTurn> turns;
  if (!systemPrompt.empty()) turns.push_back({ChatRole::System, systemPrompt, {}});
  for (const ConversationItem& item : items) {
    if (!item.isQuestion() && item.message.raw.empty()) continue;
    MeteredTurn turn{
        item.isQuestion() ? ChatRole::User : ChatRole::Assistant, item.message.raw, {}};
    for (const Attachment& attachment : item.message.attachments) {
      turn.images.push_back(attachment.image.size);
    }
    turns.push_back(std::move(turn));
  }
  return turns;
}

}  // namespace vl
