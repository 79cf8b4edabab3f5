#include "storage/session_store.h"

#include <filesystem>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "tests/storage/session_store_fixture.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

AnswerSummary someSummary() {
  AnswerSummary summary;
  summary.end = AnswerEnd::TokenLimit;
  summary.seed = std::numeric_limits<std::uint64_t>::max();
  summary.promptTokens = 440;
  summary.imageTokens = 421;
  summary.reusedTokens = 3;
  summary.completionTokens = 24;
  summary.tiles = 5;
  summary.imageMs = 1.5;
  summary.visionMs = 250.25;
  summary.prefillMs = 900;
  summary.firstTokenMs = 1200;
  summary.decodeMs = 0.1;
  return summary;
}

TEST_F(SessionStoreTest, BeginsWithoutSessions) {
  EXPECT_TRUE(need(store_->listSessions()).empty());
}

TEST_F(SessionStoreTest, CreatesItsFolderForItsOwnerOnly) {
  const fs::path nested = folder_ / "share/app/data";
  openStore(nested);
  EXPECT_EQ(fs::status(nested).permissions(), fs::perms::owner_all);
  EXPECT_TRUE(fs::exists(nested / "history.db"));
}

TEST_F(SessionStoreTest, KeepsASessionsSettingsOverARestart) {
  const SessionSettings settings{"A title", "/models/tiny", "Tiny", "Be brief."};
  const SessionRecord created = need(store_->createSession(settings));
  reopen();
  const SessionRecord read = need(store_->loadSession(created.id)).session;
  EXPECT_EQ(read.settings.title, "A title");
  EXPECT_EQ(read.settings.modelFolder, "/models/tiny");
  EXPECT_EQ(read.settings.modelName, "Tiny");
  EXPECT_EQ(read.settings.systemPrompt, "Be brief.");
  EXPECT_EQ(read.created, created.created);
  EXPECT_EQ(read.updated, created.updated);
}

TEST_F(SessionStoreTest, ListsTheLastUpdatedFirst) {
  const SessionId first = newSession("first");
  letTimePass();
  const SessionId second = newSession("second");
  letTimePass();
  const auto titles = [this] {
    std::vector<std::string> result;
    for (const SessionRecord& session : need(store_->listSessions())) {
      result.push_back(session.settings.title);
    }
    return result;
  };
  EXPECT_EQ(titles(), (std::vector<std::string>{"second", "first"}));
  ask(first);
  EXPECT_EQ(titles(), (std::vector<std::string>{"first", "second"}));
  letTimePass();
  const MessageId answer = need(store_->beginAnswer(second));
  EXPECT_EQ(titles(), (std::vector<std::string>{"second", "first"}));
  letTimePass();
  ask(first);
  letTimePass();
  need(store_->finishAnswer(answer, "", {}, {}));
  EXPECT_EQ(titles(), (std::vector<std::string>{"second", "first"}));
}

TEST_F(SessionStoreTest, RenamingChangesTheTitleAndNotTheOrder) {
  const SessionId first = newSession("first");
  letTimePass();
  newSession("second");
  need(store_->renameSession(first, "renamed"));
  reopen();
  const std::vector<SessionRecord> sessions = need(store_->listSessions());
  EXPECT_EQ(sessions[1].settings.title, "renamed");
  EXPECT_EQ(sessions[1].id, first);
}

TEST_F(SessionStoreTest, RemembersTheModelOfASession) {
  const SessionId session = newSession();
  need(store_->setSessionModel(session, "/models/other", "Other"));
  reopen();
  const SessionSettings settings = need(store_->loadSession(session)).session.settings;
  EXPECT_EQ(settings.modelFolder, "/models/other");
  EXPECT_EQ(settings.modelName, "Other");
  EXPECT_EQ(settings.title, "session");
}

TEST_F(SessionStoreTest, RemembersWhatOfASessionTheModelIsGiven) {
  const SessionId session = newSession();
  EXPECT_EQ(need(store_->loadSession(session)).session.context, SessionContext{});
  ask(session);
  const MessageId second = ask(session);
  const SessionContext context{second, false};
  ASSERT_TRUE(succeeds(store_->setSessionContext(session, context)));
  reopen();
  EXPECT_EQ(need(store_->loadSession(session)).session.context, context);
  EXPECT_EQ(need(store_->listSessions())[0].context, context);
  ASSERT_TRUE(succeeds(store_->setSessionContext(session, {})));
  EXPECT_EQ(need(store_->loadSession(session)).session.context, SessionContext{});
}

TEST_F(SessionStoreTest, AContextThatBeginsWithARemovedMessageIsTheWholeSession) {
  const SessionId session = newSession();
  ask(session);
  const MessageId second = ask(session);
  ASSERT_TRUE(succeeds(store_->setSessionContext(session, {second, true})));
  ASSERT_TRUE(succeeds(store_->removeMessagesFrom(second)));
  EXPECT_EQ(need(store_->loadSession(session)).session.context, SessionContext{});
}

TEST_F(SessionStoreTest, RefusesAContextThatBeginsNowhere) {
  const SessionId session = newSession();
  EXPECT_TRUE(failsWith(ErrorCode::InvalidArgument,
                        store_->setSessionContext(session, {MessageId{99}, true})));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->setSessionContext(SessionId{99}, {})));
}

TEST_F(SessionStoreTest, DeletesASessionWithEverythingInIt) {
  const SessionId kept = newSession("kept");
  ask(kept);
  const SessionId session = newSession();
  const Attachment picture = attach(newImage("a"));
  ask(session, {&picture, 1});
  const MessageId answer = need(store_->beginAnswer(session));
  const GroundedBox found = box("cat", 0, {1, 2, 3, 4});
  need(store_->finishAnswer(answer, "cat", {&found, 1},
                            {MessageState::Complete, "", someSummary()}));

  need(store_->deleteSession(session));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->loadSession(session)));
  ASSERT_EQ(need(store_->listSessions()).size(), 1u);
  EXPECT_EQ(need(store_->loadSession(kept)).messages.size(), 1u);

  Database database = need(Database::open(folder_ / "history.db"));
  for (const char* table : {"attachments", "boxes", "answer_summaries"}) {
    EXPECT_EQ(need(database.queryInteger("SELECT count(*) FROM " + std::string(table))), 0)
        << table;
  }
}

TEST_F(SessionStoreTest, NeverGivesOutAnIdTwice) {
  const SessionId session = newSession();
  const MessageId message = ask(session);
  need(store_->deleteSession(session));
  reopen();
  const SessionId next = newSession();
  EXPECT_NE(next, session);
  EXPECT_NE(ask(next), message);
}

TEST_F(SessionStoreTest, SaysThatASessionIsGone) {
  const SessionId session = newSession();
  need(store_->deleteSession(session));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->loadSession(session)));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->renameSession(session, "x")));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->setSessionModel(session, "x", "y")));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->deleteSession(session)));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->appendUserMessage(session, "x", {})));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->beginAnswer(session)));
}

TEST_F(SessionStoreTest, KeepsAConversationOverARestart) {
  const SessionId session = newSession();
  const Attachment pictures[] = {attach(newImage("a", {999, 1998}), "one.png"),
                                 attach(newImage("b", {10, 20}), "two.png")};
  ask(session, pictures);
  const MessageId first = need(store_->beginAnswer(session));
  const GroundedBox boxes[] = {box("cat", 0, {0, 0, 500.5, 999}), box("dog", 1, {1, 2, 3, 4})};
  need(store_->finishAnswer(first, "<|ref|>cat<|/ref|>", boxes,
                            {MessageState::Complete, "", someSummary()}));
  const Attachment third = attach(newImage("c", {1, 1}), "three.png");
  ask(session, {&third, 1});
  const MessageId second = need(store_->beginAnswer(session));
  need(store_->finishAnswer(second, "half", {}, {MessageState::Failed, "No memory.", {}}));

  reopen();
  const std::vector<StoredMessage> messages = need(store_->loadSession(session)).messages;
  ASSERT_EQ(messages.size(), 4u);
  EXPECT_EQ(messages[0].role, MessageRole::User);
  EXPECT_EQ(messages[0].state, MessageState::Complete);
  EXPECT_EQ(messages[0].raw, "What is this?");
  EXPECT_EQ(messages[0].attachments, (std::vector<Attachment>{pictures[0], pictures[1]}));

  EXPECT_EQ(messages[1].id, first);
  EXPECT_EQ(messages[1].role, MessageRole::Assistant);
  EXPECT_EQ(messages[1].state, MessageState::Complete);
  EXPECT_EQ(messages[1].raw, "<|ref|>cat<|/ref|>");
  EXPECT_EQ(messages[1].summary, someSummary());
  ASSERT_EQ(messages[1].boxes.size(), 2u);
  EXPECT_EQ(messages[1].boxes[0].label, "cat");
  EXPECT_EQ(messages[1].boxes[0].grid, boxes[0].grid);
  EXPECT_EQ(messages[1].boxes[0].pixels, (PixelBox{0, 0, 500.5, 1998}));
  EXPECT_EQ(messages[1].boxes[1].image, 1u);
  EXPECT_EQ(messages[1].boxes[1].pixels,
            (PixelBox{1 / 999.0 * 10, 2 / 999.0 * 20, 3 / 999.0 * 10, 4 / 999.0 * 20}));

  EXPECT_EQ(messages[2].attachments, (std::vector<Attachment>{third}));
  EXPECT_EQ(messages[3].state, MessageState::Failed);
  EXPECT_EQ(messages[3].error, "No memory.");
  EXPECT_FALSE(messages[3].summary);
}

TEST_F(SessionStoreTest, KeepsEveryKindOfEnd) {
  const SessionId session = newSession();
  for (const MessageState state :
       {MessageState::Complete, MessageState::Stopped, MessageState::Failed}) {
    for (const AnswerEnd end : {AnswerEnd::EndOfSequence, AnswerEnd::TokenLimit,
                                AnswerEnd::ContextFull, AnswerEnd::Cancelled}) {
      AnswerSummary summary = someSummary();
      summary.end = end;
      need(store_->finishAnswer(need(store_->beginAnswer(session)), "text", {},
                                {state, "", summary}));
      EXPECT_EQ(lastMessage(session).state, state);
      EXPECT_EQ(lastMessage(session).summary, summary);
    }
  }
}

TEST_F(SessionStoreTest, OneImageMayAppearInSeveralMessages) {
  const SessionId session = newSession();
  const ImageRecord image = newImage("a");
  const Attachment pictures[] = {attach(image, "one.png"), attach(image, "copy.png")};
  ask(session, pictures);
  ask(session, pictures);
  const std::vector<StoredMessage> messages = need(store_->loadSession(session)).messages;
  EXPECT_EQ(messages[0].attachments[1].fileName, "copy.png");
  EXPECT_EQ(messages[1].attachments.size(), 2u);
}

TEST_F(SessionStoreTest, AQuestionWithAnUnknownImageIsNotWrittenAtAll) {
  const SessionId session = newSession();
  Attachment unknown = attach(newImage("a"));
  unknown.image.sha256.bytes[0] ^= 1;
  EXPECT_TRUE(
      failsWith(ErrorCode::NotFound, store_->appendUserMessage(session, "?", {&unknown, 1})));
  EXPECT_TRUE(need(store_->loadSession(session)).messages.empty());
}

TEST_F(SessionStoreTest, AnAnswerCanBeReadWhileItIsWritten) {
  const SessionId session = newSession();
  const MessageId answer = need(store_->beginAnswer(session));
  EXPECT_EQ(lastMessage(session).state, MessageState::Streaming);
  const GroundedBox boxes[] = {box("a", 0, {1, 1, 2, 2}), box("b", 0, {3, 3, 4, 4})};
  need(store_->updateAnswer(answer, "one", std::span(boxes).first(1)));
  need(store_->updateAnswer(answer, "one two", boxes));
  const StoredMessage message = lastMessage(session);
  EXPECT_EQ(message.raw, "one two");
  ASSERT_EQ(message.boxes.size(), 2u);
  EXPECT_EQ(message.boxes[1].label, "b");
  // There is no image to measure them on.
  EXPECT_EQ(message.boxes[1].pixels, PixelBox{});
}

TEST_F(SessionStoreTest, AnEndedAnswerIsNotWrittenAgain) {
  const SessionId session = newSession();
  const MessageId question = ask(session);
  const MessageId answer = need(store_->beginAnswer(session));
  need(store_->finishAnswer(answer, "final", {}, {}));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->updateAnswer(answer, "late", {})));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->finishAnswer(answer, "late", {}, {})));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->updateAnswer(question, "late", {})));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->updateAnswer(MessageId{77}, "late", {})));
  EXPECT_EQ(lastMessage(session).raw, "final");
}

TEST_F(SessionStoreTest, RemovesAMessageWithAllThatFollowAndNothingElse) {
  const SessionId other = newSession();
  ask(other);
  const SessionId session = newSession();
  const MessageId first = ask(session);
  const MessageId answer = need(store_->beginAnswer(session));
  ASSERT_TRUE(store_->finishAnswer(answer, "a box", {{box("x", 0, {1, 2, 3, 4})}},
                                   {MessageState::Complete, "", someSummary()}));
  ask(session);

  ASSERT_TRUE(store_->removeMessagesFrom(answer));

  const StoredSession left = need(store_->loadSession(session));
  ASSERT_EQ(left.messages.size(), 1u);
  EXPECT_EQ(left.messages[0].id, first);
  EXPECT_EQ(need(store_->loadSession(other)).messages.size(), 1u);
}

TEST_F(SessionStoreTest, AMessageCanFollowRemovedOnes) {
  const SessionId session = newSession();
  ask(session);
  const MessageId removed = need(store_->beginAnswer(session));
  ASSERT_TRUE(store_->removeMessagesFrom(removed));
  const MessageId answer = need(store_->beginAnswer(session));
  EXPECT_NE(answer, removed);
  EXPECT_EQ(lastMessage(session).id, answer);
}

TEST_F(SessionStoreTest, SaysThatAMessageToRemoveIsGone) {
  const Status removed = store_->removeMessagesFrom(MessageId{42});
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().code, ErrorCode::NotFound);
}

TEST_F(SessionStoreTest, ABoxOutsideTheGridChangesNothing) {
  const SessionId session = newSession();
  const MessageId answer = need(store_->beginAnswer(session));
  need(store_->updateAnswer(answer, "before", {}));
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const double wrong : {kNan, kInfinity, -1.0, 1000.0}) {
    const GroundedBox bad = box("bad", 0, {0, 0, wrong, 0});
    EXPECT_TRUE(failsWith(ErrorCode::InvalidArgument,
                          store_->finishAnswer(answer, "after", {&bad, 1}, {})));
    EXPECT_EQ(lastMessage(session).raw, "before");
    EXPECT_EQ(lastMessage(session).state, MessageState::Streaming);
  }
  EXPECT_TRUE(succeeds(store_->finishAnswer(answer, "after", {}, {})));
}

TEST_F(SessionStoreTest, ASecondStoreLeavesAnAnswerThatIsBeingWrittenAlone) {
  const SessionId session = newSession();
  const MessageId answer = need(store_->beginAnswer(session));
  const ImageRecord composing = newImage("not sent yet");
  OpenedStore second = need(SessionStore::open(folder_.path()));
  EXPECT_EQ(second.interruptedAnswers, 0u);
  EXPECT_EQ(need(second.store.loadSession(session)).messages[0].state, MessageState::Streaming);
  EXPECT_TRUE(second.store.imagePath(composing).has_value());
  EXPECT_TRUE(succeeds(store_->finishAnswer(answer, "done", {}, {})));
  EXPECT_EQ(need(second.store.loadSession(session)).messages[0].raw, "done");
}

TEST_F(SessionStoreTest, StoresOfSeveralThreadsWriteSideBySide) {
  const SessionId session = newSession();
  constexpr int kThreads = 4;
  constexpr int kMessages = 25;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      SessionStore own = need(SessionStore::open(folder_.path())).store;
      for (int j = 0; j < kMessages; ++j) need(own.appendUserMessage(session, "m", {}));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(need(store_->loadSession(session)).messages.size(),
            static_cast<std::size_t>(kThreads * kMessages));
}

TEST_F(SessionStoreTest, ListsSessionsFromAnIndex) {
  Database database = need(Database::open(folder_ / "history.db"));
  Statement plan = need(database.prepare(
      "EXPLAIN QUERY PLAN SELECT title FROM sessions ORDER BY updated_ms DESC, id DESC"));
  std::string steps;
  while (need(plan.step())) steps += plan.text(3) + "\n";
  EXPECT_NE(steps.find("sessions_by_update"), std::string::npos) << steps;
  EXPECT_EQ(steps.find("TEMP B-TREE"), std::string::npos) << steps;
}

TEST_F(SessionStoreTest, TheBoxesOfAnAnswerCanBeSaidToBeOnAnotherImage) {
  const SessionId session = newSession();
  const std::vector<Attachment> images{{newImage("one", {999, 999}), "one.png"},
                                       {newImage("two", {1998, 999}), "two.png"}};
  ask(session, images);
  const MessageId answer = need(store_->beginAnswer(session));
  const std::vector<GroundedBox> boxes{box("a", 1, {1, 2, 3, 4}), box("b", 1, {5, 6, 7, 8})};
  need(store_->finishAnswer(answer, "raw", boxes, {}));
  need(store_->placeBoxes(answer, 0));
  reopen();
  const StoredMessage message = lastMessage(session);
  ASSERT_EQ(message.boxes.size(), 2u);
  EXPECT_EQ(message.boxes[0].image, 0u);
  EXPECT_EQ(message.boxes[1].image, 0u);
  EXPECT_EQ(message.boxes[1].pixels, (PixelBox{5, 6, 7, 8}));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->placeBoxes(MessageId{999}, 0)));
}

}  // namespace
}  // namespace vl
