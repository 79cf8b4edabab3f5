#include "storage/search_index.h"

#include <cstdint>
#include <string>

namespace vl {

namespace {

// Rows as in versions 4 and 10 of migrations.cpp. FTS5 keeps no copy of the texts and is told the
// old one.
constexpr const char* kTriggers = R"sql(
  CREATE TEMP TRIGGER message_added AFTER INSERT ON main.messages BEGIN
    INSERT INTO search_index (rowid, text) VALUES (new.id << 18, new.raw);
  END;
  CREATE TEMP TRIGGER message_changed AFTER UPDATE OF raw ON main.messages
    WHEN old.raw IS NOT new.raw BEGIN
    INSERT INTO search_index (search_index, rowid, text)
      VALUES ('delete', old.id << 18, old.raw);
    INSERT INTO search_index (rowid, text) VALUES (new.id << 18, new.raw);
  END;
  CREATE TEMP TRIGGER message_removed AFTER DELETE ON main.messages BEGIN
    INSERT INTO search_index (search_index, rowid, text)
      VALUES ('delete', old.id << 18, old.raw);
  END;
  CREATE TEMP TRIGGER box_added AFTER INSERT ON main.boxes
    WHEN new.ordinal BETWEEN 0 AND 0xffff BEGIN
    INSERT INTO search_index (rowid, text)
      VALUES (new.message_id << 18 | 0x20000 | new.ordinal, new.label);
  END;
  CREATE TEMP TRIGGER box_changed AFTER UPDATE OF label ON main.boxes
    WHEN old.label IS NOT new.label AND new.ordinal BETWEEN 0 AND 0xffff BEGIN
    INSERT INTO search_index (search_index, rowid, text)
      VALUES ('delete', old.message_id << 18 | 0x20000 | old.ordinal, old.label);
    INSERT INTO search_index (rowid, text)
      VALUES (new.message_id << 18 | 0x20000 | new.ordinal, new.label);
  END;
  CREATE TEMP TRIGGER box_removed AFTER DELETE ON main.boxes
    WHEN old.ordinal BETWEEN 0 AND 0xffff BEGIN
    INSERT INTO search_index (search_index, rowid, text)
      VALUES ('delete', old.message_id << 18 | 0x20000 | old.ordinal, old.label);
  END;
  CREATE TEMP TRIGGER attachment_added AFTER INSERT ON main.attachments
    WHEN new.ordinal BETWEEN 0 AND 0xffff BEGIN
    INSERT INTO search_index (rowid, text)
      VALUES (new.message_id << 18 | 0x10000 | new.ordinal, new.file_name);
  END;
  CREATE TEMP TRIGGER attachment_removed AFTER DELETE ON main.attachments
    WHEN old.ordinal BETWEEN 0 AND 0xffff BEGIN
    INSERT INTO search_index (search_index, rowid, text)
      VALUES ('delete', old.message_id << 18 | 0x10000 | old.ordinal, old.file_name);
  END;
  CREATE TEMP TRIGGER session_added AFTER INSERT ON main.sessions BEGIN
    INSERT INTO title_index (rowid, title) VALUES (new.id, new.title);
  END;
  CREATE TEMP TRIGGER session_renamed AFTER UPDATE OF title ON main.sessions
    WHEN old.title IS NOT new.title BEGIN
    INSERT INTO title_index (title_index, rowid, title) VALUES ('delete', old.id, old.title);
    INSERT INTO title_index (rowid, title) VALUES (new.id, new.title);
  END;
  CREATE TEMP TRIGGER session_removed AFTER DELETE ON main.sessions BEGIN
    INSERT INTO title_index (title_index, rowid, title) VALUES ('delete', old.id, old.title);
  END;
  CREATE TEMP TRIGGER reading_added AFTER INSERT ON main.readings BEGIN
    INSERT INTO document_index (rowid, text) VALUES (-new.id, new.file_name);
  END;
  CREATE TEMP TRIGGER reading_removed AFTER DELETE ON main.readings BEGIN
    INSERT INTO document_index (document_index, rowid, text)
      VALUES ('delete', -old.id, old.file_name);
  END;
  CREATE TEMP TRIGGER page_added AFTER INSERT ON main.reading_pages
    WHEN new.page <= 0xffffff BEGIN
    INSERT INTO document_index (rowid, text)
      VALUES (new.reading_id << 24 | 0xffffff - new.page, new.text);
  END;
  CREATE TEMP TRIGGER page_changed AFTER UPDATE OF text ON main.reading_pages
    WHEN old.text IS NOT new.text AND new.page <= 0xffffff BEGIN
    INSERT INTO document_index (document_index, rowid, text)
      VALUES ('delete', old.reading_id << 24 | 0xffffff - old.page, old.text);
    INSERT INTO document_index (rowid, text)
      VALUES (new.reading_id << 24 | 0xffffff - new.page, new.text);
  END;
  CREATE TEMP TRIGGER page_removed AFTER DELETE ON main.reading_pages
    WHEN old.page <= 0xffffff BEGIN
    INSERT INTO document_index (document_index, rowid, text)
      VALUES ('delete', old.reading_id << 24 | 0xffffff - old.page, old.text);
  END;
)sql";

}  // namespace

Status keepSearchIndex(Database& database) {
  Result<std::int64_t> foreign =
      database.queryInteger("SELECT count(*) FROM sqlite_schema WHERE type IN ('trigger', 'view')");
  if (!foreign) return foreign.error();
  if (*foreign != 0) {
    return Error{ErrorCode::Corrupt, "The history " + database.file().string() +
                                         " is damaged: it has triggers or views."};
  }
  database.trustSchema();
  return database.execute(kTriggers);
}

}  // namespace vl
