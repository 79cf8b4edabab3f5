#pragma once

#include <vector>

#include "inference/base/result.h"
#include "storage/database.h"
#include "storage/records.h"

namespace vl {

/// The reading half of SessionStore; see there.
Result<std::vector<SessionRecord>> readSessions(Database& database);
Result<std::vector<SessionRecord>> readTrash(Database& database);
Result<StoredSession> readSession(Database& database, SessionId id);

}  // namespace vl
