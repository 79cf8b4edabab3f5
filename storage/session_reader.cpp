#include "storage/session_reader.h"

#include <bit>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "inference/base/coordinates.h"
#include "storage/sql.h"
#include "storage/stored_names.h"

namespace vl {

namespace {

std::uint64_t count(std::int64_t stored) {
  return stored < 0 ? 0 : static_cast<std::uint64_t>(stored);
}

constexpr const char* kSelectSessions =
    "SELECT id, title, model_folder, model_name, system_prompt, created_ms, updated_ms,"
    " context_start, tiling, deleted_ms, pinned, folder_id FROM sessions ";

/// A row of kSelectSessions.
SessionRecord sessionFrom(const Statement& row) {
  SessionContext context;
  context.tiling = row.integer(8) != 0;
  if (!row.isNull(7)) context.start = MessageId{row.integer(7)};
  return {SessionId{row.integer(0)},
          {row.text(1), row.text(2), row.text(3), row.text(4)},
          context,
          timestamp(row.integer(5)),
          timestamp(row.integer(6)),
          row.isNull(9) ? std::nullopt : std::optional(timestamp(row.integer(9))),
          row.integer(10) != 0,
          row.isNull(11) ? std::nullopt : std::optional(FolderId{row.integer(11)})};
}

Result<SessionRecord> readSessionRecord(Database& database, SessionId id) {
  Result<Statement> query = database.prepare(std::string(kSelectSessions) + "WHERE id = ?");
  if (!query) return query.error();
  query->bindAll(static_cast<std::int64_t>(id));
  Result<bool> row = query->step();
  if (!row) return row.error();
  if (!*row) return noSuchSession();
  return sessionFrom(*query);
}

Result<std::vector<SessionRecord>> readRecords(Database& database, const char* which) {
  Result<Statement> query = database.prepare(std::string(kSelectSessions) + which);
  if (!query) return query.error();
  std::vector<SessionRecord> sessions;
  for (;;) {
    Result<bool> row = query->step();
    if (!row) return row.error();
    if (!*row) return sessions;
    sessions.push_back(sessionFrom(*query));
  }
}

/// Binds the session to ?1 and hands row after row to `take`, until one reports damage.
template <typename Take>
Status forEachRow(Database& database, std::string_view sql, SessionId session, Take take) {
  Result<Statement> query = database.prepare(sql);
  if (!query) return query.error();
  query->bindAll(static_cast<std::int64_t>(session));
  for (;;) {
    Result<bool> found = query->step();
    if (!found) return found.error();
    if (!*found) return {};
    if (Status taken = take(std::as_const(*query)); !taken) return taken;
  }
}

/// Columns from `first` on: stop_reason, seed, five counts, five times.
std::optional<AnswerSummary> summaryFrom(const Statement& row, int first) {
  const std::optional<AnswerEnd> end = answerEndFrom(row.text(first));
  if (!end) return std::nullopt;
  AnswerSummary summary;
  summary.end = *end;
  summary.seed = std::bit_cast<std::uint64_t>(row.integer(first + 1));
  summary.promptTokens = count(row.integer(first + 2));
  summary.imageTokens = count(row.integer(first + 3));
  summary.reusedTokens = count(row.integer(first + 4));
  summary.completionTokens = count(row.integer(first + 5));
  summary.tiles = count(row.integer(first + 6));
  summary.imageMs = row.real(first + 7);
  summary.visionMs = row.real(first + 8);
  summary.prefillMs = row.real(first + 9);
  summary.firstTokenMs = row.real(first + 10);
  summary.decodeMs = row.real(first + 11);
  return summary;
}

/// Which messages of session ?1 are read: the branch that is shown, from its leaf up to the root.
constexpr std::string_view kShownBranch =
    "WITH RECURSIVE path (id, position, parent_id) AS ("
    "  SELECT m.id, m.position, m.parent_id"
    "  FROM sessions AS s JOIN messages AS m ON m.id = s.leaf_id WHERE s.id = ?1"
    "  UNION ALL"
    "  SELECT m.id, m.position, m.parent_id"
    "  FROM path JOIN messages AS m ON m.id = path.parent_id WHERE m.position < path.position) ";

/// All of them.
constexpr std::string_view kAllBranches =
    "WITH path (id, position, parent_id) AS ("
    "  SELECT id, position, parent_id FROM messages WHERE session_id = ?1) ";

/// Columns: id, role, state, raw, error, created_ms, then those of the summary.
Result<StoredMessage> messageFrom(const Database& database, const Statement& row) {
  const std::optional<MessageRole> role = messageRoleFrom(row.text(1));
  const std::optional<MessageState> state = messageStateFrom(row.text(2));
  if (!role || !state) {
    return damagedRow(database, "a message has the role \"" + row.text(1) + "\" and the state \"" +
                                    row.text(2) + "\"");
  }
  StoredMessage message;
  message.id = MessageId{row.integer(0)};
  message.role = *role;
  message.state = *state;
  message.raw = row.text(3);
  message.error = row.text(4);
  message.created = timestamp(row.integer(5));
  if (row.isNull(6)) return message;
  message.summary = summaryFrom(row, 6);
  if (!message.summary) return damagedRow(database, "an answer ended by \"" + row.text(6) + "\"");
  return message;
}

Result<std::vector<StoredMessage>> readMessages(Database& database, std::string_view which,
                                                SessionId id) {
  std::vector<StoredMessage> messages;
  Status read = forEachRow(
      database,
      std::string(which) +
          "SELECT m.id, m.role, m.state, m.raw, m.error, m.created_ms, a.stop_reason, a.seed,"
          " a.prompt_tokens, a.image_tokens, a.reused_tokens, a.completion_tokens, a.tiles,"
          " a.image_ms, a.vision_ms, a.prefill_ms, a.first_token_ms, a.decode_ms"
          " FROM path JOIN messages AS m ON m.id = path.id"
          " LEFT JOIN answer_summaries AS a ON a.message_id = m.id ORDER BY m.position",
      id, [&](const Statement& row) -> Status {
        Result<StoredMessage> message = messageFrom(database, row);
        if (!message) return message.error();
        messages.push_back(std::move(*message));
        return {};
      });
  if (!read) return read.error();
  return messages;
}

using MessageIndex = std::unordered_map<std::int64_t, std::size_t>;

MessageIndex indexOf(const std::vector<StoredMessage>& messages) {
  MessageIndex index;
  for (std::size_t i = 0; i < messages.size(); ++i) index.emplace(row(messages[i].id), i);
  return index;
}

Status readAttachments(Database& database, std::string_view which, SessionId id,
                       const MessageIndex& index, std::vector<StoredMessage>& messages) {
  return forEachRow(
      database,
      std::string(which) +
          "SELECT t.message_id, t.file_name, i.sha256, i.width, i.height, i.bytes, i.media_type"
          " FROM path"
          " JOIN attachments AS t ON t.message_id = path.id"
          " JOIN images AS i ON i.sha256 = t.image_sha256"
          " ORDER BY path.position, t.ordinal",
      id, [&](const Statement& row) -> Status {
        std::optional<ImageRecord> image = imageFrom(row, 2);
        if (!image) return damagedRow(database, "an image has an impossible name or size");
        messages[index.at(row.integer(0))].attachments.push_back({std::move(*image), row.text(1)});
        return {};
      });
}

/// Of the branch that is shown only: of all messages it would be as many pairs as siblings squared.
Status readSiblings(Database& database, SessionId id, std::vector<StoredMessage>& messages) {
  const MessageIndex index = indexOf(messages);
  return forEachRow(
      database,
      std::string(kShownBranch) +
          "SELECT path.id, m.id FROM path JOIN messages AS m"
          " ON m.parent_id IS path.parent_id AND m.session_id = ?1"
          " ORDER BY path.position, m.position",
      id, [&](const Statement& row) -> Status {
        messages[index.at(row.integer(0))].siblings.push_back(MessageId{row.integer(1)});
        return {};
      });
}

/// Requires the attachments, which say how large each image of the session is.
Status readBoxes(Database& database, std::string_view which, SessionId id,
                 const MessageIndex& index, std::vector<StoredMessage>& messages) {
  std::vector<ImageSize> sizes;
  for (const StoredMessage& message : messages) {
    for (const Attachment& attachment : message.attachments) sizes.push_back(attachment.image.size);
  }
  return forEachRow(database,
                    std::string(which) +
                        "SELECT b.message_id, b.label, b.image_index, b.x1, b.y1, b.x2, b.y2"
                        " FROM path JOIN boxes AS b ON b.message_id = path.id"
                        " ORDER BY path.position, b.ordinal",
                    id, [&](const Statement& row) -> Status {
                      GroundedBox box;
                      box.label = row.text(1);
                      box.image = static_cast<std::size_t>(row.integer(2));
                      box.grid = {row.real(3), row.real(4), row.real(5), row.real(6)};
                      if (box.image < sizes.size())
                        box.pixels = toPixels(box.grid, sizes[box.image]);
                      messages[index.at(row.integer(0))].boxes.push_back(std::move(box));
                      return {};
                    });
}

Result<StoredSession> readBranches(Database& database, std::string_view which, SessionId id) {
  Result<SessionRecord> record = readSessionRecord(database, id);
  if (!record) return record.error();
  Result<std::vector<StoredMessage>> messages = readMessages(database, which, id);
  if (!messages) return messages.error();

  const MessageIndex index = indexOf(*messages);
  Status read = readAttachments(database, which, id, index, *messages);
  if (read) read = readBoxes(database, which, id, index, *messages);
  if (!read) return read.error();
  return StoredSession{std::move(*record), std::move(*messages)};
}

}  // namespace

Error damagedRow(const Database& database, const std::string& finding) {
  return {ErrorCode::Corrupt,
          "The history " + database.file().string() + " is damaged: " + finding + "."};
}

std::optional<ImageRecord> imageFrom(const Statement& row, int first) {
  constexpr std::int64_t kMaxSide = std::numeric_limits<int>::max();
  const std::optional<Sha256> sha256 = Sha256::fromHex(row.text(first));
  const std::int64_t width = row.integer(first + 1);
  const std::int64_t height = row.integer(first + 2);
  if (!sha256 || width < 1 || width > kMaxSide || height < 1 || height > kMaxSide) {
    return std::nullopt;
  }
  return ImageRecord{*sha256,
                     {static_cast<int>(width), static_cast<int>(height)},
                     count(row.integer(first + 3)),
                     row.text(first + 4)};
}

Result<std::vector<SessionRecord>> readSessions(Database& database) {
  return readRecords(database, "WHERE deleted_ms IS NULL ORDER BY updated_ms DESC, id DESC");
}

Result<std::vector<SessionRecord>> readTrash(Database& database) {
  // 0: it is still being imported
  return readRecords(database, "WHERE deleted_ms > 0 ORDER BY deleted_ms DESC, id DESC");
}

Result<StoredSession> readSession(Database& database, SessionId id) {
  Result<Transaction> snapshot = Transaction::beginSnapshot(database);
  if (!snapshot) return snapshot.error();
  Result<StoredSession> session = readBranches(database, kShownBranch, id);
  if (!session) return session;
  if (Status read = readSiblings(database, id, session->messages); !read) return read.error();
  return session;
}

Result<StoredSession> readAllBranches(Database& database, SessionId id) {
  return readBranches(database, kAllBranches, id);
}

}  // namespace vl
