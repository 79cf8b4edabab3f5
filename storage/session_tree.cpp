#include "storage/session_tree.h"

#include <chrono>
#include <thread>
#include <unordered_map>
#include <utility>

#include "storage/message_rows.h"
#include "storage/session_folders.h"
#include "storage/session_reader.h"
#include "storage/sql.h"
#include "storage/stored_names.h"

namespace vl {

namespace {

using Places = std::unordered_map<std::int64_t, std::size_t>;

/// Where a column names a message of the session.
std::optional<std::size_t> place(const Statement& row, int column, const Places& places) {
  const auto found = row.isNull(column) ? places.end() : places.find(row.integer(column));
  return found == places.end() ? std::nullopt : std::optional(found->second);
}

Status readParents(Database& database, SessionTree& tree, const Places& places) {
  Result<Statement> query = database.prepare(
      "SELECT id, parent_id FROM messages WHERE session_id = ? AND parent_id IS NOT NULL");
  if (!query) return query.error();
  query->bindAll(row(tree.session.id));
  for (;;) {
    Result<bool> found = query->step();
    if (!found) return found.error();
    if (!*found) return {};
    const std::optional<std::size_t> child = place(*query, 0, places);
    const std::optional<std::size_t> parent = place(*query, 1, places);
    // of a damaged file only what a walk from the leaf would follow
    if (child && parent && *parent < *child) tree.messages[*child].parent = parent;
  }
}

Status readShown(Database& database, SessionTree& tree, const Places& places) {
  Result<Statement> query =
      database.prepare("SELECT leaf_id, context_start FROM sessions WHERE id = ?");
  if (!query) return query.error();
  query->bindAll(row(tree.session.id));
  Result<bool> found = query->step();
  if (!found) return found.error();
  if (!*found) return {};
  tree.shown = place(*query, 0, places);
  tree.contextStart = place(*query, 1, places);
  return {};
}

/// Its name; none when the session lies in none.
Result<std::optional<std::string>> folderOf(Database& database, SessionId session) {
  using Name = std::optional<std::string>;
  Result<Statement> query = database.prepare(
      "SELECT f.name FROM sessions AS s JOIN folders AS f ON f.id = s.folder_id WHERE s.id = ?");
  if (!query) return query.error();
  query->bindAll(row(session));
  const Result<bool> found = query->step();
  if (!found) return found.error();
  return *found ? Name(query->text(0)) : Name();
}

Status readBoxEdits(Database& database, SessionTree& tree, const Places& places) {
  Result<Statement> query = database.prepare(
      "SELECT m.id FROM messages AS m JOIN box_edits AS e ON e.message_id = m.id"
      " WHERE m.session_id = ? AND m.role = 'assistant'");
  if (!query) return query.error();
  query->bindAll(row(tree.session.id));
  for (;;) {
    const Result<bool> found = query->step();
    if (!found) return found.error();
    if (!*found) return {};
    auto boxes = readEditedBoxes(database, MessageId{query->integer(0)});
    if (!boxes) return boxes.error();
    const std::optional<std::size_t> answer = place(*query, 0, places);
    if (answer) tree.messages[*answer].editedBoxes = std::move(*boxes);
  }
}

/// Only those whose parent is an image of the session, too: boxes are shown on no other.
Status readCrops(Database& database, SessionTree& tree) {
  const std::map<Sha256, ImageRecord> images = imagesOf(tree);
  for (const auto& [image, record] : images) {
    const Result<std::vector<CropPlace>> found = readCropPlaces(database, image);
    if (!found) return found.error();
    for (const CropPlace& place : *found) {
      const auto parent = images.find(place.parent);
      if (parent != images.end() && liesIn(place, parent->second.size)) {
        tree.crops.push_back({image, place});
      }
    }
  }
  return {};
}

Status readFacts(Database& database, SessionTree& tree) {
  auto folder = folderOf(database, tree.session.id);
  if (!folder) return folder.error();
  tree.folder = std::move(*folder);
  const Result<AnswerSettings> answers = readAnswerSettings(database, tree.session.id);
  if (answers) {
    tree.answers = *answers;
  } else if (answers.error().code != ErrorCode::Corrupt) {
    return answers.error();
  }
  return readCrops(database, tree);
}

/// Writing that takes long, in short transactions with as long a pause after each: who waits for
/// the lock looks for it from time to time only.
class WriteInTurns {
 public:
  explicit WriteInTurns(Database& database) : database_(database) {}

  /// To be called before each part that belongs together. Error: Cancelled; as Database::execute.
  Status next(const std::stop_token& stop) {
    if (stop.stop_requested()) return Error{ErrorCode::Cancelled, "Stopped."};
    if (transaction_ && std::chrono::steady_clock::now() < end_) return {};
    if (transaction_) {
      if (Status done = finish(); !done) return done;
      std::this_thread::sleep_for(kTurn);
    }
    Result<Transaction> begun = Transaction::begin(database_);
    if (!begun) return begun.error();
    transaction_.emplace(std::move(*begun));
    end_ = std::chrono::steady_clock::now() + kTurn;
    return {};
  }

  /// Requires a call of next() before.
  Status finish() {
    Status committed = transaction_->commit();
    transaction_.reset();
    return committed;
  }

 private:
  static constexpr std::chrono::milliseconds kTurn{20};

  Database& database_;
  std::optional<Transaction> transaction_;
  std::chrono::steady_clock::time_point end_;
};

/// Hidden: thrown away in 1970. What a crash leaves of it goes with the old trash.
Result<SessionId> insertHidden(Database& database, const SessionRecord& session) {
  Result<Statement> insert = database.prepare(
      "INSERT INTO sessions (title, model_folder, model_name, system_prompt, created_ms,"
      " updated_ms, tiling, pinned, deleted_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)");
  if (!insert) return insert.error();
  const SessionSettings& settings = session.settings;
  insert->bindAll(settings.title, settings.modelFolder, settings.modelName, settings.systemPrompt,
                  ms(session.created), ms(session.updated), std::int64_t{session.context.tiling},
                  std::int64_t{session.pinned});
  if (Status inserted = insert->run(); !inserted) return inserted.error();
  return SessionId{database.lastInsertId()};
}

/// Requires its messages: crops are of their images.
Status insertFacts(Database& database, SessionId session, const SessionTree& tree) {
  if (tree.folder) {
    const Result<FolderId> folder = folderNamed(database, *tree.folder);
    if (!folder) return folder.error();
    if (Status moved = setSessionFolder(database, session, *folder); !moved) return moved;
  }
  if (tree.answers) {
    if (Status set = writeAnswerSettings(database, session, *tree.answers); !set) return set;
  }
  for (const SessionTree::Crop& crop : tree.crops) {
    if (Status noted = writeCropPlace(database, crop.image, crop.place); !noted) return noted;
  }
  return {};
}

/// Images whose files were missing when the tree was read have no row here yet.
Status insertMissingImages(Database& database, std::span<const Attachment> attachments) {
  Result<Statement> insert = database.prepare(
      "INSERT OR IGNORE INTO images (sha256, width, height, bytes, media_type)"
      " VALUES (?, ?, ?, ?, ?)");
  if (!insert) return insert.error();
  for (const auto& [image, fileName] : attachments) {
    insert->bindAll(image.sha256.hex(), std::int64_t{image.size.width},
                    std::int64_t{image.size.height}, static_cast<std::int64_t>(image.bytes),
                    image.mediaType);
    if (Status inserted = insert->run(); !inserted) return inserted;
  }
  return {};
}

Result<MessageId> insertRow(Database& database, SessionId session, const StoredMessage& message,
                            std::optional<MessageId> parent, std::size_t position) {
  Result<Statement> insert = database.prepare(
      "INSERT INTO messages (session_id, parent_id, position, role, state, raw, error, created_ms)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return insert.error();
  insert->bind(1, row(session));
  bindOptional(*insert, 2, parent);
  insert->bind(3, static_cast<std::int64_t>(position));
  insert->bind(4, storedName(message.role));
  insert->bind(5, storedName(message.state));
  insert->bind(6, message.raw);
  insert->bind(7, message.error);
  insert->bind(8, ms(message.created));
  if (Status inserted = insert->run(); !inserted) return inserted.error();
  const MessageId id{database.lastInsertId()};
  if (Status done = insertMissingImages(database, message.attachments); !done) return done.error();
  if (Status done = insertAttachments(database, id, message.attachments); !done) {
    return done.error();
  }
  if (Status done = insertBoxes(database, "boxes", id, message.boxes); !done) return done.error();
  if (message.summary) {
    if (Status done = insertSummary(database, id, *message.summary); !done) return done.error();
  }
  return id;
}

/// What belongs to the session as a whole, which is seen from then on.
Status showSession(Database& database, SessionId session, const SessionTree& tree,
                   const std::vector<MessageId>& ids) {
  if (Status inserted = insertFacts(database, session, tree); !inserted) return inserted;
  const auto idAt = [&ids](std::optional<std::size_t> place) {
    return place ? std::optional(ids.at(*place)) : std::nullopt;
  };
  Result<Statement> update = database.prepare(
      "UPDATE sessions SET leaf_id = ?, context_start = ?, deleted_ms = NULL WHERE id = ?");
  if (!update) return update.error();
  bindOptional(*update, 1, idAt(tree.shown));
  bindOptional(*update, 2, idAt(tree.contextStart));
  update->bind(3, row(session));
  return update->run();
}

/// Sets `session` as soon as it is in the history: an id that was rolled back is given to others.
Status insertAll(Database& database, const SessionTree& tree, const std::stop_token& stop,
                 std::optional<SessionId>& session) {
  WriteInTurns turns(database);
  if (Status on = turns.next(stop); !on) return on;
  const Result<SessionId> hidden = insertHidden(database, tree.session);
  if (!hidden) return hidden.error();
  if (Status begun = turns.finish(); !begun) return begun;
  session = *hidden;
  std::vector<MessageId> ids;
  for (const SessionTree::Node& node : tree.messages) {
    if (Status on = turns.next(stop); !on) return on;
    const std::optional<MessageId> parent =
        node.parent ? std::optional(ids.at(*node.parent)) : std::nullopt;
    const Result<MessageId> id = insertRow(database, *session, node.message, parent, ids.size());
    if (!id) return id.error();
    ids.push_back(*id);
    if (!node.editedBoxes) continue;
    if (Status edited = writeEditedBoxes(database, *id, *node.editedBoxes); !edited) return edited;
  }
  if (Status on = turns.next(stop); !on) return on;
  if (Status shown = showSession(database, *session, tree, ids); !shown) return shown;
  return turns.finish();
}

Status removeInTurns(Database& database, SessionId session) {
  WriteInTurns turns(database);
  do {
    if (Status on = turns.next({}); !on) return on;
    // from the end: none is removed before what follows it
    Status removed = run(database,
                         "DELETE FROM messages WHERE id IN (SELECT id FROM messages"
                         " WHERE session_id = ? ORDER BY position DESC LIMIT 20)",
                         row(session));
    if (!removed) return removed;
  } while (database.changedRows() > 0);
  Status removed = run(database, "DELETE FROM sessions WHERE id = ?", row(session));
  if (!removed) return removed;
  return turns.finish();
}

}  // namespace

std::map<Sha256, ImageRecord> imagesOf(const SessionTree& tree) {
  std::map<Sha256, ImageRecord> images;
  for (const SessionTree::Node& node : tree.messages) {
    for (const Attachment& attachment : node.message.attachments) {
      images.emplace(attachment.image.sha256, attachment.image);
    }
  }
  return images;
}

bool liesIn(const CropPlace& place, ImageSize whole) {
  return place.x >= 0 && place.y >= 0 && place.width > 0 && place.height > 0 &&
         place.x <= whole.width - place.width && place.y <= whole.height - place.height;
}

Result<SessionTree> readSessionTree(Database& database, SessionId session) {
  Result<Transaction> snapshot = Transaction::beginSnapshot(database);
  if (!snapshot) return snapshot.error();
  Result<StoredSession> all = readAllBranches(database, session);
  if (!all) return all.error();
  SessionTree tree;
  tree.session = std::move(all->session);
  tree.session.folder.reset();
  tree.session.context.start.reset();
  Places places;
  for (StoredMessage& message : all->messages) {
    places.emplace(row(message.id), tree.messages.size());
    tree.messages.push_back({std::move(message), std::nullopt, std::nullopt});
  }
  if (Status read = readParents(database, tree, places); !read) return read.error();
  if (Status read = readShown(database, tree, places); !read) return read.error();
  if (Status read = readBoxEdits(database, tree, places); !read) return read.error();
  if (Status read = readFacts(database, tree); !read) return read.error();
  return tree;
}

Result<SessionId> insertSessionTree(Database& database, const SessionTree& tree,
                                    const std::stop_token& stop) {
  std::optional<SessionId> session;
  Status inserted = insertAll(database, tree, stop, session);
  if (inserted) return *session;
  // What cannot be removed goes when the folder is next opened.
  if (session) static_cast<void>(removeInTurns(database, *session));
  return inserted.error();
}

}  // namespace vl
