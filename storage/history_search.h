#pragma once

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "inference/base/result.h"
#include "storage/database.h"
#include "storage/records.h"
#include "storage/search_query.h"

namespace vl {

/// A place in the history where something was found.
struct SearchHit {
  enum class Where { Title, Question, Answer, Label, FileName };
  Where where = Where::Title;
  SessionId session{};
  std::optional<MessageId> message;  // none: the title of the session
  std::string title;                 // of the session
  Snippet snippet;
  Timestamp time;  // of the message; of a title, when the session was updated last
};

/// Sessions by their titles, the last updated first, then messages by their text, the labels of
/// their boxes and the names of their images, the newest first: in all branches, at most one hit
/// per message and `most` in all. What lies in the trash is not found. A query without a word finds
/// nothing. Looks at `stop` between two hits and then returns what there is.
/// Errors: as Database::execute; Unsupported (SQLite without FTS5).
Result<std::vector<SearchHit>> searchHistory(Database& database, std::string_view typed,
                                             std::size_t most, const std::stop_token& stop);

}  // namespace vl
