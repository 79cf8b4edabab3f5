#include "storage/message_tree.h"

#include "storage/sql.h"
#include "storage/stored_names.h"

namespace vl {
namespace {

Error noSuchMessage() { return {ErrorCode::NotFound, "This message is no longer in the history."}; }

std::optional<MessageId> optionalId(const Statement& statement, int column) {
  if (statement.isNull(column)) return std::nullopt;
  return MessageId{statement.integer(column)};
}

Status setLeaf(Database& database, SessionId session, std::optional<MessageId> leaf) {
  Result<Statement> update = database.prepare("UPDATE sessions SET leaf_id = ? WHERE id = ?");
  if (!update) return update.error();
  bindOptional(*update, 1, leaf);
  update->bind(2, row(session));
  return update->run();
}

}  // namespace

Result<TreePlace> placeAtEnd(Database& database, SessionId session) {
  Result<Statement> query = database.prepare("SELECT leaf_id FROM sessions WHERE id = ?");
  if (!query) return query.error();
  query->bindAll(row(session));
  Result<bool> found = query->step();
  if (!found) return found.error();
  if (!*found) return noSuchSession();
  return TreePlace{session, optionalId(*query, 0)};
}

Result<TreePlace> placeBeside(Database& database, MessageId sibling) {
  Result<Statement> query =
      database.prepare("SELECT session_id, parent_id FROM messages WHERE id = ?");
  if (!query) return query.error();
  query->bindAll(row(sibling));
  Result<bool> found = query->step();
  if (!found) return found.error();
  if (!*found) return noSuchMessage();
  return TreePlace{SessionId{query->integer(0)}, optionalId(*query, 1)};
}

Result<MessageId> insertMessage(Database& database, const TreePlace& place, MessageRole role,
                                MessageState state, std::string_view raw, std::int64_t nowMs) {
  Result<Statement> insert = database.prepare(
      "INSERT INTO messages (session_id, parent_id, position, role, state, raw, error, created_ms)"
      " SELECT ?1, ?2, coalesce(max(position) + 1, 0), ?3, ?4, ?5, '', ?6"
      " FROM messages WHERE session_id = ?1");
  if (!insert) return insert.error();
  insert->bind(1, row(place.session));
  bindOptional(*insert, 2, place.parent);
  insert->bind(3, storedName(role));
  insert->bind(4, storedName(state));
  insert->bind(5, raw);
  insert->bind(6, nowMs);
  if (Status inserted = insert->run(); !inserted) return inserted.error();
  const MessageId message{database.lastInsertId()};

  Result<Statement> update =
      database.prepare("UPDATE sessions SET leaf_id = ?, updated_ms = ? WHERE id = ?");
  if (!update) return update.error();
  update->bindAll(row(message), nowMs, row(place.session));
  if (Status updated = update->run(); !updated) return updated.error();
  return message;
}

Status showBranchOf(Database& database, MessageId message) {
  const Result<TreePlace> place = placeBeside(database, message);
  if (!place) return place.error();
  Result<Statement> query = database.prepare(
      "WITH RECURSIVE down (id, position) AS ("
      "  SELECT id, position FROM messages WHERE id = ?"
      "  UNION ALL"
      "  SELECT m.id, m.position FROM down JOIN messages AS m ON m.id = ("
      "    SELECT c.id FROM messages AS c WHERE c.parent_id = down.id"
      "    ORDER BY c.position DESC LIMIT 1)"
      "  WHERE m.position > down.position)"
      " SELECT id FROM down ORDER BY position DESC LIMIT 1");
  if (!query) return query.error();
  query->bindAll(row(message));
  Result<bool> found = query->step();
  if (!found) return found.error();
  if (!*found) return noSuchMessage();
  return setLeaf(database, place->session, MessageId{query->integer(0)});
}

Status removeBranch(Database& database, MessageId message) {
  const Result<TreePlace> place = placeBeside(database, message);
  if (!place) return place.error();
  Result<Statement> remove = database.prepare(
      "WITH RECURSIVE below (id, position) AS ("
      "  SELECT id, position FROM messages WHERE id = ?"
      "  UNION ALL"
      "  SELECT m.id, m.position FROM below JOIN messages AS m ON m.parent_id = below.id"
      "  WHERE m.position > below.position)"
      " DELETE FROM messages WHERE id IN (SELECT id FROM below)");
  if (!remove) return remove.error();
  remove->bindAll(row(message));
  if (Status removed = remove->run(); !removed) return removed;

  Result<Statement> query = database.prepare("SELECT leaf_id FROM sessions WHERE id = ?");
  if (!query) return query.error();
  query->bindAll(row(place->session));
  Result<bool> found = query->step();
  if (!found) return found.error();
  if (!*found || !query->isNull(0)) return {};  // another branch is shown
  query->reset();
  return setLeaf(database, place->session, place->parent);
}

}  // namespace vl
