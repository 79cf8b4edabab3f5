// SessionStore with hostile text, without room and without permission.

#include <filesystem>
#include <string>

#include "tests/storage/session_store_fixture.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

class SessionTroubleTest : public SessionStoreTest {};

TEST_F(SessionTroubleTest, KeepsHostileTextByteForByte) {
  const std::string texts[] = {"'; DROP TABLE sessions; --",     "%s%n \\ \" ` $(rm) ?1 :a @b",
                               std::string("nul\0in\0side", 11), "\xff\xfe\xc3\x28 not UTF-8",
                               "\xe2\x80\xae right to left",     std::string(5 << 20, '\n')};
  for (const std::string& text : texts) {
    const SessionId session = need(store_->createSession({text, text, text, text})).id;
    const Attachment picture = attach(newImage("a"), text);
    need(store_->appendUserMessage(session, text, {&picture, 1}));
    const MessageId answer = need(store_->beginAnswer(session));
    const GroundedBox labelled = box(text, 0, {});
    need(store_->finishAnswer(answer, text, {&labelled, 1}, {MessageState::Failed, text, {}}));
    reopen();
    const StoredSession read = need(store_->loadSession(session));
    EXPECT_TRUE(read.session.settings.title == text);
    EXPECT_TRUE(read.session.settings.systemPrompt == text);
    EXPECT_TRUE(read.messages[0].raw == text);
    EXPECT_TRUE(read.messages[0].attachments[0].fileName == text);
    EXPECT_TRUE(read.messages[1].raw == text);
    EXPECT_TRUE(read.messages[1].error == text);
    EXPECT_TRUE(read.messages[1].boxes[0].label == text);
  }
  EXPECT_EQ(need(store_->listSessions()).size(), std::size(texts));
}

TEST_F(SessionTroubleTest, RefusesATextOverTheLimitAndKeepsTheSession) {
  const SessionId session = newSession();
  const MessageId answer = need(store_->beginAnswer(session));
  need(store_->updateAnswer(answer, "before", {}));
  const std::string huge(static_cast<std::size_t>(kMaxValueBytes) + 1, 'x');
  EXPECT_TRUE(failsWith(ErrorCode::InvalidArgument, store_->updateAnswer(answer, huge, {})));
  EXPECT_TRUE(failsWith(ErrorCode::InvalidArgument, store_->appendUserMessage(session, huge, {})));
  EXPECT_TRUE(failsWith(ErrorCode::InvalidArgument, store_->renameSession(session, huge)));
  EXPECT_EQ(need(store_->loadSession(session)).messages.size(), 1u);
  EXPECT_EQ(lastMessage(session).raw, "before");
}

TEST_F(SessionTroubleTest, OnAFullDiskSaysSoAndKeepsWhatIsThere) {
  const SessionId session = newSession();
  const MessageId answer = need(store_->beginAnswer(session));
  need(store_->updateAnswer(answer, "before", {}));
  const std::string large(4 << 20, 'x');
  {
    const FileSizeLimit limit(1 << 20);
    EXPECT_TRUE(failsWith(ErrorCode::Io, store_->updateAnswer(answer, large, {})));
    EXPECT_TRUE(failsWith(ErrorCode::Io, store_->appendUserMessage(session, large, {})));
    EXPECT_TRUE(failsWith(ErrorCode::Io, store_->createSession(titled(large))));
    EXPECT_TRUE(failsWith(ErrorCode::Io, store_->importImage(bytesOf(large), ImageSize{100, 100})));
    EXPECT_EQ(lastMessage(session).raw, "before");
  }
  // There is room again: the same store goes on.
  EXPECT_TRUE(succeeds(store_->finishAnswer(answer, large, {}, {})));
  reopen();
  EXPECT_EQ(lastMessage(session).raw.size(), large.size());
  EXPECT_EQ(need(store_->listSessions()).size(), 1u);
}

TEST_F(SessionTroubleTest, SaysThatItsFolderCannotBeWritten) {
  const fs::path readOnly = folder_ / "read-only";
  fs::create_directory(readOnly);
  fs::permissions(folder_.path(), fs::perms::all);
  fs::permissions(readOnly, fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read |
                                fs::perms::others_exec);
  const OrdinaryUser user;
  EXPECT_TRUE(failsWith(ErrorCode::Io, SessionStore::open(readOnly)));
  EXPECT_TRUE(failsWith(ErrorCode::Io, SessionStore::open(readOnly / "below")));
}

TEST_F(SessionTroubleTest, SaysThatItsFolderIsAFile) {
  writeFile(folder_ / "file", "");
  EXPECT_TRUE(failsWith(ErrorCode::Io, SessionStore::open(folder_ / "file")));
}

}  // namespace
}  // namespace vl
