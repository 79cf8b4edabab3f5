#pragma once

#include <cstdint>
#include <span>

#include "inference/base/result.h"
#include "storage/database.h"

namespace vl {

/// Marks our files in SQLite's header (PRAGMA application_id): "VL2D" in ASCII.
inline constexpr std::int64_t kApplicationId = 0x564c3244;

/// One step of the schema. Released steps never change; a new schema is a new step at the end.
struct Migration {
  std::int64_t version;  // PRAGMA user_version after it
  const char* sql;
};

/// All steps, oldest first; an empty file is version 0.
std::span<const Migration> migrations();
std::int64_t newestVersion();

/// Runs the steps that the file has not seen yet, each in a transaction of its own together with
/// the new user_version: whatever happens, the file is at one of the versions and never between
/// two. Errors: as Database::execute; the file stays at the last version that was reached.
Status migrate(Database& database, std::span<const Migration> steps = migrations());

}  // namespace vl
