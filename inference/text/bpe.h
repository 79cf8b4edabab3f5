#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "inference/text/merge_queue.h"
#include "inference/text/tokenizer.h"

namespace vl {

/// Two neighbouring tokens may become one. The rank of a rule is its place in the list of merges;
/// the lowest rank goes first.
struct MergeRule {
  TokenId left;
  TokenId right;
  TokenId merged;
};

/// Byte-pair encoding over bytes (Sennrich et al., arXiv:1508.07909, on GPT-2's byte alphabet).
/// Immutable: safe to use from several threads, each with its own Scratch. Movable.
class Bpe {
 public:
  /// Working memory of one thread, kept between pieces.
  class Scratch {
   private:
    friend class Bpe;
    /// A token of a long piece in a list, so that merging one moves none.
    struct Link {
      TokenId token;
      std::uint32_t previous;
      std::uint32_t next;
    };
    std::vector<TokenId> tokens_;
    std::vector<std::uint32_t> ranks_;
    std::vector<Link> links_;
    MergeQueue queue_;
  };

  ///   byteTokens   the token of each byte
  ///   merges       by rank; of two rules for one pair the later one counts, as upstream
  /// Requires ids in [0, vocabularySize).
  Bpe(const std::array<TokenId, 256>& byteTokens, const std::vector<MergeRule>& merges,
      std::size_t vocabularySize);

  /// Appends the tokens of one piece. n log n in its bytes, whatever they are.
  /// Requires fewer than 2^32 - 1 bytes.
  void encode(std::string_view piece, Scratch& scratch, std::vector<TokenId>& out) const;

 private:
  struct Rule {
    TokenId right;
    TokenId merged;
    std::uint32_t rank;
  };

  const Rule* find(TokenId left, TokenId right) const;
  std::uint32_t rank(TokenId left, TokenId right) const;
  void encodeShort(std::string_view piece, Scratch& scratch, std::vector<TokenId>& out) const;
  void encodeLong(std::string_view piece, Scratch& scratch, std::vector<TokenId>& out) const;

  std::array<TokenId, 256> byteTokens_;
  // Rules sorted by (left, right): those of `left` are rules_[firstRule_[left],
  // firstRule_[left+1]).
  std::vector<std::uint32_t> firstRule_;
  std::vector<Rule> rules_;
};

}  // namespace vl
