#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "inference/base/result.h"
#include "inference/text/tokenizer.h"

namespace vl {

/// Tokens by id and by text. Ids may have holes.
class Vocabulary {
 public:
  /// How a token's text turns into bytes.
  enum class Kind {
    ByteLevel,  // written in the byte alphabet
    Literal,    // an added token: its text is its bytes
  };

  /// Ids size tables. The largest known vocabularies have 2^18 tokens.
  static constexpr std::int64_t kMaxId = (1 << 20) - 1;

  /// Errors: Corrupt (id out of range or taken, text already there).
  Status add(std::int64_t id, std::string text, Kind kind);
  /// Makes an existing token an added one. Requires contains(id).
  void makeLiteral(TokenId id);
  /// Marks a token that decoding may skip. Requires contains(id).
  void makeSpecial(TokenId id);

  bool contains(TokenId id) const;
  std::optional<TokenId> find(std::string_view text) const;
  /// Empty for an id without a token.
  std::string_view text(TokenId id) const;
  std::string_view bytes(TokenId id) const;
  bool isSpecial(TokenId id) const;
  /// One more than the largest id.
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::string text;
    std::string bytes;
    bool present = false;
    bool special = false;
  };
  /// Looks a string_view up without making a string of it.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  const Entry* entry(TokenId id) const;

  std::vector<Entry> entries_;  // by id
  std::unordered_map<std::string, TokenId, Hash, std::equal_to<>> ids_;
};

}  // namespace vl
