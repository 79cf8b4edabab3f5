#include "storage/message_rows.h"

#include <string>

#include "storage/sql.h"
#include "storage/stored_names.h"

namespace vl {

Status insertBoxes(Database& database, std::string_view table, MessageId message,
                   std::span<const GroundedBox> boxes) {
  Result<Statement> insert =
      database.prepare("INSERT INTO " + std::string(table) +
                       " (message_id, ordinal, label, image_index, x1, y1, x2, y2)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return insert.error();
  std::int64_t ordinal = 0;
  for (const GroundedBox& box : boxes) {
    insert->bindAll(row(message), ordinal++, box.label, stored(box.image), box.grid.x1, box.grid.y1,
                    box.grid.x2, box.grid.y2);
    if (Status inserted = insert->run(); !inserted) return inserted;
  }
  return {};
}

Status insertSummary(Database& database, MessageId answer, const AnswerSummary& summary) {
  return run(
      database,
      "INSERT INTO answer_summaries (message_id, stop_reason, seed, prompt_tokens,"
      " image_tokens, reused_tokens, completion_tokens, tiles, image_ms, vision_ms,"
      " prefill_ms, first_token_ms, decode_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      row(answer), storedName(summary.end), stored(summary.seed), stored(summary.promptTokens),
      stored(summary.imageTokens), stored(summary.reusedTokens), stored(summary.completionTokens),
      stored(summary.tiles), summary.imageMs, summary.visionMs, summary.prefillMs,
      summary.firstTokenMs, summary.decodeMs);
}

Status insertAttachments(Database& database, MessageId message,
                         std::span<const Attachment> attachments) {
  Result<Statement> insert = database.prepare(
      "INSERT INTO attachments (message_id, ordinal, image_sha256, file_name)"
      " SELECT ?, ?, sha256, ? FROM images WHERE sha256 = ?");
  if (!insert) return insert.error();
  std::int64_t ordinal = 0;
  for (const Attachment& attachment : attachments) {
    insert->bindAll(row(message), ordinal++, attachment.fileName, attachment.image.sha256.hex());
    if (Status inserted = insert->run(); !inserted) return inserted;
    if (database.changedRows() == 0) {
      return Error{ErrorCode::NotFound,
                   "The image " + attachment.fileName + " is not in the history."};
    }
  }
  return {};
}

}  // namespace vl
