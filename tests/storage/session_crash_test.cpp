// What a process leaves behind when it is killed.

#include <unistd.h>

#include <filesystem>
#include <string>

#include "storage/migrations.h"
#include "storage/session_store.h"
#include "tests/storage/store_test_support.h"
#include "tests/storage/victim.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

/// The k-th state of the answer: k words.
std::string words(std::int64_t k) {
  std::string text;
  for (std::int64_t i = 0; i < k; ++i) text += "word ";
  return text;
}

TEST(SessionCrash, EveryUpdateThatReturnedSurvivesKill) {
  // Updates follow each other without a pause, so that the kill falls into one of them.
  for (int round = 0; round < 20; ++round) {
    const TemporaryFolder folder;
    Victim victim([&](const auto& report) {
      SessionStore store = openStore(folder.path());
      const SessionId session = need(store.createSession(titled("interrupted"))).id;
      need(store.appendUserMessage(session, "What is this?", {}));
      const MessageId answer = need(store.beginAnswer(session));
      report(0);
      for (std::int64_t k = 1;; ++k) {
        GroundedBox box;
        box.label = std::to_string(k);
        need(store.updateAnswer(answer, words(k), {&box, 1}));
        report(k);
      }
    });
    std::int64_t promised = 0;
    for (int reports = 0; reports <= 3 * round; ++reports) promised = victim.nextReport();
    promised = victim.killAfter(promised);

    OpenedStore opened = need(SessionStore::open(folder.path()));
    EXPECT_FALSE(opened.setAside);
    EXPECT_EQ(opened.interruptedAnswers, 1u);
    const std::vector<SessionRecord> sessions = need(opened.store.listSessions());
    ASSERT_EQ(sessions.size(), 1u);
    EXPECT_EQ(sessions[0].settings.title, "interrupted");
    const std::vector<StoredMessage> messages =
        need(opened.store.loadSession(sessions[0].id)).messages;
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_EQ(messages[0].raw, "What is this?");
    const StoredMessage& answer = messages[1];
    EXPECT_EQ(answer.state, MessageState::Stopped);
    // The last update that returned, or the one that was being written; whole in either case.
    const bool lastOne = answer.raw == words(promised);
    EXPECT_TRUE(lastOne || answer.raw == words(promised + 1)) << promised << ": " << answer.raw;
    if (promised > 0) {
      ASSERT_EQ(answer.boxes.size(), 1u);
      EXPECT_EQ(answer.boxes[0].label, std::to_string(lastOne ? promised : promised + 1));
    }
  }
}

TEST(SessionCrash, SessionsOfAKilledProcessGoOn) {
  const TemporaryFolder folder;
  {
    Victim victim([&](const auto& report) {
      SessionStore store = openStore(folder.path());
      const SessionId session = need(store.createSession(titled("interrupted"))).id;
      need(store.updateAnswer(need(store.beginAnswer(session)), "half an ans", {}));
      report(0);
      ::pause();
    });
    victim.nextReport();
  }
  SessionStore store = openStore(folder.path());
  const SessionId session = need(store.listSessions()).at(0).id;
  need(store.appendUserMessage(session, "Go on.", {}));
  need(store.finishAnswer(need(store.beginAnswer(session)), "wer", {}, {}));
  const std::vector<StoredMessage> messages = need(store.loadSession(session)).messages;
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_EQ(messages[0].raw, "half an ans");
  EXPECT_EQ(messages[0].state, MessageState::Stopped);
  EXPECT_EQ(messages[2].state, MessageState::Complete);
}

TEST(SessionCrash, KillWhileCreatingTheHistoryLeavesAFolderThatOpens) {
  for (int round = 0; round < 10; ++round) {
    const TemporaryFolder folder;
    Victim victim([&](const auto& report) {
      report(0);
      const SessionStore store = openStore(folder.path());
      report(1);
      ::pause();
    });
    victim.nextReport();
    ::usleep(static_cast<useconds_t>(round) * 1000);
    victim.killAfter(0);
    OpenedStore opened = need(SessionStore::open(folder.path()));
    EXPECT_FALSE(opened.setAside);
    EXPECT_TRUE(opened.store.createSession(titled("works")).has_value());
  }
}

TEST(SessionCrash, KillWhileImportingLeavesWholeImagesOnly) {
  for (int round = 0; round < 10; ++round) {
    const TemporaryFolder folder;
    Victim victim([&](const auto& report) {
      SessionStore store = openStore(folder.path());
      const SessionId session = need(store.createSession(titled("images"))).id;
      for (std::int64_t k = 1;; ++k) {
        const std::string content = pngBytes(std::string(200'000, 'p') + std::to_string(k));
        const Attachment picture =
            attach(need(store.importImage(bytesOf(content), ImageSize{10, 10})));
        need(store.appendUserMessage(session, "", {&picture, 1}));
        report(k);
      }
    });
    std::int64_t promised = 0;
    for (int reports = 0; reports <= round; ++reports) promised = victim.nextReport();
    promised = victim.killAfter(promised);

    SessionStore store = openStore(folder.path());
    const StoredSession session = need(store.loadSession(need(store.listSessions()).at(0).id));
    EXPECT_GE(session.messages.size(), static_cast<std::size_t>(promised));
    for (const StoredMessage& message : session.messages) {
      ASSERT_EQ(message.attachments.size(), 1u);
      EXPECT_TRUE(store.readImage(message.attachments[0].image).has_value());
    }
    EXPECT_FALSE(fs::exists(folder / "images/incoming"));
  }
}

/// A history of version 3, which had no search index yet, with enough text that the migration takes
/// longer than a kill needs.
void writeOldHistory(const fs::path& folder, int messages) {
  Database database = need(Database::open(folder / "history.db"));
  need(migrate(database, migrations().first(3)));
  Transaction transaction = need(Transaction::begin(database));
  need(
      database.execute("INSERT INTO sessions (title, model_folder, model_name, system_prompt, "
                       "created_ms, updated_ms)"
                       " VALUES ('old', '', '', '', 0, 0)"));
  Statement insert = need(database.prepare(
      "INSERT INTO messages (session_id, parent_id, position, role, state, raw, error, created_ms)"
      " VALUES (1, iif(?1 = 0, NULL, ?1), ?1, 'user', 'complete', ?2, '', 0)"));
  for (std::int64_t i = 0; i < messages; ++i) {
    insert.bindAll(i, "needle " + words(50) + std::to_string(i));
    need(insert.run());
  }
  need(database.execute("UPDATE sessions SET leaf_id = (SELECT max(id) FROM messages)"));
  need(transaction.commit());
}

TEST(SessionCrash, KillWhileMigratingLosesNothingAndTheNextStartGoesOn) {
  constexpr int kMessages = 3000;
  int between = 0;
  for (int round = 0; round < 12; ++round) {
    const TemporaryFolder folder;
    writeOldHistory(folder.path(), kMessages);
    Victim victim([&](const auto& report) {
      report(0);
      const SessionStore store = openStore(folder.path());
      report(1);
      ::pause();
    });
    victim.nextReport();
    ::usleep(static_cast<useconds_t>(round) * 4000);
    if (victim.killAfter(0) == 0) ++between;

    OpenedStore opened = need(SessionStore::open(folder.path()));
    EXPECT_FALSE(opened.setAside);
    const SessionId session = need(opened.store.listSessions()).at(0).id;
    EXPECT_EQ(need(opened.store.loadSession(session)).messages.size(), std::size_t{kMessages});
    EXPECT_EQ(need(opened.store.search("needle", kMessages, {})).size(), std::size_t{kMessages});
    EXPECT_TRUE(opened.store.appendUserMessage(session, "goes on", {}).has_value());
  }
  EXPECT_GT(between, 0) << "no kill fell into the migration";
}

}  // namespace
}  // namespace vl
