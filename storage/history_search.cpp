#include "storage/history_search.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "storage/sql.h"
#include "storage/stored_names.h"

namespace vl {

namespace {

constexpr std::size_t kMostTitles = 20;
constexpr std::size_t kSnippetLetters = 160;

using Hits = std::vector<SearchHit>;
using Where = SearchHit::Where;

SearchHit hitInSession(Where where, SessionId session, std::optional<MessageId> message) {
  SearchHit hit;
  hit.where = where;
  hit.session = session;
  hit.message = message;
  return hit;
}

SearchHit hitInDocument(Where where, ReadingId reading, std::optional<std::size_t> page) {
  SearchHit hit;
  hit.where = where;
  hit.reading = reading;
  hit.page = page;
  return hit;
}

/// What both have found, the newest first as far as each of them is so; at most `most`.
void appendNewest(Hits messages, Hits pages, std::size_t most, Hits& hits) {
  auto message = messages.begin();
  auto page = pages.begin();
  while (hits.size() < most && (message != messages.end() || page != pages.end())) {
    const bool takePage =
        message == messages.end() || (page != pages.end() && page->time > message->time);
    hits.push_back(std::move(takePage ? *page++ : *message++));
  }
}

class Search {
 public:
  Search(Database& database, const SearchQuery& query, std::size_t most,
         const std::stop_token& stop)
      : database_(database), query_(query), most_(most), stop_(stop) {}

  Result<Hits> run() {
    Result<Transaction> snapshot = Transaction::beginSnapshot(database_);
    if (!snapshot) return snapshot.error();
    Hits hits;
    Hits messages;
    Hits pages;
    if (Status found = findTitles(hits); !found) return found.error();
    if (Status found = findNames(hits); !found) return found.error();
    if (Status found = findMessages(messages); !found) return found.error();
    if (Status found = findPages(pages); !found) return found.error();
    appendNewest(std::move(messages), std::move(pages), most_, hits);
    return hits;
  }

 private:
  /// Prepares a query whose first parameter is what is searched for.
  Result<Statement> matching(std::string_view sql) {
    Result<Statement> query = database_.prepare(sql);
    if (query) query->bind(1, query_.matchExpression());
    return query;
  }

  /// False after the last row, and when the person has stopped it.
  Result<bool> next(Statement& query) {
    if (stop_.stop_requested()) return false;
    return query.step();
  }

  void complete(SearchHit& hit, std::string title, std::string_view text, std::int64_t ms) {
    hit.title = std::move(title);
    hit.snippet = query_.snippetOf(text, kSnippetLetters);
    hit.time = timestamp(ms);
  }

  Status findTitles(Hits& hits) {
    Result<Statement> query = matching(
        "SELECT s.id, s.title, s.updated_ms FROM title_index AS t"
        " JOIN sessions AS s ON s.id = t.rowid AND s.deleted_ms IS NULL"
        " WHERE title_index MATCH ?1 ORDER BY s.updated_ms DESC, s.id DESC LIMIT ?2");
    if (!query) return query.error();
    query->bind(2, static_cast<std::int64_t>(std::min(kMostTitles, most_)));
    for (;;) {
      const Result<bool> row = next(*query);
      if (!row) return row.error();
      if (!*row) return {};
      SearchHit hit = hitInSession(Where::Title, SessionId{query->integer(0)}, std::nullopt);
      complete(hit, query->text(1), query->text(1), query->integer(2));
      hits.push_back(std::move(hit));
    }
  }

  Status findNames(Hits& hits) {
    Result<Statement> query = matching(
        "SELECT r.id, r.file_name, r.updated_ms FROM document_index AS d"
        " JOIN readings AS r ON r.id = -d.rowid"
        " WHERE document_index MATCH ?1 AND d.rowid < 0"
        " ORDER BY r.updated_ms DESC, r.id DESC LIMIT ?2");
    if (!query) return query.error();
    query->bind(2, static_cast<std::int64_t>(std::min(kMostTitles, most_ - hits.size())));
    for (;;) {
      const Result<bool> row = next(*query);
      if (!row) return row.error();
      if (!*row) return {};
      SearchHit hit = hitInDocument(Where::Document, ReadingId{query->integer(0)}, std::nullopt);
      complete(hit, query->text(1), query->text(1), query->integer(2));
      hits.push_back(std::move(hit));
    }
  }

  /// The index has a row per text, file name and label; those of a message follow each other, the
  /// text last when the newest come first (see migrations.cpp).
  Status findMessages(Hits& hits) {
    Result<Statement> query = matching(
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
    for (;;) {
      const Result<bool> row = next(*query);
      if (!row) return row.error();
      if (!*row) return {};
      const MessageId message{query->integer(0)};
      const bool isSame = !hits.empty() && hits.back().message == message;
      if (!isSame && hits.size() >= most_) return {};
      if (isSame) hits.pop_back();  // the text says more than a label
      SearchHit hit = hitInSession(whereOf(*query), SessionId{query->integer(1)}, message);
      complete(hit, query->text(2), query->text(6), query->integer(4));
      hits.push_back(std::move(hit));
    }
  }

  static Where whereOf(const Statement& row) {
    switch (row.integer(5)) {
      case 0:
        return messageRoleFrom(row.text(3)) == MessageRole::Assistant ? Where::Answer
                                                                      : Where::Question;
      case 1:
        return Where::FileName;
      default:
        return Where::Label;
    }
  }

  /// Texts are read of the pages that are shown only: a word may be on every page of a long
  /// document.
  Status findPages(Hits& hits) {
    Result<Statement> query = matching(
        "SELECT rowid >> 24, 0xffffff - (rowid & 0xffffff) FROM document_index"
        " WHERE document_index MATCH ?1 AND rowid >= 0 ORDER BY rowid DESC");
    if (!query) return query.error();
    Result<Statement> page = database_.prepare(
        "SELECT r.file_name, p.text, r.created_ms FROM readings AS r"
        " JOIN reading_pages AS p ON p.reading_id = r.id WHERE r.id = ? AND p.page = ?");
    if (!page) return page.error();
    ReadingId reading{};
    std::size_t pagesOfIt = 0;
    while (hits.size() < most_) {
      const Result<bool> row = next(*query);
      if (!row) return row.error();
      if (!*row) return {};
      const ReadingId before = std::exchange(reading, ReadingId{query->integer(0)});
      pagesOfIt = reading == before ? pagesOfIt + 1 : 1;
      if (pagesOfIt > kMostPagesOfADocument) continue;
      page->reset();
      page->bindAll(query->integer(0), query->integer(1));
      const Result<bool> found = page->step();
      if (!found) return found.error();
      if (!*found) continue;
      SearchHit hit =
          hitInDocument(Where::Page, reading, static_cast<std::size_t>(query->integer(1)));
      complete(hit, page->text(0), page->text(1), page->integer(2));
      hits.push_back(std::move(hit));
    }
    return {};
  }

  Database& database_;
  const SearchQuery& query_;
  std::size_t most_;
  const std::stop_token& stop_;
};

}  // namespace

Result<Hits> searchHistory(Database& database, std::string_view typed, std::size_t most,
                           const std::stop_token& stop) {
  Result<SearchTokenizer> tokenizer = SearchTokenizer::create();
  if (!tokenizer) return tokenizer.error();
  const SearchQuery query(typed, *tokenizer);
  if (query.isEmpty()) return Hits();
  return Search(database, query, most, stop).run();
}

}  // namespace vl
