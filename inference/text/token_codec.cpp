#include "inference/text/token_codec.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "inference/text/processor_tokens.h"
#include "inference/text/utf8.h"

namespace vl {
namespace {

/// The added tokens for which `wanted(token, text)` holds.
template <typename Wanted>
AddedTokens select(const std::vector<AddedToken>& added, const Vocabulary& vocabulary,
                   const Wanted& wanted) {
  std::vector<AddedTokens::Token> tokens;
  for (const AddedToken& token : added) {
    const std::string_view text = vocabulary.text(token.id);
    if (wanted(token, text)) tokens.push_back({std::string(text), token.id});
  }
  return AddedTokens(std::move(tokens));
}

bool isVerbatim(const AddedToken& token, std::string_view) { return !token.normalized; }

bool isNormalized(const AddedToken& token, std::string_view) { return token.normalized; }

bool isGroundingTag(const AddedToken&, std::string_view text) {
  return std::find(std::begin(kGroundingTags), std::end(kGroundingTags), text) !=
         std::end(kGroundingTags);
}

/// Takes the tokens out of the text: `between` gets each stretch that has none, `onToken` each id.
template <typename Between, typename OnToken>
void cutOut(const AddedTokens& tokens, std::string_view text, const Between& between,
            const OnToken& onToken) {
  std::size_t from = 0;
  while (const auto match = tokens.find(text, from)) {
    between(text.substr(from, match->begin - from));
    onToken(match->id);
    from = match->end;
  }
  between(text.substr(from));
}

}  // namespace

TokenCodec::TokenCodec(TokenizerFile file)
    : vocabulary_(std::move(file.vocabulary)),
      preTokenizer_(std::move(file.preTokenizer)),
      bpe_(file.byteTokens, file.merges, vocabulary_.size()),
      verbatim_(select(file.added, vocabulary_, isVerbatim)),
      normalized_(select(file.added, vocabulary_, isNormalized)),
      grounding_(select(file.added, vocabulary_, isGroundingTag)) {}

std::vector<TokenId> TokenCodec::encode(std::string_view text, SpecialsPolicy specials) const {
  std::string repaired;
  if (!isValidUtf8(text)) {
    repaired = toValidUtf8(text);
    text = repaired;
  }
  std::vector<TokenId> ids;
  RegexSearch search;
  Bpe::Scratch scratch;
  const auto onToken = [&](TokenId id) { ids.push_back(id); };
  const auto plain = [&](std::string_view stretch) {
    preTokenizer_.split(stretch, search,
                        [&](std::string_view piece) { bpe_.encode(piece, scratch, ids); });
  };
  switch (specials) {
    case SpecialsPolicy::GroundingOnly:
      cutOut(grounding_, text, plain, onToken);
      break;
    case SpecialsPolicy::All:
      cutOut(
          verbatim_, text,
          [&](std::string_view stretch) { cutOut(normalized_, stretch, plain, onToken); }, onToken);
      break;
  }
  return ids;
}

std::string TokenCodec::decode(const std::vector<TokenId>& ids, bool skipSpecialTokens) const {
  std::string bytes;
  for (const TokenId id : ids) {
    if (skipSpecialTokens && vocabulary_.isSpecial(id)) continue;
    bytes += vocabulary_.bytes(id);
  }
  return toValidUtf8(bytes);
}

}  // namespace vl
