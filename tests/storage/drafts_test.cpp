#include "tests/storage/session_store_fixture.h"

namespace vl {
namespace {

class DraftsTest : public SessionStoreTest {
 protected:
  Draft load(std::optional<SessionId> session) { return need(store_->loadDraft(session)); }
};

TEST_F(DraftsTest, EverySessionAndTheNextOneHaveOne) {
  const SessionId session = newSession();
  const Draft here{"here", {{newImage("a"), "a.png"}, {newImage("b"), "b.png"}}};
  const Draft next{"next", {}};
  ASSERT_TRUE(succeeds(store_->saveDraft(session, here)));
  ASSERT_TRUE(succeeds(store_->saveDraft(std::nullopt, next)));
  reopen();
  EXPECT_EQ(load(session), here);
  EXPECT_EQ(load(std::nullopt), next);
  EXPECT_EQ(load(newSession("other")), Draft{});
}

TEST_F(DraftsTest, TheLastOneReplacesThoseBefore) {
  for (const auto session : {std::optional<SessionId>(), std::optional(newSession())}) {
    ASSERT_TRUE(succeeds(store_->saveDraft(session, {"first", {{newImage("a"), "a.png"}}})));
    ASSERT_TRUE(succeeds(store_->saveDraft(session, {"second", {}})));
    EXPECT_EQ(load(session), (Draft{"second", {}}));
    ASSERT_TRUE(succeeds(store_->saveDraft(session, {})));
    EXPECT_TRUE(load(session).isEmpty());
  }
}

TEST_F(DraftsTest, ADraftGoesWithItsSession) {
  const SessionId session = newSession();
  ASSERT_TRUE(succeeds(store_->saveDraft(session, {"gone", {}})));
  ASSERT_TRUE(succeeds(store_->deleteSession(session)));
  EXPECT_TRUE(load(session).isEmpty());
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->saveDraft(session, {"too late", {}})));
}

TEST_F(DraftsTest, ImagesOfADraftAreKeptAsLongAsIt) {
  const ImageRecord image = newImage("a");
  ASSERT_TRUE(succeeds(store_->saveDraft(std::nullopt, {"", {{image, "a.png"}}})));
  reopen();
  EXPECT_TRUE(store_->imagePath(image));
  ASSERT_TRUE(succeeds(store_->saveDraft(std::nullopt, {})));
  reopen();
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store_->imagePath(image)));
}

TEST_F(DraftsTest, AnImageThatWasNeverImportedIsRefusedAndTheOldDraftStays) {
  ASSERT_TRUE(succeeds(store_->saveDraft(std::nullopt, {"old", {}})));
  ImageRecord unknown = newImage("a");
  unknown.sha256 = need(Sha256::of(bytesOf("never imported")));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound,
                        store_->saveDraft(std::nullopt, {"new", {{unknown, "b.png"}}})));
  EXPECT_EQ(load(std::nullopt), (Draft{"old", {}}));
}

}  // namespace
}  // namespace vl
