#include "storage/session_folders.h"

#include <string>

#include "storage/sql.h"

namespace vl {

namespace {

Error noSuchFolder() { return {ErrorCode::NotFound, "This folder is no longer in the history."}; }

/// Runs the statement, which has to touch a row.
Status runOnRow(Database& database, Statement& statement, const Error& missing) {
  if (Status done = statement.run(); !done) return done;
  if (database.changedRows() == 0) return missing;
  return {};
}

/// Which folder has the name, if any. Error: InvalidArgument (no name).
Result<std::optional<FolderId>> holderOf(Database& database, std::string_view name) {
  if (name.find_first_not_of(' ') == name.npos) {
    return Error{ErrorCode::InvalidArgument, "A folder needs a name."};
  }
  Result<Statement> query = database.prepare("SELECT id FROM folders WHERE name = ?");
  if (!query) return query.error();
  query->bindAll(name);
  Result<bool> found = query->step();
  if (!found) return found.error();
  return *found ? std::optional(FolderId{query->integer(0)}) : std::nullopt;
}

/// Requires an open transaction for writing: the name is still free when it is written.
Status checkName(Database& database, std::string_view name, std::optional<FolderId> itself) {
  const Result<std::optional<FolderId>> holder = holderOf(database, name);
  if (!holder) return holder.error();
  if (!*holder || *holder == itself) return {};
  return Error{ErrorCode::InvalidArgument,
               "There is a folder \"" + std::string(name) + "\" already."};
}

Result<FolderId> insertRow(Database& database, std::string_view name) {
  Result<Statement> insert = database.prepare("INSERT INTO folders (name) VALUES (?)");
  if (!insert) return insert.error();
  insert->bindAll(name);
  if (Status inserted = insert->run(); !inserted) return inserted.error();
  return FolderId{database.lastInsertId()};
}

}  // namespace

Result<std::vector<FolderRecord>> readFolders(Database& database) {
  Result<Statement> query = database.prepare("SELECT id, name FROM folders ORDER BY id");
  if (!query) return query.error();
  std::vector<FolderRecord> folders;
  for (;;) {
    Result<bool> found = query->step();
    if (!found) return found.error();
    if (!*found) return folders;
    folders.push_back({FolderId{query->integer(0)}, query->text(1)});
  }
}

Result<FolderRecord> insertFolder(Database& database, std::string_view name) {
  Result<Transaction> transaction = Transaction::begin(database);
  if (!transaction) return transaction.error();
  if (Status free = checkName(database, name, std::nullopt); !free) return free.error();
  const Result<FolderId> folder = insertRow(database, name);
  if (!folder) return folder.error();
  if (Status committed = transaction->commit(); !committed) return committed.error();
  return FolderRecord{*folder, std::string(name)};
}

Result<FolderId> folderNamed(Database& database, std::string_view name) {
  const Result<std::optional<FolderId>> holder = holderOf(database, name);
  if (!holder) return holder.error();
  return *holder ? Result<FolderId>(**holder) : insertRow(database, name);
}

Status renameFolderTo(Database& database, FolderId folder, std::string_view name) {
  Result<Transaction> transaction = Transaction::begin(database);
  if (!transaction) return transaction.error();
  if (Status free = checkName(database, name, folder); !free) return free;
  Result<Statement> update = database.prepare("UPDATE folders SET name = ? WHERE id = ?");
  if (!update) return update.error();
  update->bindAll(name, row(folder));
  if (Status done = runOnRow(database, *update, noSuchFolder()); !done) return done;
  return transaction->commit();
}

Status removeFolderOnly(Database& database, FolderId folder) {
  Result<Statement> remove = database.prepare("DELETE FROM folders WHERE id = ?");
  if (!remove) return remove.error();
  remove->bindAll(row(folder));
  return runOnRow(database, *remove, noSuchFolder());
}

Status setSessionFolder(Database& database, SessionId session, std::optional<FolderId> folder) {
  Result<Statement> update = database.prepare(
      "UPDATE sessions SET folder_id = ?1"
      " WHERE id = ?2 AND (?1 IS NULL OR EXISTS (SELECT 1 FROM folders WHERE id = ?1))");
  if (!update) return update.error();
  bindOptional(*update, 1, folder);
  update->bind(2, row(session));
  return runOnRow(database, *update, folder ? noSuchFolder() : noSuchSession());
}

Status setSessionPinned(Database& database, SessionId session, bool pinned) {
  Result<Statement> update = database.prepare("UPDATE sessions SET pinned = ? WHERE id = ?");
  if (!update) return update.error();
  update->bindAll(std::int64_t{pinned}, row(session));
  return runOnRow(database, *update, noSuchSession());
}

}  // namespace vl
