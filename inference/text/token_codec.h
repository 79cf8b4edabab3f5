#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inference/text/added_tokens.h"
#include "inference/text/bpe.h"
#include "inference/text/tokenizer.h"
#include "inference/text/tokenizer_file.h"

namespace vl {

/// Text to ids and back, as a TokenizerFile says. Immutable: safe to use from several threads.
/// Movable.
class TokenCodec {
 public:
  explicit TokenCodec(TokenizerFile file);

  /// As Tokenizer::encode and Tokenizer::decode.
  std::vector<TokenId> encode(std::string_view text, SpecialsPolicy specials) const;
  std::string decode(const std::vector<TokenId>& ids, bool skipSpecialTokens) const;

  const Vocabulary& vocabulary() const { return vocabulary_; }

 private:
  Vocabulary vocabulary_;
  PreTokenizer preTokenizer_;
  Bpe bpe_;
  AddedTokens verbatim_;    // first pass: added tokens with normalized = false
  AddedTokens normalized_;  // second pass, over the text between those
  AddedTokens grounding_;   // of SpecialsPolicy::GroundingOnly
};

}  // namespace vl
