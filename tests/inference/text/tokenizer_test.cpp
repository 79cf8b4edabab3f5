#include "inference/text/tokenizer.h"

#include <gtest/gtest.h>

#include <future>
#include <random>

#include "inference/text/utf8.h"
#include "tests/inference/text/small_tokenizer.h"
#include "tests/inference/text/test_files.h"

namespace vl {
namespace {

using Ids = std::vector<TokenId>;

const Tokenizer& micro() {
  static const Tokenizer tokenizer =
      std::move(*Tokenizer::load(textData("micro-tiny"), "<image>", "<｜▁pad▁｜>"));
  return tokenizer;
}

Ids plain(std::string_view text) { return micro().encode(text, SpecialsPolicy::GroundingOnly); }

TEST(Tokenizer, TypedControlTokensAreTextUnlessAllAreHonoured) {
  const SpecialTokens& specials = micro().specials();
  for (const TokenId id : {specials.bos, specials.eos, specials.pad, specials.image, specials.user,
                           specials.assistant}) {
    const std::string text = std::string("a ") + std::string(micro().token(id)) + "b";
    const Ids literal = plain(text);
    EXPECT_EQ(std::count(literal.begin(), literal.end(), id), 0) << text;
    EXPECT_EQ(micro().decode(literal), text);
    const Ids honoured = micro().encode(text, SpecialsPolicy::All);
    EXPECT_EQ(std::count(honoured.begin(), honoured.end(), id), 1) << text;
  }
}

TEST(Tokenizer, GroundingTokensAreAlwaysHonoured) {
  for (const SpecialsPolicy policy : {SpecialsPolicy::GroundingOnly, SpecialsPolicy::All}) {
    EXPECT_EQ(micro().encode("<|ref|><|/ref|><|det|><|/det|><|grounding|>", policy),
              (Ids{3775, 3776, 3777, 3778, 3779}));
  }
}

TEST(Tokenizer, InvalidUtf8IsEncodedAsReplacementCharacters) {
  EXPECT_EQ(plain("a\xFF\xE4\xBD"), plain("a\uFFFD\uFFFD"));
}

TEST(Tokenizer, EveryTextComesBack) {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (int i = 0; i < 40; ++i) {
      const char32_t c = random() % (random() % 2 ? 0x80 : 0x110000);
      if (c < 0xD800 || c > 0xDFFF) appendUtf8(c, text);
    }
    ASSERT_EQ(micro().decode(plain(text)), text);
    ASSERT_EQ(micro().decode(micro().encode(text, SpecialsPolicy::All)), text);
  }
}

TEST(Tokenizer, LongRunsOfOneCharacterComeBack) {
  // Linear for both families: quadratic cutting or merging would take an hour.
  const std::size_t length = 500'000;
  for (const char* folder : {"micro-tiny", "micro-small"}) {
    const Result<Tokenizer> tokenizer = Tokenizer::load(textData(folder), "<image>", "<pad>");
    ASSERT_TRUE(tokenizer);
    for (const char c : {'a', ' ', '\n', '1', '!', '<'}) {
      for (const char* end : {"", "x", "一"}) {
        const std::string text = std::string(length, c) + end;
        ASSERT_EQ(tokenizer->decode(tokenizer->encode(text, SpecialsPolicy::All)), text)
            << folder << " '" << c << "' " << end;
      }
    }
  }
}

TEST(Tokenizer, IdsWithoutATokenDecodeToNothing) {
  EXPECT_EQ(micro().size(), 3782u);
  for (const TokenId id : {-1, 3782, 3839, 2'000'000'000}) {
    EXPECT_EQ(micro().bytes(id), "");
    EXPECT_EQ(micro().token(id), "");
  }
  EXPECT_EQ(micro().decode({3839, 42, -5}), "H");
}

TEST(Tokenizer, TokensAreFoundAsTheFileWritesThem) {
  const TokenId space = plain(" ").front();
  EXPECT_EQ(micro().token(space), "Ġ");
  EXPECT_EQ(micro().bytes(space), " ");
  EXPECT_EQ(micro().find("Ġ"), space);
  EXPECT_EQ(micro().find("<|User|>"), micro().specials().user);
  EXPECT_FALSE(micro().find("no such token"));
}

TEST(Tokenizer, SeveralThreadsEncodeWithOneTokenizer) {
  const std::string text = "Two threads, 2 texts; <|ref|>one<|/ref|> tokenizer.\n";
  const Ids expected = plain(text);
  const auto encodeOften = [&] {
    for (int i = 0; i < 200; ++i) {
      if (plain(text) != expected) return false;
    }
    return true;
  };
  std::future<bool> other = std::async(std::launch::async, encodeOften);
  EXPECT_TRUE(encodeOften());
  EXPECT_TRUE(other.get());
}

TEST(Tokenizer, MissingAndBrokenFilesAreNamed) {
  const Result<Tokenizer> nowhere = Tokenizer::load(textData("nowhere"), "<image>", "<pad>");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::NotFound);
  EXPECT_NE(nowhere.error().what.find("tokenizer.json"), std::string::npos);

  const std::string file = smallTokenizerJson().dump();
  const std::string config = smallConfigJson().dump();
  const auto parse = [](std::string_view a, std::string_view b, std::string_view c) {
    return Tokenizer::parse(a, b, c, "<image>", "<pad>").error();
  };
  EXPECT_NE(parse("{", config, "{}").what.find("tokenizer.json"), std::string::npos);
  EXPECT_NE(parse(file, "{", "{}").what.find("tokenizer_config.json"), std::string::npos);
  EXPECT_NE(parse(file, config, "{").what.find("special_tokens_map.json"), std::string::npos);
}

TEST(Tokenizer, TheMapOfSpecialTokensMayBeMissing) {
  EXPECT_FALSE(std::filesystem::exists(textData("full") / "special_tokens_map.json"));
  EXPECT_TRUE(Tokenizer::load(textData("full"), "<image>", "<pad>"));
}

TEST(StreamDecoder, HandsOutWholeCodePointsOnly) {
  // The ids of the bytes F0 9F 98 80 and of "A" in the micro vocabulary.
  const Ids smile = {175, 256, 249, 225};
  StreamDecoder stream(micro());
  for (std::size_t i = 0; i + 1 < smile.size(); ++i) EXPECT_EQ(stream.push(smile[i]), "");
  EXPECT_EQ(stream.push(smile.back()), "\U0001F600");
  EXPECT_EQ(stream.finish(), "");
}

TEST(StreamDecoder, ReplacesWhatCanNoLongerBecomeValid) {
  StreamDecoder stream(micro());
  EXPECT_EQ(stream.push(175), "");
  EXPECT_EQ(stream.push(256), "");
  EXPECT_EQ(stream.push(35), "\uFFFDA");  // one for the two bytes, as they were valid so far
  EXPECT_EQ(stream.push(175), "");
  EXPECT_EQ(stream.finish(), "\uFFFD");
  EXPECT_EQ(stream.finish(), "");
}

TEST(StreamDecoder, AgreesWithDecodeOnAnyIds) {
  std::mt19937 random(5);
  for (int round = 0; round < 500; ++round) {
    Ids ids(20);
    for (TokenId& id : ids) id = static_cast<TokenId>(random() % (random() % 2 ? 260 : 3840));
    StreamDecoder stream(micro());
    std::string text;
    for (const TokenId id : ids) {
      const std::string piece = stream.push(id);
      ASSERT_TRUE(isValidUtf8(piece));
      text += piece;
    }
    ASSERT_EQ(text + stream.finish(), micro().decode(ids));
  }
}

}  // namespace
}  // namespace vl
