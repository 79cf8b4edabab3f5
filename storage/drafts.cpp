#include "storage/drafts.h"

#include <cstdint>

#include "storage/session_reader.h"
#include "storage/sql.h"

namespace vl {

Status writeDraft(Database& database, std::optional<SessionId> session, const Draft& draft) {
  Result<Transaction> transaction = Transaction::begin(database);
  if (!transaction) return transaction.error();
  Result<Statement> remove = database.prepare("DELETE FROM drafts WHERE session_id IS ?");
  if (!remove) return remove.error();
  bindOptional(*remove, 1, session);
  if (Status removed = remove->run(); !removed) return removed;
  if (draft.isEmpty()) return transaction->commit();

  Result<Statement> insert = database.prepare(
      "INSERT INTO drafts (session_id, text)"
      " SELECT ?1, ?2 WHERE ?1 IS NULL OR EXISTS (SELECT 1 FROM sessions WHERE id = ?1)");
  if (!insert) return insert.error();
  bindOptional(*insert, 1, session);
  insert->bind(2, draft.text);
  if (Status inserted = insert->run(); !inserted) return inserted;
  if (database.changedRows() == 0) return noSuchSession();
  const std::int64_t id = database.lastInsertId();
  Result<Statement> image = database.prepare(
      "INSERT INTO draft_images (draft_id, ordinal, image_sha256, file_name)"
      " SELECT ?, ?, sha256, ? FROM images WHERE sha256 = ?");
  if (!image) return image.error();
  std::int64_t ordinal = 0;
  for (const Attachment& attachment : draft.attachments) {
    image->bindAll(id, ordinal++, attachment.fileName, attachment.image.sha256.hex());
    if (Status inserted = image->run(); !inserted) return inserted;
    if (database.changedRows() == 0) {
      return Error{ErrorCode::NotFound,
                   "The image " + attachment.fileName + " is not in the history."};
    }
  }
  return transaction->commit();
}

Result<Draft> readDraft(Database& database, std::optional<SessionId> session) {
  Result<Statement> query =
      database.prepare("SELECT text FROM drafts WHERE session_id IS ? ORDER BY id DESC LIMIT 1");
  if (!query) return query.error();
  bindOptional(*query, 1, session);
  Result<bool> found = query->step();
  if (!found) return found.error();
  Draft draft;
  if (!*found) return draft;
  draft.text = query->text(0);

  Result<Statement> images = database.prepare(
      "SELECT d.file_name, i.sha256, i.width, i.height, i.bytes, i.media_type FROM drafts"
      " JOIN draft_images AS d ON d.draft_id = drafts.id"
      " JOIN images AS i ON i.sha256 = d.image_sha256"
      " WHERE drafts.session_id IS ? ORDER BY d.ordinal");
  if (!images) return images.error();
  bindOptional(*images, 1, session);
  for (;;) {
    Result<bool> more = images->step();
    if (!more) return more.error();
    if (!*more) return draft;
    std::optional<ImageRecord> image = imageFrom(*images, 1);
    if (!image) return damagedRow(database, "an image has an impossible name or size");
    draft.attachments.push_back({std::move(*image), images->text(0)});
  }
}

}  // namespace vl
