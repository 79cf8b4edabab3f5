#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "inference/base/result.h"
#include "storage/database.h"

namespace vl {

/// Names inside a data folder.
std::filesystem::path historyDatabasePath(const std::filesystem::path& dataFolder);
std::filesystem::path historyImagesPath(const std::filesystem::path& dataFolder);
std::filesystem::path historyDocumentsPath(const std::filesystem::path& dataFolder);
std::filesystem::path historyLockPath(const std::filesystem::path& dataFolder);

/// A history that could not be read, and where it is now.
struct SetAsideHistory {
  std::filesystem::path file;  // the database; its -wal, -shm and images lie beside it
  std::string reason;          // a sentence: what was wrong with it
};

struct HistoryDatabase {
  Database database;
  std::optional<SetAsideHistory> setAside;
};

/// Whether other stores may have the folder open, so that its files must stay where they are.
enum class FolderUse { Alone, Shared };

/// Opens the folder's database at the newest version of the schema, ready for use.
///
/// Alone: the file is checked (SQLite's quick_check, about 0.1 s per 100 MB). One that is damaged
/// moves, together with its log and its images, into a new folder damaged-<time> beside it, and a
/// fresh one is begun. Such a folder is a data folder again once the database in it is repaired.
///
/// Errors: Unsupported (a newer version of the app wrote it, or another program did; the file is
/// unchanged); Corrupt (damaged, and the folder is Shared); Io.
Result<HistoryDatabase> openHistoryDatabase(const std::filesystem::path& dataFolder, FolderUse use);

}  // namespace vl
