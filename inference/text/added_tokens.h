#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inference/text/tokenizer.h"

namespace vl {

/// Finds literal tokens in text: leftmost first, the longest where several begin.
/// Immutable: safe to use from several threads. Movable.
class AddedTokens {
 public:
  struct Token {
    std::string content;
    TokenId id;
  };
  struct Match {
    std::size_t begin;  // bytes
    std::size_t end;
    TokenId id;
  };

  /// Requires contents that are not empty and differ.
  explicit AddedTokens(std::vector<Token> tokens);

  /// The first match that begins at or after `from`. Linear in the text for a bounded length of
  /// tokens.
  std::optional<Match> find(std::string_view text, std::size_t from) const;

 private:
  std::optional<Match> matchAt(std::string_view text, std::size_t at) const;

  std::vector<Token> tokens_;  // sorted by content
  bool startsToken_[256] = {};
};

}  // namespace vl
