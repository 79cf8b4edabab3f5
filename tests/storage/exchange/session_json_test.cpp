#include "storage/exchange/session_json.h"

#include <filesystem>
#include <random>
#include <string>

#include "storage/exchange/base64.h"
#include "storage/session_tree.h"
#include "tests/storage/exchange/exchange_fixture.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

class SessionJsonTest : public ExchangeTest {
 protected:
  fs::path exported() {
    const fs::path file = folder_ / "session.json";
    need(exportSessionJson(*store_, session_, file, {}));
    return file;
  }
  Result<SessionId> imported(const std::string& text) {
    writeFile(folder_ / "import.json", text);
    return importSessionJson(*store_, folder_ / "import.json", measure(), {});
  }
  std::string changed(const std::string& what, const std::string& by) {
    std::string text = readFile(exported());
    const std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return at == std::string::npos ? text : text.replace(at, what.size(), by);
  }
  std::size_t sessions() { return need(store_->listSessions()).size(); }
};

void expectSame(const SessionTree& a, const SessionTree& b) {
  EXPECT_EQ(a.session.settings.title, b.session.settings.title);
  EXPECT_EQ(a.session.settings.modelFolder, b.session.settings.modelFolder);
  EXPECT_EQ(a.session.settings.modelName, b.session.settings.modelName);
  EXPECT_EQ(a.session.settings.systemPrompt, b.session.settings.systemPrompt);
  EXPECT_EQ(a.session.context, b.session.context);
  EXPECT_EQ(a.session.created, b.session.created);
  EXPECT_EQ(a.session.updated, b.session.updated);
  EXPECT_EQ(a.session.pinned, b.session.pinned);
  EXPECT_EQ(a.contextStart, b.contextStart);
  EXPECT_EQ(a.shown, b.shown);
  ASSERT_EQ(a.messages.size(), b.messages.size());
  for (std::size_t i = 0; i < a.messages.size(); ++i) {
    const StoredMessage& x = a.messages[i].message;
    const StoredMessage& y = b.messages[i].message;
    EXPECT_EQ(a.messages[i].parent, b.messages[i].parent);
    EXPECT_EQ(x.role, y.role);
    EXPECT_EQ(x.state, y.state);
    EXPECT_EQ(x.raw, y.raw);
    EXPECT_EQ(x.error, y.error);
    EXPECT_EQ(x.created, y.created);
    EXPECT_EQ(x.attachments, y.attachments);
    EXPECT_EQ(x.boxes, y.boxes);
    EXPECT_EQ(x.summary, y.summary);
  }
}

TEST_F(SessionJsonTest, ASessionComesBackIdentically) {
  const SessionTree before = need(store_->loadTree(session_));
  ASSERT_EQ(before.messages.size(), 5u);
  const SessionId copy = need(imported(readFile(exported())));
  EXPECT_NE(copy, session_);
  expectSame(before, need(store_->loadTree(copy)));
  EXPECT_EQ(need(store_->loadSession(copy)).messages.size(),
            need(store_->loadSession(session_)).messages.size());
}

TEST_F(SessionJsonTest, ComesBackInAnotherHistoryWithItsImages) {
  const SessionTree before = need(store_->loadTree(session_));
  const fs::path file = exported();
  SessionStore other = openStore(folder_ / "other");
  const SessionId copy = need(importSessionJson(other, file, measure(), {}));
  const SessionTree after = need(other.loadTree(copy));
  expectSame(before, after);
  for (const Attachment& attachment : after.messages[0].message.attachments) {
    EXPECT_TRUE(other.readImage(attachment.image).has_value());
  }
  EXPECT_EQ(need(other.search("cats", 10, {})).size(), 2u);  // title and question
}

TEST_F(SessionJsonTest, AnImageWhoseFileIsGoneStaysMissing) {
  const SessionTree before = need(store_->loadTree(session_));
  fs::remove(need(store_->imagePath(before.messages[0].message.attachments[0].image)));
  const fs::path file = exported();
  SessionStore other = openStore(folder_ / "other");
  const SessionId copy = need(importSessionJson(other, file, measure(), {}));
  expectSame(before, need(other.loadTree(copy)));
}

TEST_F(SessionJsonTest, AnAnswerThatIsBeingWrittenComesBackStopped) {
  const MessageId running = need(store_->beginAnswer(session_));
  need(store_->updateAnswer(running, "half", {}));
  const SessionTree copy = need(store_->loadTree(need(imported(readFile(exported())))));
  EXPECT_EQ(copy.messages.back().message.state, MessageState::Stopped);
  EXPECT_EQ(copy.messages.back().message.raw, "half");
}

TEST_F(SessionJsonTest, RefusesWhatContradictsItself) {
  const std::string sha =
      need(store_->loadTree(session_)).messages[0].message.attachments[0].image.sha256.hex();
  const std::vector<std::pair<std::string, std::string>> lies = {
      {"vl2-desk-session", "another-thing"},
      {"\"parent\":0", "\"parent\":1"},
      {"\"parent\":0", "\"parent\":-1"},
      {"\"parent\":0", "\"parent\":99999999999999999999"},
      {"\"role\":\"user\"", "\"role\":\"root\""},
      {"\"state\":\"failed\"", "\"state\":7"},
      {"\"shown\":1", "\"shown\":5"},
      {"\"shown\":1", "\"shown\":\"1\""},
      {"\"createdMs\":", "\"createdMs\":1e300,\"x\":"},
      {"\"createdMs\":", "\"createdMs\":9223372036854775807,\"x\":"},
      {"[1.0,2.5,3.0,999.0]", "[1.0,2.5,3.0,999.5]"},
      {"[1.0,2.5,3.0,999.0]", "[1.0,2.5,3.0]"},
      {"[1.0,2.5,3.0,999.0]", "[1.0,2.5,3.0,\"4\"]"},
      {"\"image\":1", "\"image\":4000000000"},
      {"\"seed\":18446744073709551615", "\"seed\":-1"},
      {"\"end\":\"end_of_sequence\"", "\"end\":\"never\""},
      {"\"tiling\":false", "\"tiling\":null"},
      {"\"image\":\"" + sha, "\"image\":\"../../etc/passwd"},
      {"{\"base64\":\"", "{\"base64\":\"?"},
      {"\"data\":\"", "\"data\":\"!"},
      {"\"data\":\"", "\"data\":\"AAAA"},
      {"\"messages\":[", "\"messages\":[" + std::string(1000, '[')},
      {"\"messages\":[", "\"messages\":{},\"m\":["},
  };
  for (const auto& [what, by] : lies) {
    EXPECT_TRUE(failsWith(ErrorCode::Corrupt, imported(changed(what, by)))) << what << " -> " << by;
  }
  EXPECT_TRUE(
      failsWith(ErrorCode::Unsupported, imported(changed("\"version\":1", "\"version\":2"))));
  EXPECT_EQ(sessions(), 1u);
}

TEST_F(SessionJsonTest, RefusesWhatIsNoSession) {
  for (const char* text :
       {"", "{}", "[]", "null", "3", "{\"format\":\"vl2-desk-session\"}", "\xff"}) {
    EXPECT_TRUE(failsWith(ErrorCode::Corrupt, imported(text))) << text;
  }
  EXPECT_TRUE(failsWith(ErrorCode::NotFound,
                        importSessionJson(*store_, folder_ / "nowhere", measure(), {})));
  EXPECT_TRUE(failsWith(ErrorCode::Corrupt, imported(std::string(5'000'000, '['))));
}

TEST_F(SessionJsonTest, AFileCutOffAnywhereAddsNothing) {
  const std::string whole = readFile(exported());
  for (std::size_t size = 0; size + 2 < whole.size(); size += 37) {
    EXPECT_FALSE(imported(whole.substr(0, size)).has_value()) << size;
  }
  EXPECT_EQ(sessions(), 1u);
}

TEST_F(SessionJsonTest, DamagedBytesNeverCrash) {
  const std::string whole = readFile(exported());
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string text = whole;
    for (int i = 0; i < 3; ++i) text[random() % text.size()] = static_cast<char>(random());
    const Result<SessionId> session = imported(text);
    if (session) {
      EXPECT_TRUE(store_->loadSession(*session).has_value());
    }
  }
}

TEST_F(SessionJsonTest, StopsWhenToldAndLeavesNothing) {
  std::stop_source stop;
  stop.request_stop();
  const fs::path file = folder_ / "stopped.json";
  EXPECT_TRUE(failsWith(ErrorCode::Cancelled,
                        exportSessionJson(*store_, session_, file, {{}, stop.get_token()})));
  EXPECT_FALSE(fs::exists(file));
  EXPECT_TRUE(failsWith(ErrorCode::Cancelled,
                        importSessionJson(*store_, exported(), measure(), {{}, stop.get_token()})));
  EXPECT_EQ(sessions(), 1u);
}

TEST_F(SessionJsonTest, OnAFullDiskKeepsTheOldFile) {
  const fs::path file = folder_ / "session.json";
  writeFile(file, "old");
  const FileSizeLimit full(100);
  EXPECT_TRUE(failsWith(ErrorCode::Io, exportSessionJson(*store_, session_, file, {})));
  EXPECT_EQ(readFile(file), "old");
}

TEST(Base64, GoesThereAndBack) {
  std::string data;
  for (int size = 0; size < 300; ++size) {
    const std::string text = toBase64(bytesOf(data));
    const auto back = fromBase64(text);
    ASSERT_TRUE(back) << size;
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(back->data()), back->size()), data);
    data += static_cast<char>(size * 7);
  }
  const std::string large(7 << 20, 'x');
  EXPECT_EQ(fromBase64(toBase64(bytesOf(large)))->size(), large.size());
}

TEST(Base64, RefusesEverythingElse) {
  for (const char* text :
       {"A", "AA", "AAA", "A===", "====", "AA=A", "AAAA ", " AAA", "AA\nA", "A-_A"}) {
    EXPECT_FALSE(fromBase64(text)) << text;
  }
}

}  // namespace
}  // namespace vl
