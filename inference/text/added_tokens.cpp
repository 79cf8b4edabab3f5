#include "inference/text/added_tokens.h"

#include <algorithm>
#include <utility>

namespace vl {

AddedTokens::AddedTokens(std::vector<Token> tokens) : tokens_(std::move(tokens)) {
  std::sort(tokens_.begin(), tokens_.end(),
            [](const Token& a, const Token& b) { return a.content < b.content; });
  for (const Token& token : tokens_) {
    startsToken_[static_cast<unsigned char>(token.content.front())] = true;
  }
}

std::optional<AddedTokens::Match> AddedTokens::find(std::string_view text, std::size_t from) const {
  for (std::size_t at = from; at < text.size(); ++at) {
    if (!startsToken_[static_cast<unsigned char>(text[at])]) continue;
    if (std::optional<Match> match = matchAt(text, at)) return match;
  }
  return std::nullopt;
}

std::optional<AddedTokens::Match> AddedTokens::matchAt(std::string_view text,
                                                       std::size_t at) const {
  std::optional<Match> longest;
  // [first, last): the tokens that begin with text[at, at + length). The one that is exactly that
  // sorts first.
  auto first = tokens_.begin();
  auto last = tokens_.end();
  for (std::size_t length = 0; first != last; ++length) {
    if (length > 0 && first->content.size() == length) {
      longest = Match{at, at + length, first->id};
      ++first;
    }
    if (at + length == text.size()) break;
    const auto next = static_cast<unsigned char>(text[at + length]);
    const auto byteAfter = [length](const Token& token) {
      return static_cast<unsigned char>(token.content[length]);
    };
    first = std::partition_point(first, last,
                                 [&](const Token& token) { return byteAfter(token) < next; });
    last = std::partition_point(first, last,
                                [&](const Token& token) { return byteAfter(token) == next; });
  }
  return longest;
}

}  // namespace vl
