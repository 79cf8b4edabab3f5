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

/// A place in the history where something was found: in a session, or in a document that is read.
struct SearchHit {
  enum class Where { Title, Question, Answer, Label, FileName, Document, Page };
  Where where = Where::Title;
  std::optional<SessionId> session;
  std::optional<MessageId> message;  // of the session; none: its title
  std::optional<ReadingId> reading;
  std::optional<std::size_t> page;  // of the document, counted from 0; none: its name
  std::string title;                // of the session, or name of the document
  Snippet snippet;
  /// Of the message; of a page, when reading began; otherwise of the last update.
  Timestamp time;
};

/// Sessions by their titles and documents by their names, the last updated first; then messages by
/// their text, the labels of their boxes and the names of their images, and pages of documents by
/// their text, the newest first. In all branches; at most one hit per message,
/// kMostPagesOfADocument per document and `most` in all. What lies in the trash is not found. A
/// query without a word finds nothing. Looks at `stop` between two hits and then returns what there
/// is. Errors: as Database::execute; Unsupported (SQLite without FTS5).
inline constexpr std::size_t kMostPagesOfADocument = 10;  // its own window finds the others
Result<std::vector<SearchHit>> searchHistory(Database& database, std::string_view typed,
                                             std::size_t most, const std::stop_token& stop);

}  // namespace vl
