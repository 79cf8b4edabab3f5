#include "storage/session_store.h"

#include <cassert>
#include <system_error>
#include <utility>

#include "storage/message_rows.h"
#include "storage/message_tree.h"
#include "storage/reading_store.h"
#include "storage/session_folders.h"
#include "storage/session_reader.h"
#include "storage/sql.h"
#include "storage/stored_names.h"

namespace vl {

namespace fs = std::filesystem;

namespace {

/// Runs a statement that must touch a row of one session.
template <typename... Values>
Status runOnSession(Database& database, std::string_view sql, const Values&... values) {
  if (Status done = run(database, sql, values...); !done) return done;
  if (database.changedRows() == 0) return noSuchSession();
  return {};
}

Status createPrivateFolder(const fs::path& folder) {
  std::error_code failure;
  if (fs::is_directory(folder, failure)) return {};
  // Only a folder of our own is closed to others; its parents are not ours.
  if (fs::create_directories(folder, failure); !failure) {
    fs::permissions(folder, fs::perms::owner_all, failure);
  }
  if (!failure) return {};
  return Error{ErrorCode::Io, "The history folder " + folder.string() +
                                  " cannot be created: " + failure.message() + "."};
}

/// What a crash left Streaming keeps its text and boxes. Returns how many answers there were.
Result<std::size_t> stopInterruptedAnswers(Database& database) {
  Status stopped = run(database, "UPDATE messages SET state = 'stopped' WHERE state = 'streaming'");
  if (!stopped) return stopped.error();
  return static_cast<std::size_t>(database.changedRows());
}

Status emptyOldTrash(Database& database) {
  constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;
  return run(database, "DELETE FROM sessions WHERE deleted_ms < ?",
             nowMs() - SessionStore::kTrashDays * kDayMs);
}

/// Removes the file before the row: dying in between leaves a row without a file, which this finds
/// again, and never a file that nothing knows. A file that cannot be removed keeps its row.
Status removeUnusedImages(Database& database, const ImageFiles& images) {
  Result<Statement> unused = database.prepare(
      "SELECT sha256 FROM images WHERE NOT EXISTS"
      " (SELECT 1 FROM attachments WHERE image_sha256 = images.sha256)"
      " AND NOT EXISTS (SELECT 1 FROM draft_images WHERE image_sha256 = images.sha256)");
  if (!unused) return unused.error();
  std::vector<std::string> removed;
  for (;;) {
    Result<bool> found = unused->step();
    if (!found) return found.error();
    if (!*found) break;
    std::string name = unused->text(0);
    const std::optional<Sha256> sha256 = Sha256::fromHex(name);
    if (!sha256 || images.remove(*sha256)) removed.push_back(std::move(name));
  }
  for (const std::string& name : removed) {
    Status deleted = run(database, "DELETE FROM images WHERE sha256 = ?", name);
    if (!deleted) return deleted;
  }
  return {};
}

/// Requires to be the only one with the folder open.
Result<std::size_t> tidy(Database& database, const ImageFiles& images) {
  Result<std::size_t> interrupted = stopInterruptedAnswers(database);
  if (!interrupted) return interrupted.error();
  if (Status emptied = emptyOldTrash(database); !emptied) return emptied.error();
  if (Status removed = removeUnusedImages(database, images); !removed) return removed.error();
  images.removeLeftovers();
  return interrupted;
}

Result<TreePlace> placeFor(Database& database, SessionId session,
                           std::optional<MessageId> sibling) {
  return sibling ? placeBeside(database, *sibling) : placeAtEnd(database, session);
}

}  // namespace

SessionStore::SessionStore(StoreLock lock, Database database, ImageFiles images)
    : lock_(std::move(lock)), database_(std::move(database)), images_(std::move(images)) {}

Result<OpenedStore> SessionStore::open(const fs::path& dataFolder) {
  if (Status created = createPrivateFolder(dataFolder); !created) return created.error();
  Result<StoreLock> lock = StoreLock::acquire(historyLockPath(dataFolder));
  if (!lock) return lock.error();
  const bool first = lock->exclusive();
  Result<HistoryDatabase> history =
      openHistoryDatabase(dataFolder, first ? FolderUse::Alone : FolderUse::Shared);
  if (!history) return history.error();
  const ImageFiles images(historyImagesPath(dataFolder));

  std::size_t interrupted = 0;
  if (first) {
    Result<std::size_t> tidied = tidy(history->database, images);
    if (!tidied) return tidied.error();
    interrupted = *tidied;
    Status removed = removeUnusedDocuments(history->database, dataFolder);
    if (!removed) return removed.error();
  }
  if (Status shared = lock->share(); !shared) return shared.error();
  return OpenedStore{SessionStore(std::move(*lock), std::move(history->database), images),
                     std::move(history->setAside), interrupted};
}

Result<SessionRecord> SessionStore::createSession(const SessionSettings& settings) {
  const std::int64_t now = nowMs();
  Status inserted = run(
      database_,
      "INSERT INTO sessions (title, model_folder, model_name, system_prompt, created_ms,"
      " updated_ms) VALUES (?, ?, ?, ?, ?, ?)",
      settings.title, settings.modelFolder, settings.modelName, settings.systemPrompt, now, now);
  if (!inserted) return inserted.error();
  const Timestamp time = timestamp(now);
  return SessionRecord{
      SessionId{database_.lastInsertId()}, settings, {}, time, time, {}, false, {}};
}

Status SessionStore::renameSession(SessionId session, std::string_view title) {
  return runOnSession(database_, "UPDATE sessions SET title = ? WHERE id = ?", title, row(session));
}

Status SessionStore::setSessionModel(SessionId session, std::string_view folder,
                                     std::string_view name) {
  return runOnSession(database_,
                      "UPDATE sessions SET model_folder = ?, model_name = ? WHERE id = ?", folder,
                      name, row(session));
}

Status SessionStore::setSystemPrompt(SessionId session, std::string_view text) {
  return runOnSession(database_, "UPDATE sessions SET system_prompt = ? WHERE id = ?", text,
                      row(session));
}

Status SessionStore::setAnswerSettings(SessionId session, const AnswerSettings& settings) {
  return writeAnswerSettings(database_, session, settings);
}

Result<AnswerSettings> SessionStore::answerSettings(SessionId session) {
  return readAnswerSettings(database_, session);
}

Status SessionStore::setSessionContext(SessionId session, const SessionContext& context) {
  Result<Statement> update =
      database_.prepare("UPDATE sessions SET context_start = ?, tiling = ? WHERE id = ?");
  if (!update) return update.error();
  bindOptional(*update, 1, context.start);
  update->bind(2, std::int64_t{context.tiling});
  update->bind(3, row(session));
  if (Status updated = update->run(); !updated) return updated;
  if (database_.changedRows() == 0) return noSuchSession();
  return {};
}

Status SessionStore::trashSession(SessionId session) {
  return runOnSession(database_, "UPDATE sessions SET deleted_ms = ? WHERE id = ?", nowMs(),
                      row(session));
}

Status SessionStore::restoreSession(SessionId session) {
  return runOnSession(database_, "UPDATE sessions SET deleted_ms = NULL WHERE id = ?",
                      row(session));
}

Status SessionStore::deleteSession(SessionId session) {
  return runOnSession(database_, "DELETE FROM sessions WHERE id = ?", row(session));
}

Result<std::vector<SessionRecord>> SessionStore::listSessions() { return readSessions(database_); }

Result<std::vector<SessionRecord>> SessionStore::listTrash() { return readTrash(database_); }

Result<StoredSession> SessionStore::loadSession(SessionId session) {
  return readSession(database_, session);
}

Result<SessionTree> SessionStore::loadTree(SessionId session) {
  return readSessionTree(database_, session);
}

Result<SessionId> SessionStore::insertTree(const SessionTree& tree, const std::stop_token& stop) {
  return insertSessionTree(database_, tree, stop);
}

Result<std::vector<FolderRecord>> SessionStore::listFolders() { return readFolders(database_); }

Result<FolderRecord> SessionStore::createFolder(std::string_view name) {
  return insertFolder(database_, name);
}

Status SessionStore::renameFolder(FolderId folder, std::string_view name) {
  return renameFolderTo(database_, folder, name);
}

Status SessionStore::removeFolder(FolderId folder) { return removeFolderOnly(database_, folder); }

Status SessionStore::moveSession(SessionId session, std::optional<FolderId> folder) {
  return setSessionFolder(database_, session, folder);
}

Status SessionStore::pinSession(SessionId session, bool pinned) {
  return setSessionPinned(database_, session, pinned);
}

Result<std::vector<SearchHit>> SessionStore::search(std::string_view typed, std::size_t most,
                                                    const std::stop_token& stop) {
  return searchHistory(database_, typed, most, stop);
}

Status SessionStore::saveDraft(std::optional<SessionId> session, const Draft& draft) {
  return writeDraft(database_, session, draft);
}

Result<Draft> SessionStore::loadDraft(std::optional<SessionId> session) {
  return readDraft(database_, session);
}

Result<MessageId> SessionStore::appendUserMessage(SessionId session, std::string_view text,
                                                  std::span<const Attachment> attachments,
                                                  std::optional<MessageId> sibling) {
  Result<Transaction> transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  const Result<TreePlace> place = placeFor(database_, session, sibling);
  if (!place) return place.error();
  Result<MessageId> message =
      insertMessage(database_, *place, MessageRole::User, MessageState::Complete, text, nowMs());
  if (!message) return message.error();

  Status attached = insertAttachments(database_, *message, attachments);
  if (!attached) return attached.error();
  if (Status committed = transaction->commit(); !committed) return committed.error();
  return *message;
}

Result<MessageId> SessionStore::beginAnswer(SessionId session, std::optional<MessageId> sibling) {
  Result<Transaction> transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  const Result<TreePlace> place = placeFor(database_, session, sibling);
  if (!place) return place.error();
  Result<MessageId> answer = insertMessage(database_, *place, MessageRole::Assistant,
                                           MessageState::Streaming, "", nowMs());
  if (!answer) return answer.error();
  if (Status committed = transaction->commit(); !committed) return committed.error();
  return *answer;
}

Status SessionStore::resumeAnswer(MessageId answer) {
  Result<Transaction> transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  Status resumed = run(database_,
                       "UPDATE messages SET state = 'streaming', error = ''"
                       " WHERE id = ? AND role = 'assistant' AND state <> 'streaming'",
                       row(answer));
  if (!resumed) return resumed;
  if (database_.changedRows() == 0) {
    return Error{ErrorCode::NotFound, "This answer cannot be continued any more."};
  }
  Status cleared = run(database_, "DELETE FROM answer_summaries WHERE message_id = ?", row(answer));
  if (!cleared) return cleared;
  return transaction->commit();
}

Status SessionStore::showBranch(MessageId message) {
  Result<Transaction> transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  if (Status shown = showBranchOf(database_, message); !shown) return shown;
  return transaction->commit();
}

Status SessionStore::writeAnswer(MessageId answer, std::string_view raw,
                                 std::span<const GroundedBox> boxes) {
  Status written =
      run(database_, "UPDATE messages SET raw = ? WHERE id = ? AND state = 'streaming'", raw,
          row(answer));
  if (!written) return written;
  if (database_.changedRows() == 0) {
    return Error{ErrorCode::NotFound, "This answer is no longer being written in the history."};
  }
  Status cleared = run(database_, "DELETE FROM boxes WHERE message_id = ?", row(answer));
  if (!cleared) return cleared;
  return insertBoxes(database_, "boxes", answer, boxes);
}

Status SessionStore::updateAnswer(MessageId answer, std::string_view raw,
                                  std::span<const GroundedBox> boxes) {
  Result<Transaction> transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  if (Status written = writeAnswer(answer, raw, boxes); !written) return written;
  return transaction->commit();
}

Status SessionStore::finishAnswer(MessageId answer, std::string_view raw,
                                  std::span<const GroundedBox> boxes,
                                  const AnswerOutcome& outcome) {
  assert(outcome.state != MessageState::Streaming);
  Result<Transaction> transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  if (Status written = writeAnswer(answer, raw, boxes); !written) return written;
  Status ended = run(database_, "UPDATE messages SET state = ?, error = ? WHERE id = ?",
                     storedName(outcome.state), outcome.error, row(answer));
  if (!ended) return ended;
  if (outcome.summary) {
    Status summarised = insertSummary(database_, answer, *outcome.summary);
    if (!summarised) return summarised;
  }
  Status touched = run(database_,
                       "UPDATE sessions SET updated_ms = ? WHERE id ="
                       " (SELECT session_id FROM messages WHERE id = ?)",
                       nowMs(), row(answer));
  if (!touched) return touched;
  return transaction->commit();
}

Status SessionStore::placeBoxes(MessageId answer, std::size_t image) {
  Status placed = run(database_, "UPDATE boxes SET image_index = ? WHERE message_id = ?",
                      static_cast<std::int64_t>(image), row(answer));
  if (!placed) return placed;
  if (database_.changedRows() == 0) {
    return Error{ErrorCode::NotFound, "This answer has no boxes in the history."};
  }
  return {};
}

Result<std::optional<std::vector<GroundedBox>>> SessionStore::editedBoxes(MessageId answer) {
  return readEditedBoxes(database_, answer);
}

Status SessionStore::editBoxes(MessageId answer, std::span<const GroundedBox> boxes) {
  Result<Transaction> transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  Status written = writeEditedBoxes(database_, answer, boxes);
  if (!written) return written;
  return transaction->commit();
}

Status SessionStore::resetBoxes(MessageId answer) { return removeEditedBoxes(database_, answer); }

Status SessionStore::recordCrop(const Sha256& crop, const CropPlace& place) {
  return writeCropPlace(database_, crop, place);
}

Result<std::vector<CropPlace>> SessionStore::cropPlaces(const Sha256& crop) {
  return readCropPlaces(database_, crop);
}

Status SessionStore::removeMessagesFrom(MessageId first) {
  Result<Transaction> transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  if (Status removed = removeBranch(database_, first); !removed) return removed;
  return transaction->commit();
}

Result<ImageRecord> SessionStore::recordImage(const StoredFile& file, ImageSize size) {
  Status recorded =
      run(database_,
          "INSERT INTO images (sha256, width, height, bytes, media_type) VALUES (?, ?, ?, ?, ?)"
          " ON CONFLICT (sha256) DO UPDATE SET width = excluded.width, height = excluded.height",
          file.sha256.hex(), std::int64_t{size.width}, std::int64_t{size.height},
          stored(file.bytes), file.mediaType);
  if (!recorded) return recorded.error();
  return ImageRecord{file.sha256, size, file.bytes, file.mediaType};
}

Result<ImageRecord> SessionStore::importImage(const fs::path& file, ImageSize size) {
  Result<StoredFile> kept = images_.add(file);
  if (!kept) return kept.error();
  return recordImage(*kept, size);
}

Result<ImageRecord> SessionStore::importImage(std::span<const std::byte> encoded, ImageSize size) {
  Result<StoredFile> kept = images_.add(encoded);
  if (!kept) return kept.error();
  return recordImage(*kept, size);
}

Result<fs::path> SessionStore::imagePath(const ImageRecord& image) const {
  if (Status present = images_.check(image.sha256, image.bytes); !present) return present.error();
  return images_.path(image.sha256);
}

Result<std::vector<std::byte>> SessionStore::readImage(const ImageRecord& image) const {
  return images_.read(image.sha256, image.bytes);
}

}  // namespace vl
