#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "inference/base/result.h"
#include "storage/database.h"
#include "storage/records.h"

namespace vl {

/// Folders for sessions and what is pinned; see SessionStore.
Result<std::vector<FolderRecord>> readFolders(Database& database);
Result<FolderRecord> insertFolder(Database& database, std::string_view name);
/// The folder of this name; makes it when there is none. Requires an open transaction for writing.
/// Error: InvalidArgument (no name).
Result<FolderId> folderNamed(Database& database, std::string_view name);
Status renameFolderTo(Database& database, FolderId folder, std::string_view name);
Status removeFolderOnly(Database& database, FolderId folder);
Status setSessionFolder(Database& database, SessionId session, std::optional<FolderId> folder);
Status setSessionPinned(Database& database, SessionId session, bool pinned);

}  // namespace vl
