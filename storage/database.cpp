#include "storage/database.h"

#include <sqlite3.h>

#include <cassert>
#include <new>
#include <utility>

#include "storage/search_tokenizer.h"

namespace vl {

namespace {

constexpr int kBusyTimeoutMs = 5000;

ErrorCode errorCodeOf(int sqliteCode) {
  switch (sqliteCode & 0xff) {  // without the extension in the upper bits
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::Corrupt;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_NOLFS:
      return ErrorCode::Io;
    case SQLITE_NOMEM:
      return ErrorCode::OutOfMemory;
    case SQLITE_TOOBIG:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
      return ErrorCode::InvalidArgument;
    default:
      return ErrorCode::Internal;
  }
}

std::string sentence(const std::filesystem::path& file, int sqliteCode, const char* message) {
  std::string what = "The history " + file.string();
  switch (sqliteCode & 0xff) {
    case SQLITE_FULL:
      return what + " could not be written: the disk is full.";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return what + " is in use by another program.";
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return what + " cannot be opened for writing: " + message + ".";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return what + " is damaged: " + message + ".";
    case SQLITE_TOOBIG:
      return what + " takes texts of at most " + std::to_string(kMaxValueBytes >> 20) + " MiB.";
    default:
      return what + " could not be read or written: " + message + ".";
  }
}

Error errorOf(sqlite3* connection, const std::filesystem::path& file) {
  const int code = sqlite3_extended_errcode(connection);
  return {errorCodeOf(code), sentence(file, code, sqlite3_errmsg(connection))};
}

Error errorOf(sqlite3_stmt* statement) {
  sqlite3* connection = sqlite3_db_handle(statement);
  const char* file = sqlite3_db_filename(connection, "main");
  return errorOf(connection, file != nullptr ? file : "");
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Statement::noteBind(int code) {
  if (code == SQLITE_OK || bindError_) return;
  assert(code != SQLITE_RANGE && code != SQLITE_MISUSE);
  bindError_ = errorOf(statement_.get());
}

void Statement::bind(int parameter, std::int64_t value) {
  noteBind(sqlite3_bind_int64(statement_.get(), parameter, value));
}

void Statement::bind(int parameter, double value) {
  noteBind(sqlite3_bind_double(statement_.get(), parameter, value));
}

void Statement::bind(int parameter, std::string_view text) {
  // An empty view may have a null pointer, which SQLite would take for NULL.
  noteBind(sqlite3_bind_text64(statement_.get(), parameter, text.empty() ? "" : text.data(),
                               text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bindNull(int parameter) {
  noteBind(sqlite3_bind_null(statement_.get(), parameter));
}

Result<bool> Statement::step() {
  if (bindError_) return *std::exchange(bindError_, std::nullopt);
  switch (sqlite3_step(statement_.get())) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default:
      return errorOf(statement_.get());
  }
}

Status Statement::run() {
  Result<bool> row = step();
  while (row && *row) row = step();
  reset();
  if (!row) return row.error();
  return {};
}

void Statement::reset() {
  // The code repeats the failure of the last step, which has been reported.
  sqlite3_reset(statement_.get());
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }

std::string Statement::text(int column) const {
  const bool null = isNull(column);
  const unsigned char* data = sqlite3_column_text(statement_.get(), column);
  if (data == nullptr) {
    if (!null) throw std::bad_alloc();  // the one way in which a conversion to text fails
    return {};
  }
  const int bytes = sqlite3_column_bytes(statement_.get(), column);
  return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(bytes)};
}

bool Statement::isNull(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Database::Database(sqlite3* connection, std::filesystem::path file)
    : connection_(connection), file_(std::move(file)) {}

Result<Database> Database::open(const std::filesystem::path& file) {
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(
      file.c_str(), &connection,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      nullptr);
  Database database(connection, file);  // a failed open has a connection to close, too
  if (connection == nullptr) throw std::bad_alloc();
  if (code != SQLITE_OK) return errorOf(connection, file);

  sqlite3_busy_timeout(connection, kBusyTimeoutMs);
  sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, kMaxValueBytes);
  // What SQLite advises for files that may be hostile (sqlite.org/security.html).
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  Status configured = database.execute("PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;");
  if (!configured) return configured.error();
  if (Status known = SearchTokenizer::registerWith(connection); !known) return known.error();

  // SQLite falls back to reading when it may not write; a history that cannot keep is an error. The
  // first read is also what finds out whether this is a database at all.
  Result<std::int64_t> version = database.queryInteger("PRAGMA user_version");
  if (!version) return version.error();
  if (sqlite3_db_readonly(connection, "main") == 1) {
    return Error{ErrorCode::Io,
                 "The history " + file.string() + " cannot be written: no permission."};
  }
  return database;
}

Status Database::useWriteAheadLog() {
  Result<Statement> mode = prepare("PRAGMA journal_mode = WAL");
  if (!mode) return mode.error();
  Result<bool> row = mode->step();
  if (!row) return row.error();
  if (!*row || mode->text(0) != "wal") {
    return Error{ErrorCode::Io, "The history " + file_.string() +
                                    " lies on a file system without shared memory, which SQLite's "
                                    "write-ahead log needs."};
  }
  mode->reset();
  sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  return execute("PRAGMA synchronous = NORMAL");
}

void Database::trustSchema() {
  sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 1, nullptr);
}

Status Database::execute(const std::string& sql) {
  if (sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) {
    return {};
  }
  return errorOf(connection_.get(), file_);
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      &statement, nullptr);
  if (code == SQLITE_OK) return Statement(statement);
  Error error = errorOf(connection_.get(), file_);
  // Our statements are constants: one that does not fit the file means a file that lost a table.
  if (code == SQLITE_ERROR) error.code = ErrorCode::Corrupt;
  return error;
}

Result<std::int64_t> Database::queryInteger(std::string_view sql) {
  Result<Statement> query = prepare(sql);
  if (!query) return query.error();
  Result<bool> row = query->step();
  if (!row) return row.error();
  if (!*row) {
    return Error{ErrorCode::Corrupt, "The history " + file_.string() + " is damaged: \"" +
                                         std::string(sql) + "\" has no answer."};
  }
  return query->integer(0);
}

std::int64_t Database::lastInsertId() const { return sqlite3_last_insert_rowid(connection_.get()); }

std::int64_t Database::changedRows() const { return sqlite3_changes64(connection_.get()); }

bool Database::inTransaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }

Result<Transaction> Transaction::begin(Database& database) {
  return begin(database, "BEGIN IMMEDIATE");
}

Result<Transaction> Transaction::beginSnapshot(Database& database) {
  return begin(database, "BEGIN");
}

Result<Transaction> Transaction::begin(Database& database, const char* sql) {
  Status begun = database.execute(sql);
  if (!begun) return begun.error();
  return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  // A full disk and the like make SQLite roll back on its own.
  if (database_ == nullptr || !database_->inTransaction()) return;
  const Status rolledBack = database_->execute("ROLLBACK");
  assert(rolledBack.has_value());  // fails only without a transaction
  static_cast<void>(rolledBack);
}

Status Transaction::commit() {
  assert(database_ != nullptr);
  Status committed = database_->execute("COMMIT");
  if (committed) database_ = nullptr;
  return committed;
}

}  // namespace vl
