#include "storage/database.h"

#include <filesystem>
#include <limits>
#include <string>

#include "tests/storage/store_test_support.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

class DatabaseTest : public testing::Test {
 protected:
  DatabaseTest() : database_(need(Database::open(folder_ / "test.db"))) {
    need(database_.useWriteAheadLog());
    need(database_.execute("CREATE TABLE items (id INTEGER PRIMARY KEY, value ANY) STRICT;"));
  }

  std::int64_t countItems() { return need(database_.queryInteger("SELECT count(*) FROM items")); }

  TemporaryFolder folder_;
  Database database_;
};

TEST_F(DatabaseTest, ReturnsEveryTextByteForByte) {
  const std::string texts[] = {"",
                               "plain",
                               std::string("a\0b\0", 4),
                               "\xff\xfe broken \xc3",
                               "\xed\xa0\x80",  // a surrogate
                               "'); DROP TABLE items; --",
                               "\xe4\xb8\xad\xe6\x96\x87"};
  Statement insert = need(database_.prepare("INSERT INTO items (value) VALUES (?)"));
  Statement select = need(database_.prepare("SELECT value FROM items WHERE id = ?"));
  for (const std::string& text : texts) {
    insert.bindAll(text);
    ASSERT_TRUE(succeeds(insert.run()));
    select.bindAll(database_.lastInsertId());
    ASSERT_TRUE(need(select.step()));
    EXPECT_EQ(select.text(0), text);
    select.reset();
  }
}

TEST_F(DatabaseTest, TakesAViewOfNothingForAnEmptyText) {
  Statement echo = need(database_.prepare("SELECT ?"));
  echo.bindAll(std::string_view());
  ASSERT_TRUE(need(echo.step()));
  EXPECT_FALSE(echo.isNull(0));
}

TEST_F(DatabaseTest, ReturnsEveryNumber) {
  Statement echo = need(database_.prepare("SELECT ?, ?, ?"));
  for (const std::int64_t value : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                                   std::int64_t{0}, std::numeric_limits<std::int64_t>::max()}) {
    echo.bind(1, value);
    echo.bind(2, 0.1);
    echo.bindNull(3);
    ASSERT_TRUE(need(echo.step()));
    EXPECT_EQ(echo.integer(0), value);
    EXPECT_EQ(echo.real(1), 0.1);
    EXPECT_TRUE(echo.isNull(2));
    EXPECT_FALSE(echo.isNull(0));
    echo.reset();
  }
}

TEST_F(DatabaseTest, ReadsAValueOfAnotherTypeWithoutHarm) {
  Statement row = need(database_.prepare("SELECT NULL, 'word', x'ff00', 12"));
  ASSERT_TRUE(need(row.step()));
  EXPECT_EQ(row.text(0), "");
  EXPECT_EQ(row.integer(1), 0);
  EXPECT_EQ(row.text(2), std::string("\xff\0", 2));
  EXPECT_EQ(row.text(3), "12");
}

TEST_F(DatabaseTest, RefusesATextOverTheLimitAndStaysUsable) {
  const std::string huge(static_cast<std::size_t>(kMaxValueBytes) + 1, 'x');
  Statement insert = need(database_.prepare("INSERT INTO items (value) VALUES (?)"));
  insert.bindAll(huge);
  EXPECT_TRUE(failsWith(ErrorCode::InvalidArgument, insert.run()));
  EXPECT_EQ(countItems(), 0);
  insert.bindAll("small");
  EXPECT_TRUE(succeeds(insert.run()));
  EXPECT_EQ(countItems(), 1);
}

TEST_F(DatabaseTest, EnforcesForeignKeys) {
  need(
      database_.execute("CREATE TABLE parts (item INTEGER NOT NULL REFERENCES items (id)) STRICT"));
  EXPECT_TRUE(failsWith(ErrorCode::InvalidArgument,
                        database_.execute("INSERT INTO parts (item) VALUES (42)")));
}

TEST_F(DatabaseTest, ReportsAMissingTableAsDamage) {
  EXPECT_TRUE(failsWith(ErrorCode::Corrupt, database_.prepare("SELECT * FROM nowhere")));
}

TEST_F(DatabaseTest, ReportsAFullFileAndKeepsWhatWasThere) {
  const std::int64_t pages = need(database_.queryInteger("PRAGMA page_count"));
  need(database_.execute("PRAGMA max_page_count = " + std::to_string(pages + 1)));
  Statement insert = need(database_.prepare("INSERT INTO items (value) VALUES (?)"));
  insert.bindAll("fits");
  ASSERT_TRUE(succeeds(insert.run()));
  insert.bindAll(std::string(1 << 20, 'x'));
  const Status full = insert.run();
  ASSERT_TRUE(failsWith(ErrorCode::Io, full));
  EXPECT_NE(full.error().what.find("the disk is full"), std::string::npos) << full.error().what;
  EXPECT_EQ(countItems(), 1);
}

TEST_F(DatabaseTest, TransactionRollsBackUnlessCommitted) {
  {
    const Transaction transaction = need(Transaction::begin(database_));
    need(database_.execute("INSERT INTO items (value) VALUES (1)"));
    EXPECT_TRUE(database_.inTransaction());
  }
  EXPECT_FALSE(database_.inTransaction());
  EXPECT_EQ(countItems(), 0);
  {
    Transaction transaction = need(Transaction::begin(database_));
    need(database_.execute("INSERT INTO items (value) VALUES (1)"));
    EXPECT_TRUE(succeeds(transaction.commit()));
  }
  EXPECT_EQ(countItems(), 1);
}

TEST_F(DatabaseTest, TransactionSurvivesSqliteRollingBackOnItsOwn) {
  const std::int64_t pages = need(database_.queryInteger("PRAGMA page_count"));
  need(database_.execute("PRAGMA max_page_count = " + std::to_string(pages + 1)));
  {
    Transaction transaction = need(Transaction::begin(database_));
    need(database_.execute("INSERT INTO items (value) VALUES (1)"));
    EXPECT_TRUE(failsWith(ErrorCode::Io,
                          database_.execute("INSERT INTO items (value) VALUES (zeroblob(99999))")));
  }
  EXPECT_EQ(countItems(), 0);
  EXPECT_TRUE(succeeds(database_.execute("INSERT INTO items (value) VALUES (2)")));
}

TEST_F(DatabaseTest, SnapshotSeesOneStateWhileAnotherConnectionWrites) {
  Database writer = need(Database::open(folder_ / "test.db"));
  const Transaction snapshot = need(Transaction::beginSnapshot(database_));
  EXPECT_EQ(countItems(), 0);
  need(writer.execute("INSERT INTO items (value) VALUES (1)"));
  EXPECT_EQ(countItems(), 0);
}

TEST(DatabaseOpen, SaysThatTheFolderIsMissing) {
  const TemporaryFolder folder;
  EXPECT_TRUE(failsWith(ErrorCode::Io, Database::open(folder / "no/such/folder/test.db")));
}

TEST(DatabaseOpen, SaysThatTheFileIsNoDatabase) {
  const TemporaryFolder folder;
  const std::string letter =
      "Dear SQLite, this is a letter and not a database at all. " + std::string(4096, '.');
  writeFile(folder / "test.db", letter);
  EXPECT_TRUE(failsWith(ErrorCode::Corrupt, Database::open(folder / "test.db")));
  EXPECT_EQ(readFile(folder / "test.db"), letter);
}

TEST(DatabaseOpen, RefusesAFileThatMayNotBeWritten) {
  const TemporaryFolder folder;
  writeFile(folder / "test.db", "");
  fs::permissions(folder.path(), fs::perms::all);
  fs::permissions(folder / "test.db", fs::perms::owner_read | fs::perms::others_read);
  const OrdinaryUser user;
  EXPECT_TRUE(failsWith(ErrorCode::Io, Database::open(folder / "test.db")));
}

}  // namespace
}  // namespace vl
