#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "inference/base/result.h"
#include "inference/text/bpe.h"
#include "inference/text/pre_tokenizer.h"
#include "inference/text/vocabulary.h"

namespace vl {

/// A token that is looked for in the text before BPE sees it.
struct AddedToken {
  TokenId id;
  bool normalized;  // looked for in a second pass, behind the tokens that are not
};

/// What a tokenizer.json says, checked: every id that appears is in the vocabulary, and all bytes
/// of UTF-8 have a token.
struct TokenizerFile {
  Vocabulary vocabulary;
  std::vector<AddedToken> added;
  std::vector<MergeRule> merges;
  std::array<TokenId, 256> byteTokens;  // 0 for bytes that UTF-8 never has and that have no token
  PreTokenizer preTokenizer;
};

/// Longest added token, in bytes; bounds the time that looking for them takes.
inline constexpr std::size_t kMaxAddedTokenBytes = 512;

/// Errors: Corrupt, Unsupported (anything that would change ids and that we do not run: a
/// normalizer, another model or decoder, dropout, prefixes, tokens that take spaces along).
Result<TokenizerFile> parseTokenizerFile(std::string_view text);

}  // namespace vl
