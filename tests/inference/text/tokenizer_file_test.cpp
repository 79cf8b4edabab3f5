#include "inference/text/tokenizer_file.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/inference/text/small_tokenizer.h"

namespace vl {
namespace {

using nlohmann::json;

struct Damage {
  const char* what;
  std::function<void(json&)> apply;
  ErrorCode code;
};

constexpr ErrorCode kCorrupt = ErrorCode::Corrupt;
constexpr ErrorCode kUnsupported = ErrorCode::Unsupported;

const Damage kDamages[] = {
    {"no model", [](json& t) { t.erase("model"); }, kCorrupt},
    {"model of another type", [](json& t) { t["model"]["type"] = "Unigram"; }, kUnsupported},
    {"model is text", [](json& t) { t["model"] = "BPE"; }, kUnsupported},
    {"no vocab", [](json& t) { t["model"].erase("vocab"); }, kCorrupt},
    {"vocab is a list", [](json& t) { t["model"]["vocab"] = json::array(); }, kCorrupt},
    {"negative id", [](json& t) { t["model"]["vocab"]["ab"] = -1; }, kCorrupt},
    {"huge id", [](json& t) { t["model"]["vocab"]["ab"] = 4'000'000'000u; }, kCorrupt},
    {"id past 2^63", [](json& t) { t["model"]["vocab"]["ab"] = UINT64_MAX; }, kCorrupt},
    {"broken id", [](json& t) { t["model"]["vocab"]["ab"] = 1.5; }, kCorrupt},
    {"id is text", [](json& t) { t["model"]["vocab"]["ab"] = "256"; }, kCorrupt},
    {"id is true", [](json& t) { t["model"]["vocab"]["ab"] = true; }, kCorrupt},
    {"two tokens with one id", [](json& t) { t["model"]["vocab"]["ab"] = 257; }, kCorrupt},
    {"a byte without a token", [](json& t) { t["model"]["vocab"].erase("z"); }, kUnsupported},
    {"no merges", [](json& t) { t["model"].erase("merges"); }, kCorrupt},
    {"merges are an object", [](json& t) { t["model"]["merges"] = json::object(); }, kCorrupt},
    {"merge of an unknown token", [](json& t) { t["model"]["merges"][0] = "a q?"; }, kCorrupt},
    {"merge into an unknown token", [](json& t) { t["model"]["merges"][0] = "a z"; }, kCorrupt},
    {"merge of three", [](json& t) { t["model"]["merges"][0] = "a b c"; }, kCorrupt},
    {"merge of one", [](json& t) { t["model"]["merges"][0] = "ab"; }, kCorrupt},
    {"merge list of one", [](json& t) { t["model"]["merges"][1] = {"ab"}; }, kCorrupt},
    {"merge of numbers",
     [](json& t) {
       t["model"]["merges"][1] = {1, 2};
     },
     kCorrupt},
    {"dropout", [](json& t) { t["model"]["dropout"] = 0.1; }, kUnsupported},
    {"prefix", [](json& t) { t["model"]["continuing_subword_prefix"] = "##"; }, kUnsupported},
    {"suffix", [](json& t) { t["model"]["end_of_word_suffix"] = "</w>"; }, kUnsupported},
    {"ignore_merges", [](json& t) { t["model"]["ignore_merges"] = true; }, kUnsupported},
    {"normalizer",
     [](json& t) {
       t["normalizer"] = {{"type", "NFC"}};
     },
     kUnsupported},
    {"nested normalizer",
     [](json& t) {
       t["normalizer"] = {{"type", "Sequence"}, {"normalizers", {{{"type", "Lowercase"}}}}};
     },
     kUnsupported},
    {"no decoder", [](json& t) { t.erase("decoder"); }, kUnsupported},
    {"another decoder", [](json& t) { t["decoder"]["type"] = "Metaspace"; }, kUnsupported},
    {"no pre-tokenizer", [](json& t) { t["pre_tokenizer"] = nullptr; }, kUnsupported},
    {"added tokens are text", [](json& t) { t["added_tokens"] = "x"; }, kCorrupt},
    {"added token is text", [](json& t) { t["added_tokens"][0] = "x"; }, kCorrupt},
    {"added token without content", [](json& t) { t["added_tokens"][0].erase("content"); },
     kCorrupt},
    {"empty added token", [](json& t) { t["added_tokens"][0]["content"] = ""; }, kCorrupt},
    {"added token without id", [](json& t) { t["added_tokens"][0].erase("id"); }, kCorrupt},
    {"added token with a negative id", [](json& t) { t["added_tokens"][0]["id"] = -1; }, kCorrupt},
    {"added token with a taken id", [](json& t) { t["added_tokens"][0]["id"] = 256; }, kCorrupt},
    {"added token with another id than its token",
     [](json& t) { t["added_tokens"][0]["content"] = "ab"; }, kCorrupt},
    {"added token twice", [](json& t) { t["added_tokens"][1] = t["added_tokens"][0]; }, kCorrupt},
    {"endless added token",
     [](json& t) { t["added_tokens"][0]["content"] = std::string(10'000, 'a'); }, kUnsupported},
    {"added token that takes spaces along", [](json& t) { t["added_tokens"][0]["lstrip"] = true; },
     kUnsupported},
};

TEST(TokenizerFile, TheUndamagedFileLoads) {
  const Result<TokenizerFile> file = parseTokenizerFile(smallTokenizerJson().dump());
  ASSERT_TRUE(file) << file.error().what;
  EXPECT_EQ(file->vocabulary.size(), 261u);
  EXPECT_EQ(file->merges.size(), 3u);  // written as text and as pairs
  EXPECT_EQ(file->added.size(), 2u);
}

TEST(TokenizerFile, EveryDamageIsAnErrorThatNamesTheFile) {
  for (const Damage& damage : kDamages) {
    json document = smallTokenizerJson();
    damage.apply(document);
    const Result<TokenizerFile> file = parseTokenizerFile(document.dump());
    ASSERT_FALSE(file) << damage.what;
    EXPECT_EQ(file.error().code, damage.code) << damage.what << ": " << file.error().what;
    EXPECT_EQ(file.error().what.rfind("tokenizer.json: ", 0), 0u) << file.error().what;
    EXPECT_EQ(file.error().what.back(), '.') << file.error().what;
  }
}

TEST(TokenizerFile, EveryCutFileIsAnError) {
  const std::string text = smallTokenizerJson().dump();
  for (std::size_t length = 0; length < text.size(); length += 7) {
    EXPECT_FALSE(parseTokenizerFile(text.substr(0, length))) << length;
  }
}

TEST(TokenizerFile, HarmlessOptionsAreAccepted) {
  json document = smallTokenizerJson();
  document["normalizer"] = {{"type", "Sequence"}, {"normalizers", json::array()}};
  document["decoder"] = {{"type", "Sequence"}, {"decoders", {{{"type", "ByteLevel"}}}}};
  document["model"]["dropout"] = 0.0;
  document["model"]["continuing_subword_prefix"] = "";
  document["model"]["vocab"].erase("À");  // the byte C0 is never part of UTF-8
  document["model"]["unknown_key"] = {1, 2, 3};
  document["added_tokens"][0].erase("normalized");
  const Result<TokenizerFile> file = parseTokenizerFile(document.dump());
  EXPECT_TRUE(file) << file.error().what;
}

}  // namespace
}  // namespace vl
