#include "storage/history_search.h"

#include <string>
#include <vector>

#include "tests/storage/session_store_fixture.h"

namespace vl {
namespace {

class HistorySearchTest : public SessionStoreTest {
 protected:
  std::vector<SearchHit> find(std::string_view typed, std::size_t most = 100) {
    return need(store_->search(typed, most, {}));
  }
  std::vector<MessageId> messages(std::string_view typed) {
    std::vector<MessageId> found;
    for (const SearchHit& hit : find(typed)) {
      if (hit.message) found.push_back(*hit.message);
    }
    return found;
  }
  MessageId question(std::string_view text, std::span<const Attachment> attachments = {}) {
    return need(store_->appendUserMessage(session_, text, attachments));
  }
  MessageId answer(std::string_view text, std::span<const GroundedBox> boxes = {},
                   std::optional<MessageId> sibling = std::nullopt) {
    const MessageId id = need(store_->beginAnswer(session_, sibling));
    need(store_->finishAnswer(id, text, boxes, {}));
    return id;
  }

  using Ids = std::vector<MessageId>;
  SessionId session_ = newSession("Holiday in Málaga");
};

TEST_F(HistorySearchTest, FindsTextsLabelsFileNamesAndTitles) {
  const Attachment photo = attach(newImage("a"), "beach party.jpg");
  const MessageId asked = question("What is this?", {&photo, 1});
  const GroundedBox umbrella = box("striped umbrella", 0, {1, 2, 3, 4});
  const MessageId answered = answer("A sunny beach.", {&umbrella, 1});

  std::vector<SearchHit> hits = find("sunny");
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].where, SearchHit::Where::Answer);
  EXPECT_EQ(hits[0].session, session_);
  EXPECT_EQ(hits[0].message, answered);
  EXPECT_EQ(hits[0].title, "Holiday in Málaga");
  EXPECT_EQ(hits[0].snippet.text, "A sunny beach.");

  hits = find("umbrella");
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].where, SearchHit::Where::Label);
  EXPECT_EQ(hits[0].message, answered);
  EXPECT_EQ(hits[0].snippet.text, "striped umbrella");

  hits = find("party");
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].where, SearchHit::Where::FileName);
  EXPECT_EQ(hits[0].message, asked);

  hits = find("malaga");
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].where, SearchHit::Where::Title);
  EXPECT_FALSE(hits[0].message);
}

TEST_F(HistorySearchTest, FindsChineseWordsOfTwoCharacters) {
  const MessageId circle = answer("图中有一个红色的圆形。");
  answer("图中有一个圆的红形。");  // the same characters, other words
  EXPECT_EQ(messages("红色"), Ids{circle});
  EXPECT_EQ(messages("圆形"), Ids{circle});
  EXPECT_EQ(messages("圆形 红色"), Ids{circle});
  EXPECT_EQ(messages("色红"), Ids{});
}

TEST_F(HistorySearchTest, AllWordsMustOccurAndTheLastMayBeABeginning) {
  const MessageId both = question("a red circle");
  const MessageId one = question("a red square");
  EXPECT_EQ(messages("red"), (Ids{one, both}));  // the newest first
  EXPECT_EQ(messages("circle red"), Ids{both});
  EXPECT_EQ(messages("red squ"), Ids{one});
  EXPECT_EQ(messages("squ red"), Ids{});
}

TEST_F(HistorySearchTest, AMessageIsFoundOnceByItsText) {
  const std::vector<GroundedBox> cats = {box("cat", 0, {}), box("cat", 0, {}), box("dog", 0, {})};
  const MessageId answered = answer("<|ref|>cat<|/ref|> and dog", cats);
  ASSERT_EQ(find("cat").size(), 1u);
  EXPECT_EQ(find("cat")[0].where, SearchHit::Where::Answer);
  EXPECT_EQ(find("cat")[0].message, answered);
}

TEST_F(HistorySearchTest, FollowsEveryChange) {
  const MessageId written = need(store_->beginAnswer(session_));
  const GroundedBox first = box("draft", 0, {});
  need(store_->updateAnswer(written, "half of it", {&first, 1}));
  EXPECT_EQ(messages("half"), Ids{written});
  EXPECT_EQ(messages("draft"), Ids{written});
  const GroundedBox last = box("final", 0, {});
  need(store_->finishAnswer(written, "all of it", {&last, 1}, {}));
  EXPECT_EQ(messages("half"), Ids{});
  EXPECT_EQ(messages("draft"), Ids{});
  EXPECT_EQ(messages("final"), Ids{written});
  need(store_->renameSession(session_, "Winter"));
  EXPECT_TRUE(find("malaga").empty());
  EXPECT_EQ(find("winter").size(), 1u);
  need(store_->removeMessagesFrom(written));
  EXPECT_EQ(messages("all"), Ids{});
  EXPECT_EQ(messages("final"), Ids{});
}

TEST_F(HistorySearchTest, FindsBranchesThatAreNotShown) {
  question("Q");
  const MessageId first = answer("the first version");
  answer("another one", {}, first);
  EXPECT_EQ(messages("version"), Ids{first});
}

TEST_F(HistorySearchTest, TheTrashIsNotFoundUntilItIsRestored) {
  const MessageId kept = question("needle");
  need(store_->trashSession(session_));
  EXPECT_TRUE(find("needle").empty());
  EXPECT_TRUE(find("malaga").empty());
  need(store_->restoreSession(session_));
  EXPECT_EQ(messages("needle"), Ids{kept});
  need(store_->deleteSession(session_));
  EXPECT_TRUE(find("needle").empty());
}

TEST_F(HistorySearchTest, HostileQueriesAreText) {
  const MessageId asked = question("SELECT \"quoted\" NEAR(a b)");
  const std::vector<std::string> hostile = {"\"",
                                            "\"\"\"",
                                            "*",
                                            "a*",
                                            "(",
                                            "NEAR(",
                                            "text:",
                                            "^",
                                            "-",
                                            "{a b}",
                                            "'; DROP TABLE x",
                                            "\\",
                                            "\xff\xfe",
                                            "%",
                                            "AND",
                                            "NOT",
                                            std::string(1, '\0'),
                                            std::string("a\0\"", 3),
                                            std::string(100'000, 'a'),
                                            std::string(100'000, '"')};
  for (const std::string& typed : hostile) {
    EXPECT_TRUE(store_->search(typed, 10, {}).has_value()) << typed.substr(0, 40);
  }
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "word" + std::to_string(i) + ' ';
  EXPECT_TRUE(store_->search(many, 10, {}).has_value());
  EXPECT_EQ(messages("\"quoted\" near"), Ids{asked});
}

TEST_F(HistorySearchTest, GivesNoMoreThanWasAskedForAndStopsWhenTold) {
  for (int i = 0; i < 20; ++i) question("needle " + std::to_string(i));
  EXPECT_EQ(find("needle", 7).size(), 7u);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(need(store_->search("needle", 7, stop.get_token())).empty());
}

TEST_F(HistorySearchTest, TextsWithNulAreFoundToTheirEnd) {
  const MessageId asked = question(std::string_view("before\0after", 12));
  EXPECT_EQ(messages("after"), Ids{asked});
}

TEST_F(HistorySearchTest, AHistoryWithTriggersOfItsOwnIsSetAside) {
  store_.reset();
  need(
      need(Database::open(folder_ / "history.db"))
          .execute("CREATE TRIGGER evil AFTER INSERT ON messages BEGIN DELETE FROM sessions; END"));
  EXPECT_TRUE(need(SessionStore::open(folder_.path())).setAside);
}

}  // namespace
}  // namespace vl
