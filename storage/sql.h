#pragma once

#include <bit>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "storage/database.h"
#include "storage/records.h"

// What the statements of the history share: values as its rows have them, running a statement in
// one go, and that a session is not there.

namespace vl {

/// The rowid that an id stands for.
template <typename Id>
std::int64_t row(Id id) {
  return static_cast<std::int64_t>(id);
}

/// All 64 bits; SQLite knows no unsigned integers.
inline std::int64_t stored(std::uint64_t count) { return std::bit_cast<std::int64_t>(count); }

/// Milliseconds since 1970, as times are stored.
inline std::int64_t ms(Timestamp time) { return time.time_since_epoch().count(); }
inline Timestamp timestamp(std::int64_t ms) { return Timestamp(std::chrono::milliseconds(ms)); }
inline std::int64_t nowMs() {
  const auto now = std::chrono::system_clock::now();
  return ms(std::chrono::time_point_cast<std::chrono::milliseconds>(now));
}

/// None is NULL.
template <typename Id>
void bindOptional(Statement& statement, int parameter, std::optional<Id> id) {
  if (id) {
    statement.bind(parameter, row(*id));
  } else {
    statement.bindNull(parameter);
  }
}

/// Prepares, binds and runs a statement. Errors: as Database::execute.
template <typename... Values>
Status run(Database& database, std::string_view sql, const Values&... values) {
  Result<Statement> statement = database.prepare(sql);
  if (!statement) return statement.error();
  statement->bindAll(values...);
  return statement->run();
}

inline Error noSuchSession() {
  return {ErrorCode::NotFound, "This session is no longer in the history."};
}

}  // namespace vl
