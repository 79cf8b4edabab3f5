#include "storage/box_edits.h"

#include <string>
#include <utility>

#include "storage/message_rows.h"
#include "storage/sql.h"

namespace vl {
namespace {

Result<bool> isEdited(Database& database, MessageId answer) {
  Result<Statement> query = database.prepare("SELECT 1 FROM box_edits WHERE message_id = ?");
  if (!query) return query.error();
  query->bindAll(row(answer));
  return query->step();
}

}  // namespace

Result<std::optional<std::vector<GroundedBox>>> readEditedBoxes(Database& database,
                                                                MessageId answer) {
  using Edited = std::optional<std::vector<GroundedBox>>;
  const Result<bool> edited = isEdited(database, answer);
  if (!edited) return edited.error();
  if (!*edited) return Edited();
  Result<Statement> query = database.prepare(
      "SELECT label, image_index, x1, y1, x2, y2 FROM edited_boxes"
      " WHERE message_id = ? ORDER BY ordinal");
  if (!query) return query.error();
  query->bindAll(row(answer));
  std::vector<GroundedBox> boxes;
  for (;;) {
    Result<bool> found = query->step();
    if (!found) return found.error();
    if (!*found) return Edited(std::move(boxes));
    GroundedBox box;
    box.label = query->text(0);
    box.image = static_cast<std::size_t>(query->integer(1));
    box.grid = {query->real(2), query->real(3), query->real(4), query->real(5)};
    boxes.push_back(std::move(box));
  }
}

Status removeEditedBoxes(Database& database, MessageId answer) {
  return run(database, "DELETE FROM box_edits WHERE message_id = ?", row(answer));
}

Status writeEditedBoxes(Database& database, MessageId answer, std::span<const GroundedBox> boxes) {
  if (Status removed = removeEditedBoxes(database, answer); !removed) return removed;
  Status begun = run(database,
                     "INSERT INTO box_edits (message_id) SELECT id FROM messages"
                     " WHERE id = ? AND role = 'assistant'",
                     row(answer));
  if (!begun) return begun;
  if (database.changedRows() == 0) {
    return Error{ErrorCode::NotFound, "This answer is no longer in the history."};
  }
  return insertBoxes(database, "edited_boxes", answer, boxes);
}

Status writeCropPlace(Database& database, const Sha256& crop, const CropPlace& place) {
  return run(database,
             "INSERT INTO crops (image_sha256, parent_sha256, x, y, width, height)"
             " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
             crop.hex(), place.parent.hex(), std::int64_t{place.x}, std::int64_t{place.y},
             std::int64_t{place.width}, std::int64_t{place.height});
}

Result<std::vector<CropPlace>> readCropPlaces(Database& database, const Sha256& crop) {
  Result<Statement> query = database.prepare(
      "SELECT parent_sha256, x, y, width, height FROM crops WHERE image_sha256 = ?"
      " ORDER BY parent_sha256, x, y, width, height");
  if (!query) return query.error();
  query->bindAll(crop.hex());
  std::vector<CropPlace> places;
  for (;;) {
    Result<bool> found = query->step();
    if (!found) return found.error();
    if (!*found) return places;
    const std::optional<Sha256> parent = Sha256::fromHex(query->text(0));
    if (!parent) continue;  // a damaged row says nothing about any image
    const auto pixels = [&](int column) { return static_cast<int>(query->integer(column)); };
    places.push_back({*parent, pixels(1), pixels(2), pixels(3), pixels(4)});
  }
}

}  // namespace vl
