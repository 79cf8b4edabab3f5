#include "storage/migrations.h"

#include <array>
#include <string>
#include <vector>

#include "storage/reading_store.h"
#include "tests/storage/store_test_support.h"

namespace vl {
namespace {

/// Made-up steps: the second moves data, the third of the longer list cannot work.
constexpr std::array<Migration, 2> kSteps = {
    {{1, "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1), (2);"},
     {2, "CREATE TABLE b (y INTEGER) STRICT; INSERT INTO b SELECT x * 10 FROM a; DROP TABLE a;"}}};
constexpr std::array<Migration, 3> kStepsThenFailure = {
    {kSteps[0],
     kSteps[1],
     {3, "CREATE TABLE c (z INTEGER) STRICT; DROP TABLE b; INSERT INTO nowhere VALUES (1);"}}};

class MigrationsTest : public testing::Test {
 protected:
  std::int64_t query(std::string_view sql) { return need(database_.queryInteger(sql)); }

  TemporaryFolder folder_;
  Database database_ = need(Database::open(folder_ / "test.db"));
};

TEST_F(MigrationsTest, RunsEveryStepInOrder) {
  ASSERT_TRUE(succeeds(migrate(database_, kSteps)));
  EXPECT_EQ(query("PRAGMA user_version"), 2);
  EXPECT_EQ(query("SELECT sum(y) FROM b"), 30);
}

TEST_F(MigrationsTest, SkipsStepsThatTheFileHasSeen) {
  ASSERT_TRUE(succeeds(migrate(database_, std::span(kSteps).first(1))));
  EXPECT_EQ(query("PRAGMA user_version"), 1);
  need(database_.execute("INSERT INTO a VALUES (3)"));
  ASSERT_TRUE(succeeds(migrate(database_, kSteps)));
  EXPECT_EQ(query("SELECT sum(y) FROM b"), 60);
  ASSERT_TRUE(succeeds(migrate(database_, kSteps)));
  EXPECT_EQ(query("SELECT sum(y) FROM b"), 60);
}

TEST_F(MigrationsTest, AFailingStepLeavesTheVersionBeforeIt) {
  EXPECT_FALSE(migrate(database_, kStepsThenFailure));
  EXPECT_EQ(query("PRAGMA user_version"), 2);
  EXPECT_EQ(query("SELECT sum(y) FROM b"), 30);
  EXPECT_EQ(query("SELECT count(*) FROM sqlite_schema WHERE name = 'c'"), 0);
}

TEST_F(MigrationsTest, AFullDiskLeavesTheVersionBefore) {
  ASSERT_TRUE(succeeds(migrate(database_, std::span(kSteps).first(1))));
  const std::int64_t pages = query("PRAGMA page_count");
  need(database_.execute("PRAGMA max_page_count = " + std::to_string(pages)));
  EXPECT_TRUE(failsWith(ErrorCode::Io, migrate(database_, kSteps)));
  EXPECT_EQ(query("PRAGMA user_version"), 1);
  EXPECT_EQ(query("SELECT count(*) FROM a"), 2);
}

TEST(Migrations, CountUpByOne) {
  std::int64_t expected = 1;
  for (const Migration& step : migrations()) EXPECT_EQ(step.version, expected++);
  EXPECT_EQ(newestVersion(), expected - 1);
}

std::vector<std::string> schemaOf(Database& database) {
  Statement query = need(
      database.prepare("SELECT sql FROM sqlite_schema WHERE sql NOT NULL ORDER BY type, name"));
  std::vector<std::string> schema;
  while (need(query.step())) {
    std::string sql;
    for (const char c : query.text(0)) {  // layout is no difference
      if (c != ' ' && c != '\n') sql += c;
    }
    schema.push_back(std::move(sql));
  }
  return schema;
}

/// A history of each released version, as that version wrote it: fixtures/history_v<N>.sql.
class ReleasedHistoryTest : public testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override {
    Database database = need(Database::open(folder_ / "history.db"));
    need(
        database.execute(readFile(std::string(VL_SOURCE_DIR) + "/tests/storage/fixtures/history_v" +
                                  std::to_string(GetParam()) + ".sql")));
    ASSERT_EQ(need(database.queryInteger("PRAGMA user_version")), GetParam());
  }

  TemporaryFolder folder_;
};

TEST_P(ReleasedHistoryTest, HasTheSchemaOfAFreshHistoryAfterMigration) {
  Database database = need(Database::open(folder_ / "history.db"));
  ASSERT_TRUE(succeeds(migrate(database)));
  Database fresh = need(Database::open(folder_ / "fresh.db"));
  ASSERT_TRUE(succeeds(migrate(fresh)));
  EXPECT_EQ(schemaOf(database), schemaOf(fresh));
  EXPECT_EQ(need(database.queryInteger("PRAGMA user_version")), newestVersion());
  EXPECT_EQ(need(database.queryInteger("PRAGMA application_id")), kApplicationId);
}

TEST_P(ReleasedHistoryTest, KeepsEverythingInIt) {
  SessionStore store = openStore(folder_.path());
  const std::vector<SessionRecord> sessions = need(store.listSessions());
  ASSERT_EQ(sessions.size(), 2u);
  EXPECT_EQ(sessions[0].settings.title, "Two cats");
  EXPECT_EQ(sessions[0].settings.modelFolder, "/models/vl2-tiny");
  EXPECT_EQ(sessions[0].settings.modelName, "DeepSeek-VL2-Tiny");
  EXPECT_EQ(sessions[0].settings.systemPrompt, "Be brief.");
  EXPECT_EQ(sessions[0].created.time_since_epoch().count(), 1760000000000);
  EXPECT_EQ(sessions[0].updated.time_since_epoch().count(), 1760000009000);
  EXPECT_EQ(sessions[1].settings.title, "\xe7\xa9\xba");
  const bool hasContext = GetParam() >= 2;
  EXPECT_EQ(sessions[0].context,
            hasContext ? (SessionContext{MessageId{1}, false}) : SessionContext{});
  EXPECT_EQ(sessions[1].context, SessionContext{});
  const bool hasFolders = GetParam() >= 7;
  EXPECT_EQ(sessions[0].folder, hasFolders ? std::optional(FolderId{3}) : std::nullopt);
  EXPECT_EQ(sessions[0].pinned, hasFolders);
  EXPECT_FALSE(sessions[1].pinned);

  const AnswerSettings answers = need(store.answerSettings(sessions[0].id));
  EXPECT_EQ(answers.sampling.temperature, GetParam() >= 9 ? 0.0 : SamplingOptions().temperature);
  EXPECT_EQ(answers.maxTokens, GetParam() >= 9 ? 512u : AnswerSettings().maxTokens);
  EXPECT_EQ(answers.threads, GetParam() >= 11 ? 3u : 0u);

  const StoredSession session = need(store.loadSession(sessions[0].id));
  ASSERT_EQ(session.messages.size(), 2u);
  const StoredMessage& question = session.messages[0];
  EXPECT_EQ(question.role, MessageRole::User);
  EXPECT_EQ(question.state, MessageState::Complete);
  EXPECT_EQ(question.raw, "<|ref|>the cats<|/ref|>.");
  ASSERT_EQ(question.attachments.size(), 1u);
  EXPECT_EQ(question.attachments[0].fileName, "cats.jpg");
  EXPECT_EQ(question.attachments[0].image.size, (ImageSize{999, 1998}));
  EXPECT_EQ(question.attachments[0].image.bytes, 3u);
  EXPECT_EQ(question.attachments[0].image.mediaType, "image/jpeg");

  const StoredMessage& answer = session.messages[1];
  EXPECT_EQ(answer.role, MessageRole::Assistant);
  EXPECT_EQ(answer.state, MessageState::Complete);
  ASSERT_EQ(answer.boxes.size(), 1u);
  EXPECT_EQ(answer.boxes[0].label, "the cats");
  EXPECT_EQ(answer.boxes[0].grid, (GridBox{1, 2, 3.5, 4}));
  EXPECT_EQ(answer.boxes[0].pixels, (PixelBox{1, 4, 3.5, 8}));
  ASSERT_TRUE(answer.summary);
  EXPECT_EQ(answer.summary->end, AnswerEnd::EndOfSequence);
  EXPECT_EQ(answer.summary->seed, 18446744073709551615ull);
  EXPECT_EQ(answer.summary->promptTokens, 440u);
  EXPECT_EQ(answer.summary->decodeMs, 512.5);
}

TEST_P(ReleasedHistoryTest, IsFoundBySearching) {
  SessionStore store = openStore(folder_.path());
  for (const char* typed : {"two", "空", "the cats", "cats.jpg"}) {
    EXPECT_FALSE(need(store.search(typed, 10, {})).empty()) << typed;
  }
}

TEST_P(ReleasedHistoryTest, KeepsDocumentsThatAreRead) {
  if (GetParam() < 5) GTEST_SKIP() << "this version knew no documents";
  SessionStore sessions = openStore(folder_.path());
  ReadingStore store = need(ReadingStore::open(folder_.path()));
  const std::vector<ReadingRecord> readings = need(store.list());
  ASSERT_EQ(readings.size(), 1u);
  EXPECT_EQ(readings[0].fileName, "report.pdf");
  EXPECT_EQ(readings[0].waiting, 1u);
  const std::vector<ReadingPage> pages = need(store.pages(readings[0].id));
  EXPECT_EQ(pages[0].text, "The first page.");
  EXPECT_EQ(pages[0].source, PageSource::TextLayer);
  EXPECT_EQ(pages[1].page, 2u);
  for (const char* typed : {"report", "first page"}) {
    const std::vector<SearchHit> hits = need(sessions.search(typed, 10, {}));
    ASSERT_EQ(hits.size(), 1u) << typed;
    EXPECT_EQ(hits[0].reading, readings[0].id) << typed;
  }
}

INSTANTIATE_TEST_SUITE_P(EveryVersion, ReleasedHistoryTest,
                         testing::Range<std::int64_t>(1, newestVersion() + 1));

}  // namespace
}  // namespace vl
