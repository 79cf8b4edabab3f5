#include "tests/inference/text/small_tokenizer.h"

#include <gtest/gtest.h>

#include <utility>

#include "inference/text/byte_alphabet.h"

namespace vl {

nlohmann::json smallTokenizerJson() {
  nlohmann::json vocabulary;
  for (int byte = 0; byte < 256; ++byte) {
    vocabulary[byteToAlphabet(static_cast<unsigned char>(byte))] = byte;
  }
  const std::string space = byteToAlphabet(' ');
  vocabulary["ab"] = 256;
  vocabulary["abc"] = 257;
  vocabulary[space + "c"] = 258;
  const auto added = [](int id, const char* content) {
    return nlohmann::json{{"id", id},        {"content", content}, {"single_word", false},
                          {"lstrip", false}, {"rstrip", false},    {"normalized", false},
                          {"special", true}};
  };
  return {{"version", "1.0"},
          {"added_tokens", {added(259, "<bos>"), added(260, "<eos>")}},
          {"normalizer", nullptr},
          {"pre_tokenizer",
           {{"type", "Sequence"},
            {"pretokenizers",
             {{{"type", "Split"},
               {"pattern", {{"Regex", " ?[^ ]+"}}},
               {"behavior", "Isolated"},
               {"invert", false}},
              {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}}}}}},
          {"decoder", {{"type", "ByteLevel"}}},
          {"model",
           {{"type", "BPE"},
            {"vocab", vocabulary},
            {"merges", {"a b", nlohmann::json::array({"ab", "c"}), space + " c"}}}}};
}

nlohmann::json smallConfigJson() {
  return {{"bos_token", "<bos>"}, {"eos_token", {{"content", "<eos>"}}}, {"pad_token", nullptr}};
}

Tokenizer smallTokenizer() {
  Result<Tokenizer> tokenizer = Tokenizer::parse(smallTokenizerJson().dump(),
                                                 smallConfigJson().dump(), "", "<image>", "<pad>");
  EXPECT_TRUE(tokenizer) << tokenizer.error().what;
  return std::move(*tokenizer);
}

}  // namespace vl
