#include "storage/history_database.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <system_error>
#include <utility>

#include "storage/migrations.h"
#include "storage/search_index.h"

namespace vl {

namespace fs = std::filesystem;

namespace {

/// Distinguishes an empty file, ours, and what we must not touch.
Status refuseForeignVersions(Database& database) {
  Result<std::int64_t> version = database.queryInteger("PRAGMA user_version");
  if (!version) return version.error();
  Result<std::int64_t> application = database.queryInteger("PRAGMA application_id");
  if (!application) return application.error();
  Result<std::int64_t> objects = database.queryInteger("SELECT count(*) FROM sqlite_schema");
  if (!objects) return objects.error();

  const std::string name = "The history " + database.file().string();
  if (*version == 0 && *application == 0 && *objects == 0) return {};
  if (*application != kApplicationId) {
    return Error{ErrorCode::Unsupported,
                 name + " is a database of another program; it was left as it is."};
  }
  if (*version > newestVersion()) {
    return Error{ErrorCode::Unsupported,
                 name + " was written by a newer version of this app (format " +
                     std::to_string(*version) + ", this version reads up to " +
                     std::to_string(newestVersion()) +
                     "); it was left as it is. Start the newer version, or use another folder."};
  }
  if (*version < 1) {
    return Error{ErrorCode::Corrupt,
                 name + " is damaged: its format number is " + std::to_string(*version) + "."};
  }
  return {};
}

Status checkIntegrity(Database& database) {
  Result<Statement> check = database.prepare("PRAGMA quick_check(1)");
  if (!check) return check.error();
  Result<bool> row = check->step();
  if (!row) return row.error();
  const std::string finding = *row ? check->text(0) : "no answer";
  if (finding == "ok") return {};
  return Error{ErrorCode::Corrupt,
               "The history " + database.file().string() + " is damaged: " + finding + "."};
}

/// A file can be a sound database and lack our tables. SQLite finds that out when it compiles
/// statements; these name every column that is used.
Status checkSchema(Database& database) {
  constexpr std::array kQueries = {
      "SELECT id, title, model_folder, model_name, system_prompt, created_ms, updated_ms,"
      " context_start, tiling, leaf_id, deleted_ms, folder_id, pinned FROM sessions",
      "SELECT id, session_id, parent_id, position, role, state, raw, error, created_ms"
      " FROM messages",
      "SELECT message_id, stop_reason, seed, prompt_tokens, image_tokens, reused_tokens,"
      " completion_tokens, tiles, image_ms, vision_ms, prefill_ms, first_token_ms, decode_ms"
      " FROM answer_summaries",
      "SELECT sha256, width, height, bytes, media_type FROM images",
      "SELECT message_id, ordinal, image_sha256, file_name FROM attachments",
      "SELECT message_id, ordinal, label, image_index, x1, y1, x2, y2 FROM boxes",
      "SELECT message_id FROM box_edits",
      "SELECT message_id, ordinal, label, image_index, x1, y1, x2, y2 FROM edited_boxes",
      "SELECT image_sha256, parent_sha256, x, y, width, height FROM crops",
      "SELECT session_id, temperature, top_p, min_p, top_k, repetition_penalty, seed, max_tokens,"
      " context_tokens, threads FROM answer_settings",
      "SELECT id, session_id, text FROM drafts",
      "SELECT draft_id, ordinal, image_sha256, file_name FROM draft_images",
      "SELECT id, name FROM folders",
      "SELECT text FROM search_index",
      "SELECT title FROM title_index",
      "SELECT text FROM document_index",
      "SELECT id, file_name, sha256, bytes, created_ms, updated_ms FROM readings",
      "SELECT reading_id, page, state, source, text, error FROM reading_pages",
  };
  for (const char* query : kQueries) {
    if (Result<Statement> statement = database.prepare(query); !statement) {
      return statement.error();
    }
  }
  return {};
}

Result<Database> openChecked(const fs::path& file, FolderUse use) {
  Result<Database> database = Database::open(file);
  if (!database) return database.error();
  // Nothing has been written so far, so that what is refused here stays as it is.
  if (Status ours = refuseForeignVersions(*database); !ours) return ours.error();
  if (use == FolderUse::Alone) {  // otherwise the store that was first has done it
    if (Status sound = checkIntegrity(*database); !sound) return sound.error();
  }
  if (Status logged = database->useWriteAheadLog(); !logged) return logged.error();
  if (Status migrated = migrate(*database); !migrated) return migrated.error();
  if (Status complete = checkSchema(*database); !complete) return complete.error();
  if (Status kept = keepSearchIndex(*database); !kept) return kept.error();
  return database;
}

/// Creates damaged-<time, UTC>, or damaged-<time>-2 and so on: never one that exists.
Result<fs::path> createDamagedFolder(const fs::path& dataFolder) {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 32> time{};
  std::strftime(time.data(), time.size(), "%Y%m%d-%H%M%S", &utc);

  const std::string name = "damaged-" + std::string(time.data());
  for (int attempt = 1; attempt <= 100; ++attempt) {
    const fs::path folder =
        dataFolder / (attempt == 1 ? name : name + "-" + std::to_string(attempt));
    std::error_code failure;
    if (fs::create_directory(folder, failure)) return folder;
    if (failure) {
      return Error{ErrorCode::Io, folder.string() + ": " + failure.message() + "."};
    }
  }
  return Error{ErrorCode::Io, dataFolder.string() + " is full of damaged histories."};
}

Status moveIfPresent(const fs::path& from, const fs::path& folder) {
  std::error_code failure;
  fs::rename(from, folder / from.filename(), failure);
  if (!failure || failure == std::errc::no_such_file_or_directory) return {};
  return Error{ErrorCode::Io, from.string() + ": " + failure.message() + "."};
}

/// Returns the new place of the database.
Result<fs::path> setAside(const fs::path& dataFolder) {
  Result<fs::path> folder = createDamagedFolder(dataFolder);
  if (!folder) return folder.error();
  const fs::path database = historyDatabasePath(dataFolder);
  // The database comes last. Were it first and this process to die, the log would be left without
  // its database, and SQLite would delete it.
  for (const fs::path& file :
       {fs::path(database.string() + "-wal"), fs::path(database.string() + "-shm"),
        historyImagesPath(dataFolder), historyDocumentsPath(dataFolder), database}) {
    if (Status moved = moveIfPresent(file, *folder); !moved) return moved.error();
  }
  return *folder / database.filename();
}

}  // namespace

fs::path historyDatabasePath(const fs::path& dataFolder) { return dataFolder / "history.db"; }
fs::path historyImagesPath(const fs::path& dataFolder) { return dataFolder / "images"; }
fs::path historyDocumentsPath(const fs::path& dataFolder) { return dataFolder / "documents"; }
fs::path historyLockPath(const fs::path& dataFolder) { return dataFolder / "history.lock"; }

Result<HistoryDatabase> openHistoryDatabase(const fs::path& dataFolder, FolderUse use) {
  const fs::path file = historyDatabasePath(dataFolder);
  Result<Database> database = openChecked(file, use);
  if (database) return HistoryDatabase{std::move(*database), std::nullopt};
  if (database.error().code != ErrorCode::Corrupt || use == FolderUse::Shared) {
    return database.error();
  }

  Result<fs::path> moved = setAside(dataFolder);
  if (!moved) {
    return Error{ErrorCode::Io,
                 database.error().what + " It could not be set aside: " + moved.error().what};
  }
  Result<Database> fresh = openChecked(file, use);
  if (!fresh) return fresh.error();
  return HistoryDatabase{std::move(*fresh), SetAsideHistory{*moved, database.error().what}};
}

}  // namespace vl
