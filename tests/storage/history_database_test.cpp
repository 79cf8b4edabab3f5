#include "storage/history_database.h"

#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "storage/migrations.h"
#include "tests/storage/store_test_support.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

/// A history with a session, an image and enough text for many pages, closed properly.
void writeHistory(const fs::path& folder) {
  SessionStore store = openStore(folder);
  const SessionId session = need(store.createSession(titled("precious"))).id;
  const Attachment picture =
      attach(need(store.importImage(bytesOf(pngBytes("cat")), ImageSize{10, 10})));
  need(store.appendUserMessage(session, "What is this?", {&picture, 1}));
  for (int i = 0; i < 20; ++i) {
    const GroundedBox box{"cat", 0, {1, 2, 3, 4}, {}};
    need(store.finishAnswer(need(store.beginAnswer(session)), std::string(5000, 'x'), {&box, 1},
                            {MessageState::Complete, "", AnswerSummary{}}));
  }
}

void change(const fs::path& folder, const std::string& sql) {
  Database database = need(Database::open(folder / "history.db"));
  need(database.useWriteAheadLog());
  need(database.execute("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;" + sql));
}

std::string overwritten(std::string content, std::size_t at, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) content.at(at + i) = static_cast<char>(0xa5 ^ i);
  return content;
}

struct Damage {
  const char* name;
  std::function<void(const fs::path& folder)> apply;
};

void damageFile(const fs::path& folder, const std::function<std::string(std::string)>& damage) {
  writeFile(folder / "history.db", damage(readFile(folder / "history.db")));
}

const std::vector<Damage>& damages() {
  static const std::vector<Damage> all = {
      {"AnotherKindOfFile",
       [](const fs::path& folder) {
         damageFile(folder, [](const std::string&) { return std::string(10'000, 'z'); });
       }},
      {"ABrokenHeader",
       [](const fs::path& folder) {
         damageFile(folder, [](std::string s) { return overwritten(std::move(s), 0, 100); });
       }},
      {"ABrokenSchemaPage",
       [](const fs::path& folder) {
         damageFile(folder, [](std::string s) { return overwritten(std::move(s), 100, 3900); });
       }},
      {"BrokenPagesInTheMiddle",
       [](const fs::path& folder) {
         damageFile(folder, [](std::string s) {
           const std::size_t middle = s.size() / 2;
           return overwritten(std::move(s), middle, 8192);
         });
       }},
      {"ATruncatedFile",
       [](const fs::path& folder) {
         damageFile(folder, [](const std::string& s) { return s.substr(0, s.size() / 2); });
       }},
      {"AFileOfAFewBytes",
       [](const fs::path& folder) {
         damageFile(folder, [](const std::string& s) { return s.substr(0, 50); });
       }},
      {"AMissingTable", [](const fs::path& folder) { change(folder, "DROP TABLE boxes;"); }},
      {"AMissingColumn",
       [](const fs::path& folder) { change(folder, "ALTER TABLE messages DROP COLUMN error;"); }},
      {"ANegativeVersion",
       [](const fs::path& folder) { change(folder, "PRAGMA user_version = -1;"); }},
      {"OnlyTheMarkOfOurFiles",
       [](const fs::path& folder) {
         fs::remove(folder / "history.db");
         change(folder, "PRAGMA application_id = " + std::to_string(kApplicationId));
       }},
  };
  return all;
}

class DamagedHistoryTest : public testing::TestWithParam<Damage> {
 protected:
  void SetUp() override {
    writeHistory(folder_.path());
    GetParam().apply(folder_.path());
  }

  TemporaryFolder folder_;
};

TEST_P(DamagedHistoryTest, IsSetAsideUnchangedAndAFreshOneBegun) {
  const std::string damaged = readFile(folder_ / "history.db");
  OpenedStore opened = need(SessionStore::open(folder_.path()));
  ASSERT_TRUE(opened.setAside);
  EXPECT_FALSE(opened.setAside->reason.empty());
  EXPECT_EQ(readFile(opened.setAside->file), damaged);
  // The images went with the rows that know them.
  EXPECT_TRUE(fs::exists(opened.setAside->file.parent_path() / "images"));

  EXPECT_TRUE(need(opened.store.listSessions()).empty());
  EXPECT_TRUE(opened.store.createSession(titled("fresh")).has_value());
}

TEST_P(DamagedHistoryTest, IsReportedOnceAndNeverOverwritten) {
  const fs::path first = need(SessionStore::open(folder_.path())).setAside->file;
  EXPECT_FALSE(need(SessionStore::open(folder_.path())).setAside);
  // Damaged again within the same second: the second one gets a name of its own.
  writeFile(folder_ / "history.db", std::string(10'000, 'z'));
  const fs::path second = need(SessionStore::open(folder_.path())).setAside->file;
  EXPECT_NE(first, second);
  EXPECT_TRUE(fs::exists(first));
  EXPECT_TRUE(fs::exists(second));
}

INSTANTIATE_TEST_SUITE_P(EveryDamage, DamagedHistoryTest, testing::ValuesIn(damages()),
                         [](const auto& test) { return std::string(test.param.name); });

/// The SQL that takes away each table, and from each that is not virtual each column.
std::vector<std::string> losses(const fs::path& folder) {
  Database database = need(Database::open(folder / "history.db"));
  Statement tables = need(database.prepare(
      "SELECT 'DROP TABLE ' || name FROM pragma_table_list"
      " WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite%'"
      " UNION ALL "
      "SELECT 'ALTER TABLE ' || t.name || ' RENAME COLUMN ' || c.name || ' TO lost'"
      " FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c"
      " WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%'"));
  std::vector<std::string> sql;
  while (need(tables.step())) sql.push_back(tables.text(0));
  return sql;
}

TEST(HistoryDatabase, OneWithoutAnyOfItsTablesOrColumnsIsDamaged) {
  const TemporaryFolder whole;
  writeHistory(whole.path());
  const std::vector<std::string> all = losses(whole.path());
  EXPECT_GT(all.size(), 80u);
  for (const std::string& loss : all) {
    const TemporaryFolder folder;
    fs::copy_file(whole / "history.db", folder / "history.db");
    change(folder.path(), loss);
    EXPECT_TRUE(
        failsWith(ErrorCode::Corrupt, openHistoryDatabase(folder.path(), FolderUse::Shared)))
        << loss;
  }
}

TEST(HistoryDatabase, ASetAsideFolderOpensAgainOnceItsDatabaseIsRepaired) {
  const TemporaryFolder folder;
  writeHistory(folder.path());
  const std::string good = readFile(folder / "history.db");
  writeFile(folder / "history.db", good.substr(0, good.size() / 2));
  const fs::path aside = need(SessionStore::open(folder.path())).setAside->file;
  writeFile(aside, good);
  SessionStore store = openStore(aside.parent_path());
  const StoredSession session = need(store.loadSession(need(store.listSessions()).at(0).id));
  EXPECT_TRUE(store.readImage(session.messages[0].attachments[0].image).has_value());
}

TEST(HistoryDatabase, ADamagedHistoryThatOthersUseStaysWhereItIs) {
  const TemporaryFolder folder;
  writeHistory(folder.path());
  writeFile(folder / "history.db", std::string(10'000, 'z'));
  StoreLock other = need(StoreLock::acquire(folder / "history.lock"));
  need(other.share());
  EXPECT_TRUE(failsWith(ErrorCode::Corrupt, SessionStore::open(folder.path())));
  EXPECT_EQ(readFile(folder / "history.db"), std::string(10'000, 'z'));
}

TEST(HistoryDatabase, AFlippedByteAnywhereIsNoCrash) {
  const TemporaryFolder folder;
  writeHistory(folder.path());
  const std::string good = readFile(folder / "history.db");
  std::mt19937 random(20240607);
  for (int round = 0; round < 150; ++round) {
    const TemporaryFolder copy;
    std::string damaged = good;
    for (int flips = 0; flips <= round % 8; ++flips) {
      // Half of them in the first pages, where the schema is.
      const std::size_t range = round % 2 == 0 ? damaged.size() : 8192;
      char& byte = damaged[random() % range];
      byte = static_cast<char>(byte ^ (1 << random() % 8));
    }
    writeFile(copy / "history.db", damaged);
    Result<OpenedStore> opened = SessionStore::open(copy.path());
    if (!opened) {  // the application's mark or the version was hit
      EXPECT_TRUE(failsWith(ErrorCode::Unsupported, opened));
      EXPECT_EQ(readFile(copy / "history.db"), damaged);
      continue;
    }
    if (opened->setAside) {
      EXPECT_EQ(readFile(opened->setAside->file), damaged);
    }
    // What the check cannot see may still be odd; it is read or reported, whatever it is.
    const Result<std::vector<SessionRecord>> sessions = opened->store.listSessions();
    if (!sessions) continue;
    for (const SessionRecord& session : *sessions) {
      static_cast<void>(opened->store.loadSession(session.id).has_value());
    }
  }
}

class RefusedHistoryTest : public testing::Test {
 protected:
  RefusedHistoryTest() { writeHistory(folder_.path()); }

  void expectRefusedUnchanged() {
    const std::string before = readFile(folder_ / "history.db");
    const Result<OpenedStore> opened = SessionStore::open(folder_.path());
    EXPECT_TRUE(failsWith(ErrorCode::Unsupported, opened));
    EXPECT_EQ(readFile(folder_ / "history.db"), before);
  }

  TemporaryFolder folder_;
};

TEST_F(RefusedHistoryTest, ANewerVersionIsRefusedAndNotRewritten) {
  change(folder_.path(), "PRAGMA user_version = " + std::to_string(newestVersion() + 1));
  expectRefusedUnchanged();
}

TEST_F(RefusedHistoryTest, ANewerVersionThatLostItsTablesIsStillRefused) {
  change(folder_.path(), "PRAGMA user_version = 2000000000; DROP TABLE boxes;");
  expectRefusedUnchanged();
}

TEST_F(RefusedHistoryTest, ANewerVersionKeepsItsWriteAheadLog) {
  // Copied while open: the newer version's last words are in the log only.
  const TemporaryFolder copy;
  {
    Database newer = need(Database::open(folder_ / "history.db"));
    need(newer.useWriteAheadLog());
    need(newer.execute("PRAGMA user_version = 99; UPDATE sessions SET title = 'newer';"));
    fs::copy_file(folder_ / "history.db", copy / "history.db");
    fs::copy_file(folder_ / "history.db-wal", copy / "history.db-wal");
  }
  const std::string database = readFile(copy / "history.db");
  const std::string log = readFile(copy / "history.db-wal");
  ASSERT_FALSE(log.empty());
  EXPECT_TRUE(failsWith(ErrorCode::Unsupported, SessionStore::open(copy.path())));
  EXPECT_EQ(readFile(copy / "history.db"), database);
  EXPECT_EQ(readFile(copy / "history.db-wal"), log);
}

TEST_F(RefusedHistoryTest, AnotherProgramsDatabaseIsRefusedAndNotRewritten) {
  change(folder_.path(), "PRAGMA application_id = 1;");
  expectRefusedUnchanged();
  fs::remove(folder_ / "history.db");
  change(folder_.path(), "CREATE TABLE theirs (x);");
  expectRefusedUnchanged();
}

/// Rows that SQLite finds sound and that our own code never writes.
class HostileRowsTest : public testing::Test {
 protected:
  HostileRowsTest() { writeHistory(folder_.path()); }

  Result<StoredSession> loadAfter(const std::string& sql) {
    change(folder_.path(), sql);
    SessionStore store = openStore(folder_.path());
    return store.loadSession(need(store.listSessions()).at(0).id);
  }

  TemporaryFolder folder_;
};

TEST_F(HostileRowsTest, AnImageNameThatIsAPathIsDamage) {
  EXPECT_TRUE(failsWith(ErrorCode::Corrupt,
                        loadAfter("UPDATE images SET sha256 = '../../../etc/passwd';"
                                  "UPDATE attachments SET image_sha256 = '../../../etc/passwd';")));
}

TEST_F(HostileRowsTest, AnUnusedImageNameThatIsAPathRemovesNoFile) {
  writeFile(folder_ / "victim", "keep me");
  change(folder_.path(), "INSERT INTO images VALUES ('../victim', 1, 1, 7, '')");
  openStore(folder_.path());
  EXPECT_TRUE(fs::exists(folder_ / "victim"));
}

TEST_F(HostileRowsTest, AnUnknownRoleOrStateIsDamage) {
  EXPECT_TRUE(failsWith(ErrorCode::Corrupt, loadAfter("UPDATE messages SET role = 'tool'")));
  change(folder_.path(), "UPDATE messages SET role = 'user'");
  EXPECT_TRUE(failsWith(ErrorCode::Corrupt, loadAfter("UPDATE messages SET state = 'melted'")));
}

TEST_F(HostileRowsTest, AnUnknownStopReasonIsDamage) {
  EXPECT_TRUE(failsWith(ErrorCode::Corrupt,
                        loadAfter("UPDATE answer_summaries SET stop_reason = 'because'")));
}

TEST_F(HostileRowsTest, ABoxOnAnImageThatIsNotThereHasNoPixels) {
  const StoredSession session =
      need(loadAfter("UPDATE boxes SET image_index = 9223372036854775807"));
  EXPECT_EQ(session.messages[1].boxes[0].grid, (GridBox{1, 2, 3, 4}));
  EXPECT_EQ(session.messages[1].boxes[0].pixels, PixelBox{});
}

TEST_F(HostileRowsTest, AnImpossibleImageSizeIsSetAside) {
  change(folder_.path(), "UPDATE images SET width = -1");
  EXPECT_TRUE(need(SessionStore::open(folder_.path())).setAside);
}

TEST_F(HostileRowsTest, TheLastPossiblePositionIsNoOverflow) {
  change(folder_.path(), "UPDATE messages SET position = 9223372036854775807 WHERE id = 1");
  SessionStore store = openStore(folder_.path());
  const SessionId session = need(store.listSessions()).at(0).id;
  EXPECT_FALSE(store.appendUserMessage(session, "one too many", {}));
  EXPECT_TRUE(store.loadSession(session).has_value());
}

TEST_F(HostileRowsTest, NegativeCountsAreNotHugeOnes) {
  const StoredSession session = need(loadAfter("UPDATE answer_summaries SET prompt_tokens = -5"));
  EXPECT_EQ(session.messages[1].summary->promptTokens, 0u);
}

}  // namespace
}  // namespace vl
