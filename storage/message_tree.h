#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "inference/base/result.h"
#include "storage/database.h"
#include "storage/records.h"

namespace vl {

/// The messages of a session are a tree: an edited question and an answer that was given again
/// stand beside the one before. What is shown is the path from the root to the session's leaf. A
/// message has a higher position than its parent, so walks end whatever a damaged file says.
///
/// Each of these requires an open transaction for writing.

/// Where a message is to be put.
struct TreePlace {
  SessionId session{};
  std::optional<MessageId> parent;  // none: it begins the session
};

/// Below the leaf. Error: NotFound.
Result<TreePlace> placeAtEnd(Database& database, SessionId session);
/// With the same parent as `sibling`. Error: NotFound.
Result<TreePlace> placeBeside(Database& database, MessageId sibling);

/// Makes the message the session's leaf, too, and updates the session.
Result<MessageId> insertMessage(Database& database, const TreePlace& place, MessageRole role,
                                MessageState state, std::string_view raw, std::int64_t nowMs);

/// Shows the path that ends with the latest message below `message`. Error: NotFound.
Status showBranchOf(Database& database, MessageId message);

/// Removes the message and all below it; the path then ends with its parent.
/// Error: NotFound.
Status removeBranch(Database& database, MessageId message);

}  // namespace vl
