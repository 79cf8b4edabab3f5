#pragma once

#include <span>
#include <string>
#include <vector>

#include "inference/engine/request.h"
#include "ui/chat/conversation_item.h"
#include "ui/composer/prompt_meter.h"

namespace vl {

/// A conversation as the engine takes it. An answer of which there is nothing is left out.
std::vector<ChatMessage> chatMessages(std::span<const ConversationItem> items,
                                      const std::string& systemPrompt);

/// The same as the meter counts it.
std::vector<MeteredTurn> meteredTurns(std::span<const ConversationItem> items,
                                      const std::string& systemPrompt);

}  // namespace vl
