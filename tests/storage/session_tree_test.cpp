#include "storage/session_tree.h"

#include <atomic>
#include <stop_token>
#include <string>
#include <thread>

#include "tests/storage/session_store_fixture.h"

namespace vl {
namespace {

/// A session that takes several turns to be written.
SessionTree longTree() {
  SessionTree tree;
  tree.session.settings = titled("long");
  for (std::size_t i = 0; i < 4000; ++i) {
    SessionTree::Node node;
    node.message.raw = std::string(300, 'x');
    if (i > 0) node.parent = i - 1;
    tree.messages.push_back(std::move(node));
  }
  tree.shown = tree.messages.size() - 1;
  return tree;
}

/// Inserts a tree on its own thread through a store of its own.
class SessionTreeTest : public SessionStoreTest {
 protected:
  void begin(const SessionTree& tree) {
    thread_ = std::jthread([this, &tree] {
      Result<OpenedStore> opened = SessionStore::open(folder_.path());
      if (opened) outcome_ = opened->store.insertTree(tree, stop_.get_token());
      ended_ = true;
    });
  }
  std::int64_t count(const std::string& what) {
    return need(database_.queryInteger("SELECT count(*) FROM " + what));
  }

  Database database_ = need(Database::open(folder_ / "history.db"));
  std::stop_source stop_;
  std::optional<Result<SessionId>> outcome_;  // once it has ended
  std::atomic<bool> ended_ = false;
  std::jthread thread_;
};

TEST_F(SessionTreeTest, OthersWriteAndSeeNothingOfItWhileItIsInserted) {
  const SessionTree tree = longTree();
  const SessionId other = newSession("other");
  begin(tree);
  int written = 0;
  while (!ended_) {
    if (count("messages") == 0) continue;
    const Status renamed = store_->renameSession(other, "renamed");
    if (!ended_ && renamed) ++written;
    EXPECT_TRUE(need(store_->listTrash()).empty());
    for (const SessionRecord& session : need(store_->listSessions())) {
      if (session.id == other) continue;
      EXPECT_EQ(need(store_->loadSession(session.id)).messages.size(), tree.messages.size());
    }
  }
  thread_.join();
  EXPECT_GT(written, 0);
  ASSERT_TRUE(outcome_ && outcome_->has_value());
  EXPECT_EQ(need(store_->loadSession(**outcome_)).messages.size(), tree.messages.size());
}

TEST_F(SessionTreeTest, NothingStaysOfOneThatIsStoppedHalfway) {
  const SessionTree tree = longTree();
  begin(tree);
  while (!ended_ && count("messages") == 0) std::this_thread::yield();
  stop_.request_stop();
  thread_.join();
  ASSERT_TRUE(outcome_);
  EXPECT_TRUE(failsWith(ErrorCode::Cancelled, *outcome_));
  EXPECT_EQ(count("messages"), 0);
  EXPECT_EQ(count("sessions"), 0);
}

TEST_F(SessionTreeTest, WhatACrashLeftOfOneGoesWhenTheFolderIsOpened) {
  SessionTree tree = longTree();
  tree.messages.resize(10);
  tree.shown = 9;
  need(store_->insertTree(tree, {}));
  need(database_.execute("UPDATE sessions SET deleted_ms = 0"));
  reopen();
  EXPECT_EQ(count("messages"), 0);
  EXPECT_EQ(count("sessions"), 0);
}

}  // namespace
}  // namespace vl
