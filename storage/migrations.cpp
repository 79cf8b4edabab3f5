#include "storage/migrations.h"

#include <array>
#include <string>

namespace vl {

namespace {

// Version 1.
//   positions       order of the messages in a session; an index, not a column constraint, keeps
//                   them unique, so that branches can lift it without copying the table
//   role, state,    words, see stored_names.cpp; not constrained here, since a CHECK could not be
//   stop_reason     widened by a later version without copying the table
//   *_ms            milliseconds; created and updated since 1970 UTC
//   seed            64 bits, those above 2^63 as negative numbers
//   image_index     which image of the whole session, counted from 0 in reading order
//   x1..y2          on the model's grid 0..999; pixels follow from the image's size
constexpr const char* kVersion1 = R"sql(
  PRAGMA application_id = 0x564c3244;

  CREATE TABLE sessions (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    title         TEXT    NOT NULL,
    model_folder  TEXT    NOT NULL,
    model_name    TEXT    NOT NULL,
    system_prompt TEXT    NOT NULL,
    created_ms    INTEGER NOT NULL,
    updated_ms    INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX sessions_by_update ON sessions (updated_ms, id);

  CREATE TABLE messages (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    role       TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    raw        TEXT    NOT NULL,
    error      TEXT    NOT NULL,
    created_ms INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX messages_by_position ON messages (session_id, position);
  CREATE INDEX messages_streaming ON messages (id) WHERE state = 'streaming';

  CREATE TABLE answer_summaries (
    message_id        INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    stop_reason       TEXT    NOT NULL,
    seed              INTEGER NOT NULL,
    prompt_tokens     INTEGER NOT NULL,
    image_tokens      INTEGER NOT NULL,
    reused_tokens     INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    tiles             INTEGER NOT NULL,
    image_ms          REAL    NOT NULL,
    vision_ms         REAL    NOT NULL,
    prefill_ms        REAL    NOT NULL,
    first_token_ms    REAL    NOT NULL,
    decode_ms         REAL    NOT NULL
  ) STRICT;

  CREATE TABLE images (
    sha256     TEXT    NOT NULL PRIMARY KEY,
    width      INTEGER NOT NULL CHECK (width  BETWEEN 1 AND 0x7fffffff),
    height     INTEGER NOT NULL CHECK (height BETWEEN 1 AND 0x7fffffff),
    bytes      INTEGER NOT NULL CHECK (bytes > 0),
    media_type TEXT    NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE attachments (
    message_id   INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    ordinal      INTEGER NOT NULL,
    image_sha256 TEXT    NOT NULL REFERENCES images (sha256),
    file_name    TEXT    NOT NULL,
    PRIMARY KEY (message_id, ordinal)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX attachments_by_image ON attachments (image_sha256);

  CREATE TABLE boxes (
    message_id  INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL,
    label       TEXT    NOT NULL,
    image_index INTEGER NOT NULL CHECK (image_index >= 0),
    x1          REAL    NOT NULL CHECK (x1 BETWEEN 0 AND 999),
    y1          REAL    NOT NULL CHECK (y1 BETWEEN 0 AND 999),
    x2          REAL    NOT NULL CHECK (x2 BETWEEN 0 AND 999),
    y2          REAL    NOT NULL CHECK (y2 BETWEEN 0 AND 999),
    PRIMARY KEY (message_id, ordinal)
  ) STRICT, WITHOUT ROWID;
)sql";

// Version 2: what of a session the model is given.
//   context_start   the first message; NULL: all. A message that goes takes the limit with it
//   tiling          0: images are not cut into tiles
constexpr const char* kVersion2 = R"sql(
  ALTER TABLE sessions ADD COLUMN context_start INTEGER REFERENCES messages (id) ON DELETE SET NULL;
  ALTER TABLE sessions ADD COLUMN tiling INTEGER NOT NULL DEFAULT 1;
  CREATE INDEX sessions_by_context_start ON sessions (context_start);
)sql";

// Version 3: branches and the trash.
//   position     in the order of creation now, over all branches of a session
//   parent_id    the message before it; NULL: the first. Not cascading: SQLite follows 1000 levels
//   leaf_id      the last message of the path that is shown; NULL: none
//   deleted_ms   when the session was thrown away; NULL: it was not
constexpr const char* kVersion3 = R"sql(
  ALTER TABLE messages ADD COLUMN parent_id INTEGER REFERENCES messages (id);
  UPDATE messages SET parent_id = (
    SELECT m.id FROM messages AS m
    WHERE m.session_id = messages.session_id AND m.position < messages.position
    ORDER BY m.position DESC LIMIT 1);
  CREATE INDEX messages_by_parent ON messages (parent_id);
  ALTER TABLE sessions ADD COLUMN leaf_id INTEGER REFERENCES messages (id) ON DELETE SET NULL;
  UPDATE sessions SET leaf_id = (
    SELECT id FROM messages WHERE session_id = sessions.id ORDER BY position DESC LIMIT 1);
  CREATE INDEX sessions_by_leaf ON sessions (leaf_id);
  ALTER TABLE sessions ADD COLUMN deleted_ms INTEGER;
)sql";

// Version 4: the search index, without a copy of what is indexed. Its rows, those of a message
// together and in the order in which they are written, which FTS5 takes fastest:
//   message << 18                      the text
//   message << 18 | 0x10000 | ordinal  the file name of an attachment, those below 65536
//   message << 18 | 0x20000 | ordinal  the label of a box, those below 65536
// search_index.cpp keeps it.
constexpr const char* kVersion4 = R"sql(
  CREATE VIRTUAL TABLE search_index USING fts5(
    text, content = '', columnsize = 0, prefix = '2 3', tokenize = 'vl2');
  CREATE VIRTUAL TABLE title_index USING fts5(
    title, content = '', columnsize = 0, prefix = '2 3', tokenize = 'vl2');
  INSERT INTO search_index (rowid, text) SELECT id << 18, raw FROM messages;
  INSERT INTO search_index (rowid, text)
    SELECT message_id << 18 | 0x20000 | ordinal, label FROM boxes
    WHERE ordinal BETWEEN 0 AND 0xffff;
  INSERT INTO search_index (rowid, text)
    SELECT message_id << 18 | 0x10000 | ordinal, file_name FROM attachments
    WHERE ordinal BETWEEN 0 AND 0xffff;
  INSERT INTO title_index (rowid, title) SELECT id, title FROM sessions;
)sql";

// Version 5: documents that are read page by page.
//   file_name    the person's name for the document
//   sha256       of its copy in the data folder
//   page         counted from 0; a document is read in part, so pages may be missing
//   state        waiting, done, failed, skipped
//   source       text_layer, model, person; empty unless done
constexpr const char* kVersion5 = R"sql(
  CREATE TABLE readings (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    file_name  TEXT    NOT NULL,
    sha256     TEXT    NOT NULL,
    bytes      INTEGER NOT NULL CHECK (bytes > 0),
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX readings_by_update ON readings (updated_ms, id);

  CREATE TABLE reading_pages (
    reading_id INTEGER NOT NULL REFERENCES readings (id) ON DELETE CASCADE,
    page       INTEGER NOT NULL CHECK (page >= 0),
    state      TEXT    NOT NULL,
    source     TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    error      TEXT    NOT NULL,
    PRIMARY KEY (reading_id, page)
  ) STRICT, WITHOUT ROWID;
)sql";

// Version 6: questions that are being written.
//   session_id   NULL: of a session that begins with its first question
constexpr const char* kVersion6 = R"sql(
  CREATE TABLE drafts (
    id         INTEGER PRIMARY KEY,
    session_id INTEGER UNIQUE REFERENCES sessions (id) ON DELETE CASCADE,
    text       TEXT NOT NULL
  ) STRICT;
  CREATE TABLE draft_images (
    draft_id     INTEGER NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    ordinal      INTEGER NOT NULL,
    image_sha256 TEXT    NOT NULL REFERENCES images (sha256),
    file_name    TEXT    NOT NULL,
    PRIMARY KEY (draft_id, ordinal)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX draft_images_by_image ON draft_images (image_sha256);
)sql";

// Version 7: folders, and what is pinned.
constexpr const char* kVersion7 = R"sql(
  CREATE TABLE folders (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT    NOT NULL UNIQUE
  ) STRICT;
  ALTER TABLE sessions ADD COLUMN folder_id INTEGER REFERENCES folders (id) ON DELETE SET NULL;
  CREATE INDEX sessions_by_folder ON sessions (folder_id);
  ALTER TABLE sessions ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
)sql";

// Version 8: what a person says about boxes.
//   box_edits      answers whose boxes were changed, if only by removing all of them
//   edited_boxes   as boxes; those stay as the model wrote them
//   crops          images that are a part of another, in its pixels
constexpr const char* kVersion8 = R"sql(
  CREATE TABLE box_edits (
    message_id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE
  ) STRICT;

  CREATE TABLE edited_boxes (
    message_id  INTEGER NOT NULL REFERENCES box_edits (message_id) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL,
    label       TEXT    NOT NULL,
    image_index INTEGER NOT NULL CHECK (image_index >= 0),
    x1          REAL    NOT NULL CHECK (x1 BETWEEN 0 AND 999),
    y1          REAL    NOT NULL CHECK (y1 BETWEEN 0 AND 999),
    x2          REAL    NOT NULL CHECK (x2 BETWEEN 0 AND 999),
    y2          REAL    NOT NULL CHECK (y2 BETWEEN 0 AND 999),
    PRIMARY KEY (message_id, ordinal)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE crops (
    image_sha256  TEXT    NOT NULL REFERENCES images (sha256) ON DELETE CASCADE,
    parent_sha256 TEXT    NOT NULL REFERENCES images (sha256) ON DELETE CASCADE,
    x             INTEGER NOT NULL CHECK (x >= 0),
    y             INTEGER NOT NULL CHECK (y >= 0),
    width         INTEGER NOT NULL CHECK (width BETWEEN 1 AND 0x7fffffff),
    height        INTEGER NOT NULL CHECK (height BETWEEN 1 AND 0x7fffffff),
    PRIMARY KEY (image_sha256, parent_sha256, x, y, width, height)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX crops_by_parent ON crops (parent_sha256);
)sql";

// Version 9: how the answers of a session are made; a session without a row has the defaults.
//   seed            as in answer_summaries; NULL: another one for each answer
//   context_tokens  NULL: the model's own
constexpr const char* kVersion9 = R"sql(
  CREATE TABLE answer_settings (
    session_id         INTEGER PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    temperature        REAL    NOT NULL,
    top_p              REAL    NOT NULL,
    min_p              REAL    NOT NULL,
    top_k              INTEGER NOT NULL,
    repetition_penalty REAL    NOT NULL,
    seed               INTEGER,
    max_tokens         INTEGER NOT NULL,
    context_tokens     INTEGER
  ) STRICT;
)sql";

// Version 10: documents that are read in a search index of their own, as that of the messages. Its
// rows:
//   -reading                        the name of the document
//   reading << 24 | 0xffffff - page the text of a page: backwards, the last document comes first
//                                   and its pages in order
// search_index.cpp keeps it.
constexpr const char* kVersion10 = R"sql(
  CREATE VIRTUAL TABLE document_index USING fts5(
    text, content = '', columnsize = 0, prefix = '2 3', tokenize = 'vl2');
  INSERT INTO document_index (rowid, text) SELECT -id, file_name FROM readings ORDER BY id DESC;
  INSERT INTO document_index (rowid, text)
    SELECT reading_id << 24 | 0xffffff - page, text FROM reading_pages
    WHERE page <= 0xffffff ORDER BY reading_id, page DESC;
)sql";

// Version 11: on how many threads the model runs in a session; 0: as many as there are.
constexpr const char* kVersion11 = R"sql(
  ALTER TABLE answer_settings ADD COLUMN threads INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr std::array<Migration, 11> kMigrations = {{{1, kVersion1},
                                                    {2, kVersion2},
                                                    {3, kVersion3},
                                                    {4, kVersion4},
                                                    {5, kVersion5},
                                                    {6, kVersion6},
                                                    {7, kVersion7},
                                                    {8, kVersion8},
                                                    {9, kVersion9},
                                                    {10, kVersion10},
                                                    {11, kVersion11}}};

Status runStep(Database& database, const Migration& step) {
  Result<Transaction> transaction = Transaction::begin(database);
  if (!transaction) return transaction.error();
  // Read under the write lock: another process may have migrated the file meanwhile.
  Result<std::int64_t> version = database.queryInteger("PRAGMA user_version");
  if (!version) return version.error();
  if (*version >= step.version) return {};
  if (Status changed = database.execute(step.sql); !changed) return changed;
  const std::string stamp = "PRAGMA user_version = " + std::to_string(step.version);
  if (Status stamped = database.execute(stamp); !stamped) return stamped;
  return transaction->commit();
}

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

std::int64_t newestVersion() { return kMigrations.back().version; }

Status migrate(Database& database, std::span<const Migration> steps) {
  for (const Migration& step : steps) {
    if (Status done = runStep(database, step); !done) return done;
  }
  return {};
}

}  // namespace vl
