// Searching documents that are read: storage/history_search.h.

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "storage/history_search.h"
#include "storage/reading_store.h"
#include "tests/storage/session_store_fixture.h"

namespace vl {
namespace {

using Where = SearchHit::Where;
using Pages = std::vector<std::size_t>;

class DocumentSearchTest : public SessionStoreTest {
 protected:
  ReadingRecord begin(const std::string& name, const Pages& pages) {
    writeFile(folder_ / "file.pdf", "%PDF-1.4 " + name);
    return need(readings_.begin(folder_ / "file.pdf", name, pages));
  }
  void write(ReadingId reading, std::size_t page, std::string text) {
    need(readings_.savePage(
        reading, {page, PageState::Done, PageSource::Model, std::move(text), std::string()}));
  }
  std::vector<SearchHit> find(std::string_view typed, std::size_t most = 100) {
    return need(store_->search(typed, most, {}));
  }
  /// Counted from 0; 1000 stands for the name of a document.
  Pages pages(std::string_view typed) {
    Pages found;
    for (const SearchHit& hit : find(typed)) {
      if (hit.reading) found.push_back(hit.page.value_or(1000));
    }
    return found;
  }

  ReadingStore readings_ = need(ReadingStore::open(folder_.path()));
};

TEST_F(DocumentSearchTest, FindsTextOfPagesAndNamesOfDocuments) {
  const ReadingRecord reading = begin("Jahresbericht.pdf", {0, 4});
  write(reading.id, 4, "Der Umsatz\nstieg um 12 Prozent.");

  std::vector<SearchHit> hits = find("umsatz stieg");
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].where, Where::Page);
  EXPECT_EQ(hits[0].reading, reading.id);
  EXPECT_EQ(hits[0].page, 4u);
  EXPECT_FALSE(hits[0].session);
  EXPECT_EQ(hits[0].title, "Jahresbericht.pdf");
  EXPECT_EQ(hits[0].snippet.text, "Der Umsatz stieg um 12 Prozent.");
  EXPECT_EQ(hits[0].snippet.emphasised.size(), 2u);
  EXPECT_EQ(hits[0].time, reading.created);

  hits = find("jahresb");
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].where, Where::Document);
  EXPECT_EQ(hits[0].reading, reading.id);
  EXPECT_FALSE(hits[0].page);
  EXPECT_EQ(hits[0].snippet.text, "Jahresbericht.pdf");
}

TEST_F(DocumentSearchTest, FindsChineseWordsOfTwoCharacters) {
  const ReadingRecord reading = begin("a.pdf", {0, 1});
  write(reading.id, 0, "本年度的收入增加了。");
  write(reading.id, 1, "本年度的入收增加了。");
  EXPECT_EQ(pages("收入"), Pages{0});
}

TEST_F(DocumentSearchTest, FollowsEveryChange) {
  const ReadingRecord reading = begin("report.pdf", {0, 1});
  EXPECT_TRUE(pages("first").empty());
  write(reading.id, 0, "the first reading");
  EXPECT_EQ(pages("first"), Pages{0});
  need(readings_.savePage(reading.id, {0, PageState::Waiting, {}, {}, {}}));  // read again
  EXPECT_TRUE(pages("first").empty());
  write(reading.id, 0, "the second reading");
  need(
      readings_.savePage(reading.id, {0, PageState::Done, PageSource::Person, "as corrected", {}}));
  EXPECT_TRUE(pages("second").empty());
  EXPECT_EQ(pages("corrected"), Pages{0});
  const ReadingRecord other = begin("other.pdf", {0});
  write(other.id, 0, "as corrected, too");
  need(readings_.remove(reading.id));
  EXPECT_TRUE(pages("report").empty());
  const std::vector<SearchHit> hits = find("corrected");
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].reading, other.id);
}

TEST_F(DocumentSearchTest, TheNewestStandsFirstAmongMessagesAndPages) {
  const SessionId session = newSession("needle in the title");
  const MessageId old = need(store_->appendUserMessage(session, "an old needle", {}));
  ::usleep(3000);
  const ReadingRecord first = begin("one.pdf", {2, 5});
  write(first.id, 5, "a needle");
  write(first.id, 2, "a needle");
  ::usleep(3000);
  const ReadingRecord second = begin("needle.pdf", {0});
  write(second.id, 0, "a needle");
  ::usleep(3000);
  const MessageId fresh = need(store_->appendUserMessage(session, "a new needle", {}));

  const std::vector<SearchHit> hits = find("needle");
  ASSERT_EQ(hits.size(), 7u);
  EXPECT_EQ(hits[0].where, Where::Title);
  EXPECT_EQ(hits[1].where, Where::Document);
  EXPECT_EQ(hits[2].message, fresh);
  EXPECT_EQ(hits[3].reading, second.id);
  EXPECT_EQ(hits[4].page, 2u);  // in the order of the document
  EXPECT_EQ(hits[5].page, 5u);
  EXPECT_EQ(hits[6].message, old);
}

TEST_F(DocumentSearchTest, ALongDocumentLeavesRoomForOthers) {
  Pages all(200);
  for (std::size_t page = 0; page < all.size(); ++page) all[page] = page;
  const ReadingRecord small = begin("small.pdf", {0});
  write(small.id, 0, "needle");
  const ReadingRecord large = begin("large.pdf", all);
  for (const std::size_t page : all) write(large.id, page, "needle");
  const std::vector<SearchHit> hits = find("needle");
  ASSERT_EQ(hits.size(), kMostPagesOfADocument + 1);
  EXPECT_EQ(hits.front().page, 0u);
  EXPECT_EQ(hits.back().reading, small.id);
  EXPECT_EQ(find("needle", 4).size(), 4u);
}

TEST_F(DocumentSearchTest, PagesThatNoDocumentHasAreKeptAndNotFound) {
  constexpr std::size_t kLast = 0xffffff;
  constexpr std::size_t kBeyond = std::numeric_limits<std::int64_t>::max();
  const ReadingRecord reading = begin("a.pdf", {kLast, kLast + 1, kBeyond});
  for (const std::size_t page : {kLast, kLast + 1, kBeyond}) write(reading.id, page, "needle");
  EXPECT_EQ(pages("needle"), Pages{kLast});
  EXPECT_EQ(need(readings_.pages(reading.id)).back().text, "needle");
  need(readings_.remove(reading.id));
  EXPECT_TRUE(pages("needle").empty());
}

TEST_F(DocumentSearchTest, StopsWhenTold) {
  const ReadingRecord reading = begin("needle.pdf", {0});
  write(reading.id, 0, "needle");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(need(store_->search("needle", 10, stop.get_token())).empty());
}

}  // namespace
}  // namespace vl
