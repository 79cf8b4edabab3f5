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
    fs::path file = folder_ / "session.json";
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
  EXPECT_EQ(a.folder, b.folder);
  ASSERT_EQ(a.answers.has_value(), b.answers.has_value());
  if (a.answers) {
    EXPECT_EQ(a.answers->sampling.temperature, b.answers->sampling.temperature);
    EXPECT_EQ(a.answers->sampling.topP, b.answers->sampling.topP);
    EXPECT_EQ(a.answers->sampling.minP, b.answers->sampling.minP);
    EXPECT_EQ(a.answers->sampling.topK, b.answers->sampling.topK);
    EXPECT_EQ(a.answers->sampling.repetitionPenalty, b.answers->sampling.repetitionPenalty);
    EXPECT_EQ(a.answers->sampling.seed, b.answers->sampling.seed);
    EXPECT_EQ(a.answers->maxTokens, b.answers->maxTokens);
    EXPECT_EQ(a.answers->contextTokens, b.answers->contextTokens);
    EXPECT_EQ(a.answers->threads, b.answers->threads);
  }
  ASSERT_EQ(a.crops.size(), b.crops.size());
  for (std::size_t i = 0; i < a.crops.size(); ++i) {
    EXPECT_EQ(a.crops[i].image, b.crops[i].image);
    EXPECT_EQ(a.crops[i].place, b.crops[i].place);
  }
  ASSERT_EQ(a.messages.size(), b.messages.size());
  for (std::size_t i = 0; i < a.messages.size(); ++i) {
    const StoredMessage& x = a.messages[i].message;
    const StoredMessage& y = b.messages[i].message;
    EXPECT_EQ(a.messages[i].parent, b.messages[i].parent);
    EXPECT_EQ(a.messages[i].editedBoxes, b.messages[i].editedBoxes);
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
  ASSERT_TRUE(before.messages[1].editedBoxes);
  EXPECT_EQ(before.messages[1].editedBoxes->at(0).label, "cat, moved");
  ASSERT_TRUE(before.messages[4].editedBoxes);
  EXPECT_TRUE(before.messages[4].editedBoxes->empty());
  EXPECT_FALSE(before.messages[3].editedBoxes);
  ASSERT_EQ(before.crops.size(), 1u);
  ASSERT_TRUE(before.answers);
  EXPECT_EQ(before.answers->sampling.temperature, 0.7);
  EXPECT_EQ(before.folder, "Pets \xff");
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

TEST_F(SessionJsonTest, AFolderOfTheNameIsUsedAndOtherwiseMade) {
  const std::string text = readFile(exported());
  const auto folders = [this] { return need(store_->listFolders()); };
  need(imported(text));
  EXPECT_EQ(folders().size(), 1u);
  need(store_->removeFolder(folders()[0].id));
  const SessionId copy = need(imported(text));
  ASSERT_EQ(folders().size(), 1u);
  EXPECT_EQ(need(store_->loadSession(copy)).session.folder, folders()[0].id);
}

TEST_F(SessionJsonTest, FilesOfOlderVersionsHaveNoneOfWhatCameLater) {
  std::string text = readFile(exported());
  for (const std::string name : {"folder", "answers", "crops", "editedBoxes"}) {
    const std::string key = '"' + name + "\":";
    ASSERT_NE(text.find(key), std::string::npos) << name;
    for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at)) {
      text.replace(at, key.size(), "\"unknown\":");
    }
  }
  const SessionTree tree = need(store_->loadTree(need(imported(text))));
  EXPECT_FALSE(tree.folder);
  ASSERT_TRUE(tree.answers);  // the defaults
  EXPECT_EQ(tree.answers->sampling.temperature, SamplingOptions().temperature);
  for (const SessionTree::Node& node : tree.messages) EXPECT_FALSE(node.editedBoxes);
}

TEST_F(SessionJsonTest, OnlyCropsOfImagesOfTheSessionTravel) {
  const ImageRecord part = newImage("part", {10, 10});
  const ImageRecord elsewhere = newImage("elsewhere", {50, 50});
  const Attachment shown = attach(part, "part.png");
  const ImageRecord whole =
      need(store_->loadTree(session_)).messages[0].message.attachments[0].image;
  need(store_->appendUserMessage(session_, "And this?", {&shown, 1}));
  need(store_->recordCrop(part.sha256, {elsewhere.sha256, 0, 0, 10, 10}));
  need(store_->recordCrop(part.sha256, {whole.sha256, 195, 0, 10, 10}));  // not in it: 200 wide
  EXPECT_EQ(need(store_->loadTree(session_)).crops.size(), 1u);
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
      {"\"folder\":", "\"folder\":\"  \",\"x\":"},
      {"\"folder\":", "\"folder\":7,\"x\":"},
      {"\"answers\":{", "\"answers\":[],\"x\":{"},
      {"\"temperature\":0.7", "\"temperature\":-1"},
      {"\"maxTokens\":2048", "\"maxTokens\":0"},
      {"\"contextTokens\":1000", "\"contextTokens\":-1000"},
      {"\"threads\":3", "\"threads\":5000"},
      {"\"boxes\":[]", "\"boxes\":[],\"editedBoxes\":[]"},  // of a question
      {"[5.0,6.0,7.0,8.5]", "[5.0,6.0,7.0,1000]"},
      {"\"editedBoxes\":[", "\"editedBoxes\":null,\"x\":["},
      {"\"crops\":[", "\"crops\":{},\"x\":["},
      {"\"crops\":[{\"image\":\"", "\"crops\":[{\"image\":\"a"},
      {"\"parent\":\"" + sha, "\"parent\":\"" + std::string(64, 'a')},
      {"\"x\":170", "\"x\":171"},
      {"\"x\":170", "\"x\":-1"},
      {"\"x\":170", "\"x\":4294967296"},
      {"\"height\":40", "\"height\":0"},
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
