#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inference/base/result.h"
#include "storage/database.h"
#include "storage/records.h"

namespace vl {

/// The reading half of SessionStore; see there.
Result<std::vector<SessionRecord>> readSessions(Database& database);
Result<std::vector<SessionRecord>> readTrash(Database& database);
Result<StoredSession> readSession(Database& database, SessionId id);
/// Its messages of all branches, in the order written, without siblings. Requires an open
/// transaction.
Result<StoredSession> readAllBranches(Database& database, SessionId id);

/// Columns: sha256, width, height, bytes, media_type from `first` on; none: impossible ones.
std::optional<ImageRecord> imageFrom(const Statement& row, int first);
Error damagedRow(const Database& database, const std::string& finding);

}  // namespace vl
