// The ids and texts of Hugging Face tokenizers (Rust) for 427 strings and 40 id sequences, for four
// tokenizers: what tests/data/text/README.md calls the tokenizer goldens.

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>

#include "inference/text/token_codec.h"
#include "inference/text/tokenizer.h"
#include "tests/inference/text/test_files.h"

namespace vl {
namespace {

using Ids = std::vector<TokenId>;

struct GoldenSet {
  const char* file;
  const char* folder;
  bool processorTokens;  // whether the processor's tokens are in the goldens' tokenizer
};

constexpr GoldenSet kSets[] = {{"full_v3", "full", false},
                               {"full_vl2", "full", true},
                               {"micro", "micro-tiny", true},
                               {"micro_v2style", "micro-small", true}};

/// Encoding and decoding of one golden set's tokenizer.
struct Subject {
  std::function<Ids(const std::string&)> encode;
  std::function<std::string(const Ids&, bool skipSpecials)> decode;
  std::shared_ptr<Tokenizer> tokenizer;  // when it has the processor's tokens
};

Subject makeSubject(const GoldenSet& set) {
  const std::filesystem::path folder = textData(set.folder);
  if (set.processorTokens) {
    Result<Tokenizer> loaded = Tokenizer::load(folder, "<image>", "<｜▁pad▁｜>");
    EXPECT_TRUE(loaded) << loaded.error().what;
    auto tokenizer = std::make_shared<Tokenizer>(std::move(*loaded));
    return {[=](const std::string& text) { return tokenizer->encode(text, SpecialsPolicy::All); },
            [=](const Ids& ids, bool skip) { return tokenizer->decode(ids, skip); }, tokenizer};
  }
  Result<TokenizerFile> file = parseTokenizerFile(readTestFile(folder / "tokenizer.json"));
  EXPECT_TRUE(file) << file.error().what;
  const auto codec = std::make_shared<TokenCodec>(std::move(*file));
  return {[=](const std::string& text) { return codec->encode(text, SpecialsPolicy::All); },
          [=](const Ids& ids, bool skip) { return codec->decode(ids, skip); }, nullptr};
}

/// Loading the full tokenizer takes longer than its goldens: once for all tests.
const Subject& subjectOf(const GoldenSet& set) {
  static std::map<std::string, Subject> subjects;
  const auto [found, isNew] = subjects.try_emplace(set.file);
  if (isNew) found->second = makeSubject(set);
  return found->second;
}

class TokenizerGoldenTest : public testing::TestWithParam<GoldenSet> {
 protected:
  nlohmann::json goldens_ =
      readTestJson(textData("tokenizer") / (std::string(GetParam().file) + ".json"));
  const Subject& subject_ = subjectOf(GetParam());
};

TEST_P(TokenizerGoldenTest, EncodesEveryStringToTheSameIds) {
  ASSERT_EQ(goldens_["cases"].size(), 427u);
  for (const auto& golden : goldens_["cases"]) {
    const auto text = golden["text"].get<std::string>();
    EXPECT_EQ(subject_.encode(text), golden["ids"].get<Ids>())
        << golden["category"] << ": " << golden["text"];
  }
}

TEST_P(TokenizerGoldenTest, DecodesEverySequenceToTheSameText) {
  ASSERT_EQ(goldens_["decode_cases"].size(), 40u);
  for (const char* list : {"cases", "decode_cases"}) {
    for (const auto& golden : goldens_[list]) {
      const auto ids = golden["ids"].get<Ids>();
      EXPECT_EQ(subject_.decode(ids, false), golden["decoded"]) << golden["ids"];
      EXPECT_EQ(subject_.decode(ids, true), golden["decoded_skip_special"]) << golden["ids"];
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EverySet, TokenizerGoldenTest, testing::ValuesIn(kSets),
                         [](const auto& set) { return std::string(set.param.file); });

TEST(TokenizerGolden, StreamsEverySequenceToTheSameText) {
  for (const GoldenSet& set : kSets) {
    const Tokenizer* tokenizer = subjectOf(set).tokenizer.get();
    if (tokenizer == nullptr) continue;
    const nlohmann::json goldens =
        readTestJson(textData("tokenizer") / (std::string(set.file) + ".json"));
    for (const char* list : {"cases", "decode_cases"}) {
      for (const auto& golden : goldens[list]) {
        StreamDecoder stream(*tokenizer);
        std::string text;
        for (const TokenId id : golden["ids"].get<Ids>()) text += stream.push(id);
        text += stream.finish();
        EXPECT_EQ(text, golden["decoded"]) << set.file << golden["ids"];
      }
    }
  }
}

}  // namespace
}  // namespace vl
