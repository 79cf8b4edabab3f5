#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "inference/base/grounding_types.h"
#include "inference/base/result.h"
#include "storage/answer_settings.h"
#include "storage/box_edits.h"
#include "storage/database.h"
#include "storage/drafts.h"
#include "storage/history_database.h"
#include "storage/history_search.h"
#include "storage/image_files.h"
#include "storage/records.h"
#include "storage/session_tree.h"
#include "storage/sha256.h"
#include "storage/store_lock.h"

namespace vl {

struct OpenedStore;

/// The history: sessions, messages, boxes and images of one data folder.
///
///   history.db (-wal, -shm)    sessions, messages, attachments, boxes: SQLite, write-ahead log
///   history.lock               who has the store open
///   images/ab/abcdef...        image files by the SHA-256 of their content
///   damaged-<time>/            a history that could not be read, see openHistoryDatabase
///
/// Every call is one transaction: it happens as a whole or, when it returns an error, not at all.
/// What a call has written survives the death of the process (Database::useWriteAheadLog).
///
/// Not thread-safe: open one store per thread; several stores, also of several processes, may share
/// a folder. Calls block for as long as the disk takes, importImage for as long as copying takes.
///
/// Errors of every call: Io (full disk, permissions, another program holds the lock), Corrupt
/// (damage found while reading), OutOfMemory; further ones are named where they occur.
class SessionStore {
 public:
  /// Opens the folder's history, or begins one. A folder that does not exist is created, readable
  /// by its owner only.
  ///
  /// The first store to open the folder (no other one open, in any process) also tidies: answers
  /// left Streaming by a crash become Stopped with their text and boxes, what has been in the trash
  /// for long is deleted, images that no message uses are removed. A history that is no database or
  /// fails SQLite's integrity check is set aside with its images, never overwritten, and a fresh
  /// one begun; the result says where it went.
  ///
  /// Errors: Unsupported (a newer version of the app wrote it, or another program did: nothing in
  /// the folder is changed); Corrupt (damaged while another store has it open: not set aside).
  static Result<OpenedStore> open(const std::filesystem::path& dataFolder);

  static constexpr int kTrashDays = 30;

  // Sessions.

  Result<SessionRecord> createSession(const SessionSettings& settings);
  /// None of these counts as an update. Error: NotFound.
  Status renameSession(SessionId session, std::string_view title);
  Status setSessionModel(SessionId session, std::string_view folder, std::string_view name);
  Status setSystemPrompt(SessionId session, std::string_view text);
  /// Errors: NotFound; InvalidArgument (impossible values).
  Status setAnswerSettings(SessionId session, const AnswerSettings& settings);
  /// The defaults for a session without any. Error: Corrupt, of which the session opens all the
  /// same.
  Result<AnswerSettings> answerSettings(SessionId session);
  /// Not an update either. Errors: NotFound; InvalidArgument (a start that is no message).
  Status setSessionContext(SessionId session, const SessionContext& context);
  /// Into the trash and out of it again: nothing else changes. After kTrashDays it is deleted when
  /// the folder is next opened. Error: NotFound.
  Status trashSession(SessionId session);
  Status restoreSession(SessionId session);
  /// For good, with all its messages. Image files that nothing else uses go when the folder is next
  /// opened: until then a question being composed may still refer to them. Error: NotFound.
  Status deleteSession(SessionId session);

  /// All sessions that are not in the trash, the last updated first.
  Result<std::vector<SessionRecord>> listSessions();
  /// Those in the trash, the last deleted first.
  Result<std::vector<SessionRecord>> listTrash();
  /// Does not read image files: one that is damaged or gone does not keep its session from opening.
  /// Error: NotFound.
  Result<StoredSession> loadSession(SessionId session);

  /// All branches, and a session made of such: see session_tree.h.
  Result<SessionTree> loadTree(SessionId session);
  Result<SessionId> insertTree(const SessionTree& tree, const std::stop_token& stop);
  /// See searchHistory. Slow for a GUI thread: up to 100 ms in a large history.
  Result<std::vector<SearchHit>> search(std::string_view typed, std::size_t most,
                                        const std::stop_token& stop);

  // Folders, and what is pinned. Nothing of it counts as an update.

  Result<std::vector<FolderRecord>> listFolders();
  /// Error: InvalidArgument (no name, or one that another folder has).
  Result<FolderRecord> createFolder(std::string_view name);
  /// Errors: NotFound; as createFolder.
  Status renameFolder(FolderId folder, std::string_view name);
  /// Its sessions stay, in no folder. Error: NotFound.
  Status removeFolder(FolderId folder);
  /// Into a folder, or out of all. Error: NotFound (session or folder).
  Status moveSession(SessionId session, std::optional<FolderId> folder);
  /// Error: NotFound.
  Status pinSession(SessionId session, bool pinned);

  // Messages. A new one follows the last of the branch that is shown, unless a sibling is named:
  // then it takes the place of the sibling in a branch of its own, which is shown from then on.

  /// An attachment's sha256 must have been imported; its other image fields are not looked at.
  /// Errors: NotFound (session or image).
  Result<MessageId> appendUserMessage(SessionId session, std::string_view text,
                                      std::span<const Attachment> attachments,
                                      std::optional<MessageId> sibling = std::nullopt);
  /// Begins an empty answer, Streaming. Error: NotFound.
  Result<MessageId> beginAnswer(SessionId session, std::optional<MessageId> sibling = std::nullopt);
  /// Makes an ended answer Streaming again, with its text, to be continued; its summary goes.
  /// Error: NotFound (no such answer, or it is being written).
  Status resumeAnswer(MessageId answer);
  /// Shows the branch of this message, down to its latest end. Error: NotFound.
  Status showBranch(MessageId message);
  /// Replaces text and boxes of a Streaming answer; call it about twice a second. After a crash the
  /// answer is what the last call wrote. Errors: as finishAnswer.
  Status updateAnswer(MessageId answer, std::string_view raw, std::span<const GroundedBox> boxes);
  /// Writes the final text and boxes and ends the answer. Requires outcome.state != Streaming.
  /// On failure the answer stays Streaming, as of its last update, and can be finished again.
  /// Errors: NotFound (no such answer, or not Streaming); InvalidArgument (a coordinate outside
  /// 0..999).
  Status finishAnswer(MessageId answer, std::string_view raw, std::span<const GroundedBox> boxes,
                      const AnswerOutcome& outcome);

  /// Says which image of the session the boxes of an answer are on. Error: NotFound (no boxes).
  Status placeBoxes(MessageId answer, std::size_t image);

  // What a person says about boxes; what the model said stays beside it.

  /// The boxes of the answer as a person has changed them; none: as the model said. Their pixels
  /// are not filled in.
  Result<std::optional<std::vector<GroundedBox>>> editedBoxes(MessageId answer);
  /// Errors: NotFound; InvalidArgument (a coordinate outside 0..999).
  Status editBoxes(MessageId answer, std::span<const GroundedBox> boxes);
  /// Back to the model's.
  Status resetBoxes(MessageId answer);

  /// Remembers that one imported image is a part of another.
  Status recordCrop(const Sha256& crop, const CropPlace& place);
  /// Of what the image is a part: of several where the same pixels were cut out more than once.
  Result<std::vector<CropPlace>> cropPlaces(const Sha256& crop);

  /// Removes the message with everything that follows it in any branch: a question that is taken
  /// back. Image files stay, as for deleteSession. Error: NotFound.
  Status removeMessagesFrom(MessageId first);

  // What is being written, per session, or for a session that the history does not have yet. It
  // keeps its images, and goes with its session.

  /// Replaces the draft; an empty one is none. Error: NotFound (the session, an image).
  Status saveDraft(std::optional<SessionId> session, const Draft& draft);
  Result<Draft> loadDraft(std::optional<SessionId> session);

  // Images.

  /// Copies the file's bytes into the store; the original is not needed any more. Importing the
  /// same bytes again gives the same record and repairs a damaged or missing copy. An image that no
  /// message uses by the time the folder is next opened is removed then.
  ///   size  of the decoded, oriented image; storage does not decode
  /// Errors: NotFound, InvalidArgument (empty, not a regular file, over kMaxImageBytes).
  Result<ImageRecord> importImage(const std::filesystem::path& file, ImageSize size);
  /// The same for bytes that have no file: a pasted image.
  Result<ImageRecord> importImage(std::span<const std::byte> encoded, ImageSize size);

  /// Where the image lies, for the decoder; the file must not be written to. Looks at its presence
  /// and length only, which is cheap. Errors, for this image only: NotFound, Corrupt.
  Result<std::filesystem::path> imagePath(const ImageRecord& image) const;
  /// Its bytes, checked against their digest. Errors, for this image only: NotFound, Corrupt.
  Result<std::vector<std::byte>> readImage(const ImageRecord& image) const;

 private:
  SessionStore(StoreLock lock, Database database, ImageFiles images);

  Result<ImageRecord> recordImage(const StoredFile& file, ImageSize size);
  Status writeAnswer(MessageId answer, std::string_view raw, std::span<const GroundedBox> boxes);

  StoreLock lock_;  // first member: given up after the database is closed
  Database database_;
  ImageFiles images_;
};

struct OpenedStore {
  SessionStore store;
  std::optional<SetAsideHistory> setAside;  // tell the person: the list of sessions is empty now
  std::size_t interruptedAnswers = 0;       // found Streaming after a crash, now Stopped
};

}  // namespace vl
