#include "inference/text/processor_tokens.h"

#include <gtest/gtest.h>

#include "tests/inference/text/small_tokenizer.h"
#include "tests/inference/text/test_files.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr const char* kPad = "<｜▁pad▁｜>";

Tokenizer loaded(const char* folder) {
  Result<Tokenizer> tokenizer = Tokenizer::load(textData(folder), "<image>", kPad);
  EXPECT_TRUE(tokenizer) << tokenizer.error().what;
  return std::move(*tokenizer);
}

Result<Tokenizer> parsed(const json& config, const json& map) {
  return Tokenizer::parse(smallTokenizerJson().dump(), config.dump(), map.dump(), "<image>",
                          "<pad>");
}

struct Expected {
  const char* folder;
  TokenId bos, eos, pad, image, ref, user, assistant;
};

TEST(ProcessorTokens, HaveTheIdsOfTheOfficialCheckpoints) {
  // SPEC section 2.2: Tiny and Base, micro-tiny and micro-base (which lacks all eight),
  // micro-small.
  const Expected expectations[] = {
      {"full", 0, 1, 2, 128815, 128816, 128821, 128822},
      {"micro-tiny", 0, 1, 2, 3774, 3775, 3780, 3781},
      {"micro-base", 0, 1, 2, 3774, 3775, 3780, 3781},
      {"micro-small", 3756, 3757, 3758, 3759, 3760, 3765, 3766},
  };
  for (const Expected& expected : expectations) {
    const Tokenizer tokenizer = loaded(expected.folder);
    const SpecialTokens& specials = tokenizer.specials();
    EXPECT_EQ(specials.bos, expected.bos) << expected.folder;
    EXPECT_EQ(specials.eos, expected.eos) << expected.folder;
    EXPECT_EQ(specials.pad, expected.pad) << expected.folder;
    EXPECT_EQ(specials.image, expected.image) << expected.folder;
    EXPECT_EQ(specials.user, expected.user) << expected.folder;
    EXPECT_EQ(specials.assistant, expected.assistant) << expected.folder;
    for (TokenId i = 0; i < 5; ++i) {
      EXPECT_EQ(tokenizer.find(kGroundingTags[i]), expected.ref + i) << expected.folder;
    }
    EXPECT_EQ(tokenizer.size(), static_cast<std::size_t>(expected.assistant) + 1);
  }
}

TEST(ProcessorTokens, AnUnknownPadTokenIsAddedFirst) {
  const Tokenizer tokenizer = smallTokenizer();
  EXPECT_EQ(tokenizer.specials().pad, 261);
  EXPECT_EQ(tokenizer.specials().image, 262);
  EXPECT_EQ(tokenizer.specials().assistant, 269);
}

TEST(ProcessorTokens, AreSpecial) {
  const Tokenizer tokenizer = smallTokenizer();
  EXPECT_EQ(tokenizer.decode({262, 'a', 263}, /*skipSpecialTokens=*/true), "a");
  EXPECT_EQ(tokenizer.decode({262, 'a', 263}), "<image>a<|ref|>");
}

TEST(ProcessorTokens, NamesComeFromEitherConfiguration) {
  const json names = {{"bos_token", "<bos>"}, {"eos_token", {{"content", "<eos>"}}}};
  EXPECT_TRUE(parsed(names, json::object()));
  EXPECT_TRUE(parsed(json::object(), names));
}

TEST(ProcessorTokens, TheMapCountsUnlessTheConfigurationListsItsTokens) {
  json config = smallConfigJson();
  const json map = {{"bos_token", "ab"}};
  EXPECT_EQ(parsed(config, map)->specials().bos, 256);
  config["added_tokens_decoder"] = json::object();
  EXPECT_EQ(parsed(config, map)->specials().bos, 259);
}

TEST(ProcessorTokens, MissingNamesAreNamed) {
  const Result<Tokenizer> none = parsed({{"bos_token", "<bos>"}}, json::object());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::NotFound);
  EXPECT_NE(none.error().what.find("eos_token"), std::string::npos);
  json config = smallConfigJson();
  config["bos_token"] = "<unknown>";
  EXPECT_EQ(parsed(config, json::object()).error().code, ErrorCode::Corrupt);
  config["bos_token"] = 5;
  EXPECT_EQ(parsed(config, json::object()).error().code, ErrorCode::NotFound);
}

TEST(ProcessorTokens, ImpossibleImageAndPadTokensAreErrors) {
  for (const std::string& name : {std::string(), std::string(1000, 'x'), std::string("\xFF")}) {
    const Result<Tokenizer> tokenizer =
        Tokenizer::parse(smallTokenizerJson().dump(), smallConfigJson().dump(), "", name, "<pad>");
    ASSERT_FALSE(tokenizer) << name;
    EXPECT_EQ(tokenizer.error().code, ErrorCode::Corrupt);
  }
}

TEST(ProcessorTokens, AFullVocabularyIsAnErrorNotAnOverflow) {
  json document = smallTokenizerJson();
  document["model"]["vocab"]["last"] = Vocabulary::kMaxId;
  const Result<Tokenizer> tokenizer =
      Tokenizer::parse(document.dump(), smallConfigJson().dump(), "", "<image>", "<pad>");
  ASSERT_FALSE(tokenizer);
  EXPECT_EQ(tokenizer.error().code, ErrorCode::Corrupt);
}

}  // namespace
}  // namespace vl
