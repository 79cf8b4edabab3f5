// What a process leaves behind that is killed while it imports a session.

#include <unistd.h>

#include <filesystem>
#include <string>

#include "storage/exchange/session_json.h"
#include "tests/storage/exchange/exchange_fixture.h"
#include "tests/storage/victim.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

class ImportCrashTest : public ExchangeTest {};

TEST_F(ImportCrashTest, KillWhileImportingAddsWholeSessionsOnlyAndTheNextImportWorks) {
  for (int i = 0; i < 200; ++i) answer(std::string(500, 'x'), {MessageState::Complete, "", {}});
  const std::size_t messages = need(store_->loadTree(session_)).messages.size();
  const fs::path file = folder_ / "session.json";
  need(exportSessionJson(*store_, session_, file, {}));

  for (int round = 0; round < 12; ++round) {
    const TemporaryFolder folder;
    Victim victim([&](const auto& report) {
      SessionStore store = openStore(folder.path());
      report(0);
      for (std::int64_t k = 1;; ++k) {
        need(importSessionJson(store, file, measure(), {}));
        report(k);
      }
    });
    std::int64_t promised = 0;
    for (int reports = 0; reports <= round / 4; ++reports) promised = victim.nextReport();
    ::usleep(static_cast<useconds_t>(round) * 2500);
    promised = victim.killAfter(promised);

    OpenedStore opened = need(SessionStore::open(folder.path()));
    EXPECT_FALSE(opened.setAside);
    const std::vector<SessionRecord> sessions = need(opened.store.listSessions());
    EXPECT_TRUE(need(opened.store.listTrash()).empty());
    EXPECT_GE(sessions.size(), static_cast<std::size_t>(promised));
    EXPECT_LE(sessions.size(), static_cast<std::size_t>(promised + 1));
    for (const SessionRecord& session : sessions) {
      const SessionTree tree = need(opened.store.loadTree(session.id));
      EXPECT_EQ(tree.messages.size(), messages);
      for (const Attachment& attachment : tree.messages[0].message.attachments) {
        EXPECT_TRUE(opened.store.readImage(attachment.image).has_value());
      }
    }
    EXPECT_TRUE(importSessionJson(opened.store, file, measure(), {}).has_value());
  }
}

}  // namespace
}  // namespace vl
