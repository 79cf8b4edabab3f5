#pragma once

#include "inference/base/result.h"
#include "storage/database.h"

namespace vl {

/// From now on whatever this connection writes, cascading deletions included, is written to the
/// search index in the same transaction. Every connection that writes needs it: the triggers belong
/// to the connection. For them the schema of the file is trusted from now on, so that a file with
/// triggers or views of its own, which none of ours has, is refused.
/// Errors: Corrupt (such a file, or one that lacks a table); as Database::execute.
Status keepSearchIndex(Database& database);

}  // namespace vl
