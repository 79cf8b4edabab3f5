#include "storage/session_folders.h"

#include "tests/storage/session_store_fixture.h"

namespace vl {
namespace {

class SessionFoldersTest : public SessionStoreTest {
 protected:
  SessionRecord only() { return need(store_->listSessions()).at(0); }
  SessionId session_ = newSession();
};

TEST_F(SessionFoldersTest, ASessionLiesInOneFolderOrNone) {
  EXPECT_FALSE(only().folder);
  const FolderId work = need(store_->createFolder("Work")).id;
  const FolderId home = need(store_->createFolder("Home")).id;
  need(store_->moveSession(session_, work));
  need(store_->moveSession(session_, home));
  reopen();
  EXPECT_EQ(only().folder, home);
  need(store_->moveSession(session_, std::nullopt));
  EXPECT_FALSE(only().folder);
}

TEST_F(SessionFoldersTest, ARemovedFolderLeavesItsSessions) {
  const FolderId work = need(store_->createFolder("Work")).id;
  need(store_->moveSession(session_, work));
  need(store_->removeFolder(work));
  EXPECT_TRUE(need(store_->listFolders()).empty());
  EXPECT_FALSE(only().folder);
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->moveSession(session_, work)));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->removeFolder(work)));
}

TEST_F(SessionFoldersTest, ANameIsGivenOnceAndNotEmpty) {
  const FolderId work = need(store_->createFolder("Work")).id;
  EXPECT_TRUE(failsWith(ErrorCode::InvalidArgument, store_->createFolder("Work")));
  EXPECT_TRUE(failsWith(ErrorCode::InvalidArgument, store_->createFolder("  ")));
  const FolderId home = need(store_->createFolder("Home")).id;
  EXPECT_TRUE(failsWith(ErrorCode::InvalidArgument, store_->renameFolder(home, "Work")));
  EXPECT_TRUE(succeeds(store_->renameFolder(home, "Home")));
  EXPECT_TRUE(succeeds(store_->renameFolder(work, "Office")));
  EXPECT_EQ(need(store_->listFolders()).at(0), (FolderRecord{work, "Office"}));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->renameFolder(FolderId{99}, "Other")));
}

TEST_F(SessionFoldersTest, PinningIsKeptAndChangesNothingElse) {
  const SessionRecord before = only();
  EXPECT_FALSE(before.pinned);
  letTimePass();
  need(store_->pinSession(session_, true));
  reopen();
  EXPECT_TRUE(only().pinned);
  EXPECT_EQ(only().updated, before.updated);
  need(store_->pinSession(session_, false));
  EXPECT_FALSE(only().pinned);
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->pinSession(SessionId{99}, true)));
}

}  // namespace
}  // namespace vl
