// A history of 100,000 messages in 1,000 sessions, one of them with 5,000, and of 20,000 pages of
// text in 51 documents, one of them with 10,000: searching it, and what the window reads from it in
// the GUI thread. VL_HISTORY names a folder to keep it in; without it a
// temporary one is written each time.

#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <string>

#include "storage/database.h"
#include "storage/history_database.h"
#include "storage/reading_store.h"
#include "storage/session_store.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

constexpr int kSessions = 1000;
constexpr int kMessages = 100'000;
constexpr int kLongSession = 5000;
constexpr int kDocuments = 51;
constexpr int kPages = 20'000;
constexpr int kLongDocument = 10'000;

template <typename T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().what);
  return std::move(*result);
}

void need(const Status& status) {
  if (!status) throw std::runtime_error(status.error().what);
}

/// Sentences whose words are as unevenly frequent as in a language (Zipf), partly Chinese.
class Prose {
 public:
  std::string text() {
    static constexpr std::array kChinese = {"红色", "圆形", "图片", "猫",   "的",   "一个",
                                            "在",   "桌子", "文字", "表格", "左边", "右边"};
    std::string text;
    const int words = 20 + static_cast<int>(random_() % 80);
    for (int i = 0; i < words; ++i) {
      if (random_() % 10 == 0) {
        text += kChinese[random_() % kChinese.size()];
        continue;
      }
      const double share = static_cast<double>(random_()) / static_cast<double>(random_.max());
      text += word(static_cast<unsigned>(std::pow(20'000.0, share))) + ' ';
    }
    return text;
  }

 private:
  static std::string word(unsigned number) {
    static constexpr std::array kSyllables = {"ba", "co", "di", "fu", "ga", "he", "ki", "lo",
                                              "mu", "na", "pe", "ri", "so", "tu", "va", "we"};
    std::string word;
    do {
      word += kSyllables[number % kSyllables.size()];
      number /= kSyllables.size();
    } while (number > 0);
    return word;
  }

  std::mt19937 random_{1};
};

void fillDocuments(Database& database, Prose& prose) {
  Statement reading = need(
      database.prepare("INSERT INTO readings (file_name, sha256, bytes, created_ms, updated_ms)"
                       " VALUES (?, '', 1, ?2, ?2)"));
  Statement page = need(
      database.prepare("INSERT INTO reading_pages (reading_id, page, state, source, text, error)"
                       " VALUES (?, ?, 'done', 'model', ?, '')"));
  for (int d = 0; d < kDocuments; ++d) {
    reading.bindAll(prose.text().substr(0, 40) + ".pdf", std::int64_t{d});
    need(reading.run());
    const std::int64_t id = database.lastInsertId();
    const bool isLong = d == kDocuments - 1;  // searched first
    const int count = isLong ? kLongDocument : (kPages - kLongDocument) / (kDocuments - 1);
    for (int i = 0; i < count; ++i) {
      std::string text = "page ";
      while (text.size() < 2000) text += prose.text();
      page.bindAll(id, std::int64_t{i}, text);
      need(page.run());
    }
  }
}

void fill(const fs::path& folder) {
  // the store commits each message; one transaction is enough here
  Database database = need(openHistoryDatabase(folder, FolderUse::Shared)).database;
  Prose prose;
  Transaction transaction = need(Transaction::begin(database));
  Statement session = need(database.prepare(
      "INSERT INTO sessions (title, model_folder, model_name, system_prompt, created_ms,"
      " updated_ms) VALUES (?, '/models/vl2-tiny', 'tiny', '', ?2, ?2)"));
  Statement message = need(database.prepare(
      "INSERT INTO messages (session_id, parent_id, position, role, state, raw, error, created_ms)"
      " VALUES (?1, iif(?2 = 0, NULL, last_insert_rowid()), ?2, ?3, 'complete', ?4, '', 0)"));
  for (int s = 0; s < kSessions; ++s) {
    session.bindAll(prose.text().substr(0, 40), std::int64_t{s});
    need(session.run());
    const std::int64_t id = database.lastInsertId();
    const int count = s == 0 ? kLongSession : (kMessages - kLongSession) / (kSessions - 1);
    for (int i = 0; i < count; ++i) {
      message.bindAll(id, std::int64_t{i}, i % 2 == 0 ? "user" : "assistant", prose.text());
      need(message.run());
    }
    need(database.execute("UPDATE sessions SET leaf_id = last_insert_rowid() WHERE id = " +
                          std::to_string(id)));
  }
  fillDocuments(database, prose);
  need(transaction.commit());
}

fs::path folder() {
  const char* named = std::getenv("VL_HISTORY");
  return named != nullptr ? named : fs::temp_directory_path() / "vl2-history";
}

SessionStore& store() {
  static SessionStore opened = [] {
    if (std::getenv("VL_HISTORY") == nullptr) fs::remove_all(folder());
    if (!fs::exists(folder())) {
      fs::create_directories(folder());
      fill(folder());
    }
    return need(SessionStore::open(folder())).store;
  }();
  return opened;
}

void search(benchmark::State& state, const char* typed) {
  SessionStore& history = store();
  std::size_t hits = 0;
  while (state.KeepRunning()) hits = need(history.search(typed, 100, {})).size();
  state.counters["hits"] = static_cast<double>(hits);
}

BENCHMARK_CAPTURE(search, commonWord, "co")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, oneWord, "sosobaco")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, beginningOfTwoLetters, "so")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, beginningOfFourLetters, "soba")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, threeWords, "co di fuga")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, chineseWord, "红色")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, chineseCharactersNeverTogether, "色红的")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, wordOnEveryPage, "page")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, nothing, "xylophone")->Unit(benchmark::kMillisecond);

void listSessions(benchmark::State& state) {
  SessionStore& history = store();
  while (state.KeepRunning()) benchmark::DoNotOptimize(need(history.listSessions()));
}
BENCHMARK(listSessions)->Unit(benchmark::kMillisecond);

/// The longest session is the one updated first.
void loadSessionOf5000Messages(benchmark::State& state) {
  SessionStore& history = store();
  const SessionId longest = need(history.listSessions()).back().id;
  while (state.KeepRunning()) benchmark::DoNotOptimize(need(history.loadSession(longest)));
}
BENCHMARK(loadSessionOf5000Messages)->Unit(benchmark::kMillisecond);

void writeAnswerOf2000Words(benchmark::State& state) {
  SessionStore& history = store();
  const SessionId session = need(history.createSession({})).id;
  const MessageId answer = need(history.beginAnswer(session));
  std::string text;
  Prose prose;
  while (text.size() < 12'000) text += prose.text();
  const std::array<GroundedBox, 30> boxes{};
  while (state.KeepRunning()) {
    text += 'x';
    need(history.updateAnswer(answer, text, boxes));
  }
  need(history.deleteSession(session));
}
BENCHMARK(writeAnswerOf2000Words)->Unit(benchmark::kMillisecond);

void savePageOf2000Characters(benchmark::State& state) {
  store();  // fills the folder
  ReadingStore readings = need(ReadingStore::open(folder()));
  const ReadingId longest = need(readings.list()).front().id;
  Prose prose;
  ReadingPage page{0, PageState::Done, PageSource::Model, {}, {}};
  while (page.text.size() < 2000) page.text += prose.text();
  while (state.KeepRunning()) {
    page.text += 'x';
    need(readings.savePage(longest, page));
  }
}
BENCHMARK(savePageOf2000Characters)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace vl

BENCHMARK_MAIN();
