#include "storage/reading_store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/storage/store_test_support.h"
#include "tests/storage/victim.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

using Pages = std::vector<std::size_t>;

class ReadingStoreTest : public testing::Test {
 protected:
  fs::path document(const std::string& content = "%PDF-1.4 the document") {
    writeFile(folder_ / "report.pdf", content);
    return folder_ / "report.pdf";
  }

  ReadingStore open() { return need(ReadingStore::open(data())); }
  fs::path data() const { return folder_ / "data"; }

  TemporaryFolder folder_;
  std::optional<SessionStore> sessions_{openStore(folder_ / "data")};
};

ReadingPage donePage(std::size_t page, std::string text) {
  return {page, PageState::Done, PageSource::Model, std::move(text), {}};
}

TEST_F(ReadingStoreTest, AReadingHasThePagesChosenAndACopyOfTheDocument) {
  ReadingStore store = open();
  const ReadingRecord reading = need(store.begin(document(), "Report.pdf", Pages{0, 2, 9}));
  fs::remove(folder_ / "report.pdf");
  EXPECT_EQ(readFile(need(store.documentPath(reading))), "%PDF-1.4 the document");
  const std::vector<ReadingPage> pages = need(store.pages(reading.id));
  ASSERT_EQ(pages.size(), 3u);
  EXPECT_EQ(pages[2], (ReadingPage{9, PageState::Waiting, {}, {}, {}}));
  const std::vector<ReadingRecord> list = need(store.list());
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].id, reading.id);
  EXPECT_EQ(list[0].fileName, "Report.pdf");
  EXPECT_EQ(list[0].pages, 3u);
  EXPECT_EQ(list[0].waiting, 3u);
  EXPECT_EQ(need(store.find(reading.id)).fileName, "Report.pdf");
}

TEST_F(ReadingStoreTest, WhatWasSavedIsThereForTheNextStore) {
  const std::vector<ReadingPage> saved = {
      donePage(0, std::string("text with a \0 zero", 18)),
      {1, PageState::Failed, {}, {}, "The page is damaged."},
      {2, PageState::Skipped, {}, {}, {}},
      {3, PageState::Done, PageSource::Person, "corrected", {}},
      {4, PageState::Done, PageSource::TextLayer, "printed", {}},
  };
  ReadingId id{};
  {
    ReadingStore store = open();
    id = need(store.begin(document(), "Report.pdf", Pages{0, 1, 2, 3, 4, 5})).id;
    for (const ReadingPage& page : saved) need(store.savePage(id, page));
  }
  ReadingStore store = open();
  std::vector<ReadingPage> pages = need(store.pages(id));
  EXPECT_EQ(pages.back().state, PageState::Waiting);
  pages.pop_back();
  EXPECT_EQ(pages, saved);
  EXPECT_EQ(need(store.list())[0].waiting, 1u);
}

TEST_F(ReadingStoreTest, TheLastOneWorkedOnComesFirst) {
  ReadingStore store = open();
  const ReadingId first = need(store.begin(document("one"), "one.pdf", Pages{0})).id;
  ::usleep(3000);
  const ReadingId second = need(store.begin(document("two"), "two.pdf", Pages{0})).id;
  EXPECT_EQ(need(store.list())[0].id, second);
  ::usleep(3000);
  need(store.savePage(first, donePage(0, "text")));
  EXPECT_EQ(need(store.list())[0].id, first);
}

TEST_F(ReadingStoreTest, ACopyGoesWithTheLastReadingOfIt) {
  ReadingStore store = open();
  const ReadingRecord first = need(store.begin(document(), "one.pdf", Pages{0}));
  const ReadingRecord second = need(store.begin(document(), "two.pdf", Pages{1}));
  EXPECT_EQ(first.sha256, second.sha256);
  need(store.remove(first.id));
  EXPECT_TRUE(store.documentPath(second).has_value());
  need(store.remove(second.id));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store.documentPath(second)));
  EXPECT_TRUE(need(store.list()).empty());
}

TEST_F(ReadingStoreTest, WhatIsNotThereIsAnError) {
  ReadingStore store = open();
  const ReadingId none{7};
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store.pages(none)));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store.find(none)));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store.savePage(none, donePage(0, ""))));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store.remove(none)));
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store.begin(folder_ / "no.pdf", "", Pages{0})));
  const ReadingId id = need(store.begin(document(), "one.pdf", Pages{3})).id;
  EXPECT_TRUE(failsWith(ErrorCode::NotFound, store.savePage(id, donePage(0, ""))));
}

TEST_F(ReadingStoreTest, AFullDiskBeginsNothing) {
  ReadingStore store = open();
  const fs::path large = document(std::string(2 << 20, 'x'));
  {
    const FileSizeLimit full(1 << 20);
    EXPECT_TRUE(failsWith(ErrorCode::Io, store.begin(large, "large.pdf", Pages{0})));
  }
  EXPECT_TRUE(need(store.list()).empty());
}

TEST_F(ReadingStoreTest, CopiesThatNoReadingUsesGoWhenTheFolderIsNextOpened) {
  fs::path used;
  {
    ReadingStore store = open();
    used = need(store.documentPath(need(store.begin(document(), "one.pdf", Pages{0}))));
  }
  const std::string orphan = std::string(62, 'a') + "bb";
  fs::create_directories(data() / "documents/aa");
  writeFile(data() / "documents/aa" / orphan, "left behind");
  writeFile(data() / "documents/aa/notes.txt", "not ours");
  sessions_.reset();
  sessions_.emplace(openStore(data()));
  EXPECT_TRUE(fs::exists(used));
  EXPECT_FALSE(fs::exists(data() / "documents/aa" / orphan));
  EXPECT_TRUE(fs::exists(data() / "documents/aa/notes.txt"));
}

TEST_F(ReadingStoreTest, KillWhileReadingLosesNoPageThatWasSaved) {
  sessions_.reset();
  const fs::path file = document();
  for (int round = 0; round < 10; ++round) {
    const TemporaryFolder folder;
    Victim victim([&](const auto& report) {
      const SessionStore sessions = openStore(folder.path());
      ReadingStore store = need(ReadingStore::open(folder.path()));
      Pages all(5000);
      for (std::size_t page = 0; page < all.size(); ++page) all[page] = page;
      const ReadingId id = need(store.begin(file, "report.pdf", all)).id;
      for (std::size_t page = 0; page < all.size(); ++page) {
        need(store.savePage(id, donePage(page, "text of " + std::to_string(page))));
        report(static_cast<std::int64_t>(page));
      }
      ::pause();
    });
    std::int64_t promised = 0;
    for (int reports = 0; reports <= 5 * round; ++reports) promised = victim.nextReport();
    promised = victim.killAfter(promised);

    SessionStore sessions = openStore(folder.path());
    ReadingStore store = need(ReadingStore::open(folder.path()));
    const std::vector<ReadingRecord> list = need(store.list());
    ASSERT_EQ(list.size(), 1u);
    EXPECT_TRUE(store.documentPath(list[0]).has_value());
    const std::vector<ReadingPage> pages = need(store.pages(list[0].id));
    ASSERT_EQ(pages.size(), 5000u);
    for (std::size_t page = 0; page <= static_cast<std::size_t>(promised); ++page) {
      const std::string text = "text of " + std::to_string(page);
      EXPECT_EQ(pages[page].text, text);
      EXPECT_EQ(need(sessions.search(text + ' ', 10, {})).size(), 1u) << text;
    }
    EXPECT_EQ(pages[static_cast<std::size_t>(promised) + 2].state, PageState::Waiting);
  }
}

}  // namespace
}  // namespace vl
