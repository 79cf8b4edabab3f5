#include "storage/history_search.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "storage/stored_names.h"

namespace vl {

namespace {

constexpr std::size_t kMostTitles = 20;
constexpr std::size_t kSnippetLetters = 160;

Timestamp timestamp(std::int64_t ms) { return Timestamp(std::chrono::milliseconds(ms)); }

class Search {
 public:
  Search(Database& database, const SearchQuery& query, std::size_t most,
         const std::stop_token& stop)
      : database_(database), query_(query), most_(most), stop_(stop) {}

  Result<std::vector<SearchHit>> run() {
    Result<Transaction> snapshot = Transaction::beginSnapshot(database_);
    if (!snapshot) return snapshot.error();
    if (Status found = findTitles(); !found) return found.error();
    if (Status found = findMessages(); !found) return found.error();
    return std::move(hits_);
  }

 private:
  Status findTitles() {
    Result<Statement> query = database_.prepare(
        "SELECT s.id, s.title, s.updated_ms FROM title_index AS t"
        " JOIN sessions AS s ON s.id = t.rowid AND s.deleted_ms IS NULL"
        " WHERE title_index MATCH ?1 ORDER BY s.updated_ms DESC, s.id DESC LIMIT ?2");
    if (!query) return query.error();
    query->bindAll(query_.matchExpression(),
                   static_cast<std::int64_t>(std::min(kMostTitles, most_)));
    while (!stop_.stop_requested()) {
      Result<bool> row = query->step();
      if (!row) return row.error();
      if (!*row) break;
      std::string title = query->text(1);
      Snippet snippet = query_.snippetOf(title, kSnippetLetters);
      hits_.push_back({SearchHit::Where::Title, SessionId{query->integer(0)}, std::nullopt,
                       std::move(title), std::move(snippet), timestamp(query->integer(2))});
    }
    return {};
  }

  /// The index has a row per text, file name and label; those of a message follow each other, the
  /// text last when the newest come first (see migrations.cpp).
  Status findMessages() {
    Result<Statement> query = database_.prepare(
        "SELECT m.id, s.id, s.title, m.role, m.created_ms, i.rowid >> 16 & 3,"
        " CASE i.rowid >> 16 & 3 WHEN 0 THEN m.raw"
        "  WHEN 1 THEN (SELECT file_name FROM attachments"
        "   WHERE message_id = m.id AND ordinal = i.rowid & 0xffff)"
        "  ELSE (SELECT label FROM boxes"
        "   WHERE message_id = m.id AND ordinal = i.rowid & 0xffff) END"
        " FROM search_index AS i"
        " JOIN messages AS m ON m.id = i.rowid >> 18"
        " JOIN sessions AS s ON s.id = m.session_id AND s.deleted_ms IS NULL"
        " WHERE search_index MATCH ?1 ORDER BY i.rowid DESC");
    if (!query) return query.error();
    query->bindAll(query_.matchExpression());
    while (!stop_.stop_requested()) {
      Result<bool> row = query->step();
      if (!row) return row.error();
      if (!*row) break;
      SearchHit hit{whereOf(*query),
                    SessionId{query->integer(1)},
                    MessageId{query->integer(0)},
                    query->text(2),
                    query_.snippetOf(query->text(6), kSnippetLetters),
                    timestamp(query->integer(4))};
      if (!hits_.empty() && hits_.back().message == hit.message) {
        hits_.back() = std::move(hit);  // the text says more than a label
      } else if (hits_.size() < most_) {
        hits_.push_back(std::move(hit));
      } else {
        break;
      }
    }
    return {};
  }

  static SearchHit::Where whereOf(const Statement& row) {
    switch (row.integer(5)) {
      case 0:
        return messageRoleFrom(row.text(3)) == MessageRole::Assistant ? SearchHit::Where::Answer
                                                                      : SearchHit::Where::Question;
      case 1:
        return SearchHit::Where::FileName;
      default:
        return SearchHit::Where::Label;
    }
  }

  Database& database_;
  const SearchQuery& query_;
  std::size_t most_;
  const std::stop_token& stop_;
  std::vector<SearchHit> hits_;
};

}  // namespace

Result<std::vector<SearchHit>> searchHistory(Database& database, std::string_view typed,
                                             std::size_t most, const std::stop_token& stop) {
  Result<SearchTokenizer> tokenizer = SearchTokenizer::create();
  if (!tokenizer) return tokenizer.error();
  const SearchQuery query(typed, *tokenizer);
  if (query.isEmpty()) return std::vector<SearchHit>();
  return Search(database, query, most, stop).run();
}

}  // namespace vl
