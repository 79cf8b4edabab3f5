#pragma once

#include <QString>
#include <cstddef>
#include <filesystem>
#include <vector>

#include "ui/widgets/record_ids.h"

namespace vl {

/// A message as the window shows it: what is stored, and what only holds while it is being shown.
struct ConversationItem {
  StoredMessage message;
  std::vector<std::filesystem::path> imagePaths;  // one per attachment; empty: the file is missing
  std::size_t firstImage = 0;  // index of its first attachment among the conversation's images
  QString activity;            // of an answer being written: "Reading the prompt: ..."
  double activityDone = -1;    // 0..1; negative: cannot be known
  bool isLast = false;         // can be tried again or taken back
  bool beginsContext = false;  // the model does not read what is before it

  bool isQuestion() const { return message.role == MessageRole::User; }
  bool isRunning() const { return message.state == MessageState::Streaming; }
  /// Whether the answer was cut off and the model can go on with it.
  bool canContinue() const {
    const bool cut = message.state == MessageState::Stopped ||
                     (message.summary && message.summary->end == AnswerEnd::TokenLimit);
    return isLast && !isQuestion() && !isRunning() && cut && !message.raw.empty();
  }
};

}  // namespace vl
