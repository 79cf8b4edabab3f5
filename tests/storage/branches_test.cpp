#include <algorithm>

#include "storage/session_tree.h"
#include "tests/storage/session_store_fixture.h"

namespace vl {
namespace {

/// A question with its answer, another one with its.
class BranchesTest : public SessionStoreTest {
 protected:
  MessageId answer(std::string_view text, std::optional<MessageId> sibling = std::nullopt) {
    const MessageId id = need(store_->beginAnswer(session_, sibling));
    need(store_->finishAnswer(id, text, {}, {}));
    return id;
  }
  MessageId question(std::string_view text, std::optional<MessageId> sibling = std::nullopt) {
    return need(store_->appendUserMessage(session_, text, {}, sibling));
  }
  StoredSession load() { return need(store_->loadSession(session_)); }
  std::vector<std::string> shown() {
    std::vector<std::string> texts;
    for (const StoredMessage& message : load().messages) texts.push_back(message.raw);
    return texts;
  }

  using Texts = std::vector<std::string>;
  SessionId session_ = newSession();
  MessageId firstQuestion_ = question("Q1");
  MessageId firstAnswer_ = answer("A1");
  MessageId secondQuestion_ = question("Q2");
  MessageId secondAnswer_ = answer("A2");
};

TEST_F(BranchesTest, AnAnswerGivenAgainStandsBesideTheFirst) {
  const MessageId again = answer("A2b", secondAnswer_);
  EXPECT_EQ(shown(), (Texts{"Q1", "A1", "Q2", "A2b"}));
  const StoredSession session = load();
  EXPECT_EQ(session.messages[3].siblings, (std::vector{secondAnswer_, again}));
  EXPECT_EQ(session.messages[2].siblings, (std::vector{secondQuestion_}));
}

TEST_F(BranchesTest, AnEditedQuestionBeginsABranchAndTheOldOneKeepsWhatFollowed) {
  const MessageId edited = question("Q1b", firstQuestion_);
  answer("A1b");
  EXPECT_EQ(shown(), (Texts{"Q1b", "A1b"}));
  EXPECT_EQ(load().messages[0].siblings, (std::vector{firstQuestion_, edited}));
  ASSERT_TRUE(succeeds(store_->showBranch(firstQuestion_)));
  EXPECT_EQ(shown(), (Texts{"Q1", "A1", "Q2", "A2"}));
  reopen();
  EXPECT_EQ(shown(), (Texts{"Q1", "A1", "Q2", "A2"}));
}

TEST_F(BranchesTest, ABranchIsShownDownToItsLatestEnd) {
  answer("A2b", secondAnswer_);
  question("Q3");
  answer("A1b", firstAnswer_);
  EXPECT_EQ(shown(), (Texts{"Q1", "A1b"}));
  ASSERT_TRUE(succeeds(store_->showBranch(firstAnswer_)));
  EXPECT_EQ(shown(), (Texts{"Q1", "A1", "Q2", "A2b", "Q3"}));
}

TEST_F(BranchesTest, SessionsDoNotShareBranches) {
  const SessionId other = newSession("other");
  need(store_->appendUserMessage(other, "Elsewhere", {}));
  EXPECT_EQ(load().messages[0].siblings.size(), 1u);
  EXPECT_EQ(need(store_->loadSession(other)).messages[0].siblings.size(), 1u);
}

TEST_F(BranchesTest, ATreeNamesParentsAndNoSiblings) {
  answer("A2b", secondAnswer_);
  const SessionTree tree = need(store_->loadTree(session_));
  ASSERT_EQ(tree.messages.size(), 5u);
  EXPECT_EQ(tree.messages[4].parent, tree.messages[3].parent);
  for (const SessionTree::Node& node : tree.messages) EXPECT_TRUE(node.message.siblings.empty());
}

TEST_F(BranchesTest, RemovingABranchLeavesTheOthers) {
  answer("A1b", firstAnswer_);
  ASSERT_TRUE(succeeds(store_->showBranch(firstAnswer_)));
  ASSERT_TRUE(succeeds(store_->removeMessagesFrom(firstAnswer_)));
  EXPECT_EQ(shown(), (Texts{"Q1"}));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->showBranch(secondQuestion_)));
}

TEST_F(BranchesTest, RemovingABranchThatIsNotShownChangesNothingThatIs) {
  answer("A1b", firstAnswer_);
  ASSERT_TRUE(succeeds(store_->removeMessagesFrom(firstAnswer_)));
  EXPECT_EQ(shown(), (Texts{"Q1", "A1b"}));
  EXPECT_EQ(load().messages[1].siblings.size(), 1u);
}

TEST_F(BranchesTest, LongConversationsCanBeRemovedAndDeleted) {
  for (int i = 0; i < 1500; ++i) question("more");  // deeper than SQLite's cascades go
  ASSERT_TRUE(succeeds(store_->removeMessagesFrom(secondQuestion_)));
  EXPECT_EQ(shown(), (Texts{"Q1", "A1"}));
  for (int i = 0; i < 1500; ++i) question("more");
  ASSERT_TRUE(succeeds(store_->deleteSession(session_)));
}

TEST_F(BranchesTest, AStoppedAnswerIsContinued) {
  const MessageId id = need(store_->beginAnswer(session_));
  need(store_->finishAnswer(id, "Half", {}, {MessageState::Stopped, "", AnswerSummary{}}));
  ASSERT_TRUE(succeeds(store_->resumeAnswer(id)));
  EXPECT_EQ(lastMessage(session_).state, MessageState::Streaming);
  EXPECT_EQ(lastMessage(session_).raw, "Half");
  EXPECT_FALSE(lastMessage(session_).summary);
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->resumeAnswer(id)));
  need(store_->finishAnswer(id, "Half and whole", {},
                            {MessageState::Complete, "", AnswerSummary{}}));
  EXPECT_EQ(lastMessage(session_).raw, "Half and whole");
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->resumeAnswer(secondQuestion_)));
}

TEST_F(BranchesTest, TheTrashGivesBackWhatItTook) {
  ASSERT_TRUE(succeeds(store_->trashSession(session_)));
  EXPECT_TRUE(need(store_->listSessions()).empty());
  const std::vector<SessionRecord> trash = need(store_->listTrash());
  ASSERT_EQ(trash.size(), 1u);
  EXPECT_TRUE(trash[0].deleted);
  reopen();
  ASSERT_TRUE(succeeds(store_->restoreSession(session_)));
  EXPECT_EQ(need(store_->listSessions()).size(), 1u);
  EXPECT_TRUE(need(store_->listTrash()).empty());
  EXPECT_EQ(shown(), (Texts{"Q1", "A1", "Q2", "A2"}));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->trashSession(SessionId{99})));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->restoreSession(SessionId{99})));
}

TEST_F(BranchesTest, OldTrashIsEmptiedWhenTheFolderIsOpened) {
  const SessionId young = newSession("young");
  ASSERT_TRUE(succeeds(store_->trashSession(session_)));
  ASSERT_TRUE(succeeds(store_->trashSession(young)));
  store_.reset();
  {
    Database database = need(Database::open(folder_ / "history.db"));
    need(
        database.execute("UPDATE sessions SET deleted_ms = deleted_ms - 31 * 86400000"
                         " WHERE title = 'session'"));
  }
  reopen();
  const std::vector<SessionRecord> trash = need(store_->listTrash());
  ASSERT_EQ(trash.size(), 1u);
  EXPECT_EQ(trash[0].settings.title, "young");
}

TEST_F(BranchesTest, ADamagedTreeEndsTheWalk) {
  store_.reset();
  {
    Database database = need(Database::open(folder_ / "history.db"));
    need(database.execute("UPDATE messages SET parent_id = (SELECT max(id) FROM messages)"));
  }
  reopen();
  EXPECT_LE(load().messages.size(), 4u);
  ASSERT_TRUE(succeeds(store_->showBranch(firstQuestion_)));
  (void)store_->removeMessagesFrom(secondAnswer_);  // ends, whatever it finds
}

}  // namespace
}  // namespace vl
