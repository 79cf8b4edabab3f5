#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "inference/base/result.h"
#include "storage/database.h"
#include "storage/records.h"

namespace vl {

/// A session with all of its branches, apart from any database: messages name each other by their
/// places in the list.
struct SessionTree {
  struct Node {
    StoredMessage message;              // without siblings; its id says nothing elsewhere
    std::optional<std::size_t> parent;  // comes before it; none: it begins the session
  };

  SessionRecord session;  // without folder; its context has no start
  std::vector<Node> messages;
  std::optional<std::size_t> contextStart;
  std::optional<std::size_t> shown;  // the last message of the branch that is shown
};

/// Errors: NotFound; as Database::execute.
Result<SessionTree> readSessionTree(Database& database, SessionId session);

/// Adds it as a new session in one transaction. Its images have been imported, or their files are
/// known to be missing. Requires places as above.
/// Errors: InvalidArgument (a coordinate outside 0..999); as Database::execute.
Result<SessionId> insertSessionTree(Database& database, const SessionTree& tree);

}  // namespace vl
