#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "inference/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace vl {

/// The largest text or row SQLite may hand us. No message comes near it; a hostile database must
/// not make us allocate SQLite's default of 1 GB.
inline constexpr int kMaxValueBytes = 64 << 20;

/// One prepared SQL statement. Parameters are numbered from 1 and columns from 0, as in SQLite.
/// Text is stored byte for byte, also with NUL bytes or invalid UTF-8 in it.
/// Belongs to the thread of its Database and should not outlive it.
class Statement {
 public:
  /// Binds the parameter for the next run. A bind that fails (value over kMaxValueBytes, no memory)
  /// is reported by the following step() or run(), so that calls can be written one after another.
  void bind(int parameter, std::int64_t value);
  void bind(int parameter, double value);
  void bind(int parameter, std::string_view text);
  void bindNull(int parameter);

  /// Binds the parameters 1, 2, 3, ... in this order.
  template <typename... Values>
  void bindAll(const Values&... values) {
    int parameter = 0;
    (bind(++parameter, values), ...);
  }

  /// Moves to the next row: true when there is one, false after the last.
  /// Errors: as Database::execute.
  Result<bool> step();

  /// Runs a statement whose rows, if any, are of no interest, and makes it ready to be bound and
  /// run again.
  Status run();

  /// Makes the statement ready to be run again; bound values stay.
  void reset();

  /// Values of the current row, after a step() that returned true. A value of another type is
  /// converted as SQLite does, so that a damaged row is read as something and never crashes.
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  bool isNull(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  void noteBind(int code);

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  std::optional<Error> bindError_;  // the first one since the last step
};

/// One connection to one SQLite file.
/// Not thread-safe: one connection per thread. Several connections, also of several processes, may
/// have the same file open; a writer waits for another one for up to five seconds.
class Database {
 public:
  /// Opens the file, or creates an empty one, without changing anything in it yet. Foreign keys are
  /// enforced, the schema of the file is not trusted, and closing leaves the write-ahead log alone
  /// until useWriteAheadLog() was called.
  /// Errors: Io (folder missing or not writable, no permission), Corrupt (not a database).
  static Result<Database> open(const std::filesystem::path& file);

  /// Switches to write-ahead logging with synchronous=NORMAL. A transaction survives the death of
  /// the process, kill -9 included, as soon as it is committed: the log is then in the kernel.
  /// After a power cut the file is whole, but the transactions of the last seconds may be missing;
  /// an fsync per commit (FULL) would buy those at the price of stalls on slow disks while an
  /// answer streams, in the thread that paints.
  Status useWriteAheadLog();

  /// Lets triggers use virtual tables, which is more than a schema should that may be hostile: to
  /// be called for a file whose schema was looked at.
  void trustSchema();

  /// Runs one or several statements without parameters, and drops their rows.
  /// Errors: Io (full disk, no permission, locked by another program for too long), Corrupt (the
  /// file is damaged or lacks a table we expect), InvalidArgument (a constraint, a value too
  /// large), OutOfMemory, Internal.
  Status execute(const std::string& sql);

  /// Requires exactly one statement. Errors: as execute.
  Result<Statement> prepare(std::string_view sql);

  /// The first column of the only row, for PRAGMA and count(*). Errors: as execute; Corrupt when
  /// there is no row.
  Result<std::int64_t> queryInteger(std::string_view sql);

  /// Of the last INSERT.
  std::int64_t lastInsertId() const;
  /// Rows that the last INSERT, UPDATE or DELETE touched, without those of cascades.
  std::int64_t changedRows() const;

  bool inTransaction() const;
  const std::filesystem::path& file() const { return file_; }

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  Database(sqlite3* connection, std::filesystem::path file);

  std::unique_ptr<sqlite3, Close> connection_;
  std::filesystem::path file_;
};

/// Rolls back unless commit() succeeded. Does not nest; must not outlive its Database or see it
/// moved.
class Transaction {
 public:
  /// For writing: takes the write lock at once, so that what is read inside stays true until the
  /// commit. Errors: as Database::execute.
  static Result<Transaction> begin(Database& database);
  /// For several reads that must agree with each other while others write. Ends without a commit.
  static Result<Transaction> beginSnapshot(Database& database);

  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  /// On failure nothing of the transaction is kept. Errors: as Database::execute.
  Status commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  static Result<Transaction> begin(Database& database, const char* sql);

  Database* database_;  // null once it is committed or moved from
};

}  // namespace vl
