#include "storage/reading_store.h"

#include <bit>
#include <set>
#include <system_error>
#include <utility>

#include "storage/history_database.h"
#include "storage/sql.h"
#include "storage/stored_names.h"

namespace vl {

namespace fs = std::filesystem;

namespace {

Error noSuchReading() {
  return {ErrorCode::NotFound, "This document is no longer in the history."};
}

constexpr std::string_view kSelectReadings =
    "SELECT id, file_name, sha256, bytes, created_ms, updated_ms,"
    " (SELECT count(*) FROM reading_pages WHERE reading_id = id),"
    " (SELECT count(*) FROM reading_pages WHERE reading_id = id AND state = 'waiting')"
    " FROM readings";

ReadingRecord readingFrom(const Statement& row) {
  ReadingRecord reading;
  reading.id = ReadingId{row.integer(0)};
  reading.fileName = row.text(1);
  reading.sha256 = Sha256::fromHex(row.text(2)).value_or(Sha256{});
  reading.bytes = std::bit_cast<std::uint64_t>(row.integer(3));
  reading.created = timestamp(row.integer(4));
  reading.updated = timestamp(row.integer(5));
  reading.pages = static_cast<std::size_t>(row.integer(6));
  reading.waiting = static_cast<std::size_t>(row.integer(7));
  return reading;
}

ReadingPage pageFrom(const Statement& row) {
  ReadingPage page;
  page.page = static_cast<std::size_t>(row.integer(0));
  page.state = pageStateFrom(row.text(1)).value_or(PageState::Failed);
  page.source = pageSourceFrom(row.text(2));
  page.text = row.text(3);
  page.error = row.text(4);
  return page;
}

}  // namespace

ReadingStore::ReadingStore(StoreLock lock, Database database, ImageFiles documents)
    : lock_(std::move(lock)), database_(std::move(database)), documents_(std::move(documents)) {}

Result<ReadingStore> ReadingStore::open(const fs::path& dataFolder) {
  Result<StoreLock> lock = StoreLock::acquire(historyLockPath(dataFolder));
  if (!lock) return lock.error();
  Result<HistoryDatabase> history = openHistoryDatabase(dataFolder, FolderUse::Shared);
  if (!history) return history.error();
  if (Status shared = lock->share(); !shared) return shared.error();
  return ReadingStore(std::move(*lock), std::move(history->database),
                      ImageFiles(historyDocumentsPath(dataFolder)));
}

Result<ReadingRecord> ReadingStore::begin(const fs::path& file, std::string_view fileName,
                                          std::span<const std::size_t> pages) {
  // A removal of the same document may come between copying and noting; then it is copied again.
  for (;;) {
    const Result<StoredFile> copy = documents_.add(file);
    if (!copy) return copy.error();
    Result<Transaction> transaction = Transaction::begin(database_);
    if (!transaction) return transaction.error();
    if (!documents_.check(copy->sha256, copy->bytes)) continue;
    const std::int64_t now = nowMs();
    const Result<ReadingId> reading = insert(*copy, fileName, pages, now);
    if (!reading) return reading.error();
    if (Status committed = transaction->commit(); !committed) return committed.error();
    return ReadingRecord{*reading,     std::string(fileName), copy->sha256,   copy->bytes,
                         pages.size(), pages.size(),          timestamp(now), timestamp(now)};
  }
}

Result<ReadingId> ReadingStore::insert(const StoredFile& file, std::string_view fileName,
                                       std::span<const std::size_t> pages, std::int64_t now) {
  Status inserted = run(database_,
                        "INSERT INTO readings (file_name, sha256, bytes, created_ms, updated_ms)"
                        " VALUES (?, ?, ?, ?, ?)",
                        fileName, file.sha256.hex(), stored(file.bytes), now, now);
  if (!inserted) return inserted.error();
  const ReadingId reading{database_.lastInsertId()};
  Result<Statement> insert = database_.prepare(
      "INSERT INTO reading_pages (reading_id, page, state, source, text, error)"
      " VALUES (?, ?, 'waiting', '', '', '')");
  if (!insert) return insert.error();
  for (const std::size_t page : pages) {
    insert->bindAll(row(reading), static_cast<std::int64_t>(page));
    if (Status done = insert->run(); !done) return done.error();
  }
  return reading;
}

Result<std::vector<ReadingRecord>> ReadingStore::list() {
  Result<Statement> query =
      database_.prepare(std::string(kSelectReadings) + " ORDER BY updated_ms DESC, id DESC");
  if (!query) return query.error();
  std::vector<ReadingRecord> readings;
  for (;;) {
    const Result<bool> found = query->step();
    if (!found) return found.error();
    if (!*found) return readings;
    readings.push_back(readingFrom(*query));
  }
}

Result<ReadingRecord> ReadingStore::find(ReadingId reading) {
  Result<Statement> query = database_.prepare(std::string(kSelectReadings) + " WHERE id = ?");
  if (!query) return query.error();
  query->bindAll(row(reading));
  const Result<bool> found = query->step();
  if (!found) return found.error();
  if (!*found) return noSuchReading();
  return readingFrom(*query);
}

Result<std::vector<ReadingPage>> ReadingStore::pages(ReadingId reading) {
  Result<Statement> query = database_.prepare(
      "SELECT page, state, source, text, error FROM reading_pages WHERE reading_id = ?"
      " ORDER BY page");
  if (!query) return query.error();
  query->bindAll(row(reading));
  std::vector<ReadingPage> pages;
  for (;;) {
    const Result<bool> found = query->step();
    if (!found) return found.error();
    if (!*found) break;
    pages.push_back(pageFrom(*query));
  }
  if (pages.empty()) return noSuchReading();
  return pages;
}

Status ReadingStore::savePage(ReadingId reading, const ReadingPage& page) {
  Result<Transaction> transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  Status saved = run(database_,
                     "UPDATE reading_pages SET state = ?, source = ?, text = ?, error = ?"
                     " WHERE reading_id = ? AND page = ?",
                     storedName(page.state), page.source ? storedName(*page.source) : "", page.text,
                     page.error, row(reading), static_cast<std::int64_t>(page.page));
  if (!saved) return saved;
  if (database_.changedRows() == 0) return noSuchReading();
  Status touched =
      run(database_, "UPDATE readings SET updated_ms = ? WHERE id = ?", nowMs(), row(reading));
  if (!touched) return touched;
  return transaction->commit();
}

Status ReadingStore::remove(ReadingId reading) {
  Result<Transaction> transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  Result<Statement> query = database_.prepare(
      "SELECT sha256, (SELECT count(*) FROM readings AS other WHERE other.sha256 = mine.sha256)"
      " FROM readings AS mine WHERE id = ?");
  if (!query) return query.error();
  query->bindAll(row(reading));
  const Result<bool> found = query->step();
  if (!found) return found.error();
  if (!*found) return noSuchReading();
  const std::optional<Sha256> sha256 = Sha256::fromHex(query->text(0));
  const bool isLast = query->integer(1) == 1;
  query->reset();
  Status removed = run(database_, "DELETE FROM readings WHERE id = ?", row(reading));
  if (!removed) return removed;
  // Under the write lock, so that begin() cannot note the file meanwhile. One that cannot be
  // removed now is found when the folder is next opened.
  if (isLast && sha256) (void)documents_.remove(*sha256).has_value();
  return transaction->commit();
}

Result<fs::path> ReadingStore::documentPath(const ReadingRecord& reading) const {
  if (const Status present = documents_.check(reading.sha256, reading.bytes); !present) {
    return Error{present.error().code,
                 "The copy of " + reading.fileName + " in the history is missing or damaged."};
  }
  return documents_.path(reading.sha256);
}

Status removeUnusedDocuments(Database& database, const fs::path& dataFolder) {
  Result<Statement> query = database.prepare("SELECT sha256 FROM readings");
  if (!query) return query.error();
  std::set<std::string> used;
  for (;;) {
    const Result<bool> found = query->step();
    if (!found) return found.error();
    if (!*found) break;
    used.insert(query->text(0));
  }
  const ImageFiles documents(historyDocumentsPath(dataFolder));
  documents.removeLeftovers();
  std::error_code ignored;  // what cannot be looked at or removed is tried again at the next start
  for (fs::recursive_directory_iterator entry(historyDocumentsPath(dataFolder), ignored), end;
       entry != end; entry.increment(ignored)) {
    const std::string name = entry->path().filename().string();
    const std::optional<Sha256> sha256 = Sha256::fromHex(name);
    if (sha256 && !used.contains(name)) (void)documents.remove(*sha256).has_value();
  }
  return {};
}

}  // namespace vl
