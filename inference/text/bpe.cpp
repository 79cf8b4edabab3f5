#include "inference/text/bpe.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace vl {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

/// Up to this many bytes, scanning for the best pair beats keeping a heap. Words are shorter.
constexpr std::size_t kShortPiece = 48;

}  // namespace

Bpe::Bpe(const std::array<TokenId, 256>& byteTokens, const std::vector<MergeRule>& merges,
         std::size_t vocabularySize)
    : byteTokens_(byteTokens) {
  std::vector<std::uint32_t> order(merges.size());
  for (std::uint32_t rank = 0; rank < order.size(); ++rank) order[rank] = rank;
  // Equal pairs: the later rule first, so that it is the one kept.
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (merges[a].left != merges[b].left) return merges[a].left < merges[b].left;
    if (merges[a].right != merges[b].right) return merges[a].right < merges[b].right;
    return a > b;
  });
  firstRule_.reserve(vocabularySize + 1);
  rules_.reserve(merges.size());
  for (const std::uint32_t rank : order) {
    const MergeRule& merge = merges[rank];
    const auto left = static_cast<std::size_t>(merge.left);
    assert(left < vocabularySize);
    const bool repeated = firstRule_.size() == left + 1 && firstRule_.back() < rules_.size() &&
                          rules_.back().right == merge.right;
    if (repeated) continue;
    while (firstRule_.size() <= left)
      firstRule_.push_back(static_cast<std::uint32_t>(rules_.size()));
    rules_.push_back({merge.right, merge.merged, rank});
  }
  while (firstRule_.size() <= vocabularySize) {
    firstRule_.push_back(static_cast<std::uint32_t>(rules_.size()));
  }
}

const Bpe::Rule* Bpe::find(TokenId left, TokenId right) const {
  const auto slot = static_cast<std::size_t>(left);
  const Rule* first = rules_.data() + firstRule_[slot];
  const Rule* last = rules_.data() + firstRule_[slot + 1];
  const Rule* rule = std::lower_bound(
      first, last, right, [](const Rule& candidate, TokenId id) { return candidate.right < id; });
  return rule != last && rule->right == right ? rule : nullptr;
}

std::uint32_t Bpe::rank(TokenId left, TokenId right) const {
  const Rule* rule = find(left, right);
  return rule == nullptr ? kNone : rule->rank;
}

void Bpe::encode(std::string_view piece, Scratch& scratch, std::vector<TokenId>& out) const {
  if (piece.size() <= kShortPiece) {
    encodeShort(piece, scratch, out);
  } else {
    encodeLong(piece, scratch, out);
  }
}

void Bpe::encodeShort(std::string_view piece, Scratch& scratch, std::vector<TokenId>& out) const {
  std::vector<TokenId>& tokens = scratch.tokens_;
  std::vector<std::uint32_t>& ranks = scratch.ranks_;  // ranks[i] of the pair (i, i + 1)
  tokens.clear();
  for (const char c : piece) tokens.push_back(byteTokens_[static_cast<unsigned char>(c)]);
  const auto rankAt = [&](std::size_t i) {
    return i + 1 < tokens.size() ? rank(tokens[i], tokens[i + 1]) : kNone;
  };
  ranks.clear();
  for (std::size_t i = 0; i < tokens.size(); ++i) ranks.push_back(rankAt(i));
  while (tokens.size() > 1) {
    const auto best = std::min_element(ranks.begin(), ranks.end());  // the leftmost of equals
    if (*best == kNone) break;
    const auto at = static_cast<std::size_t>(best - ranks.begin());
    const auto offset = static_cast<std::ptrdiff_t>(at);
    tokens[at] = find(tokens[at], tokens[at + 1])->merged;
    tokens.erase(tokens.begin() + offset + 1);
    ranks.erase(ranks.begin() + offset + 1);
    ranks[at] = rankAt(at);
    if (at > 0) ranks[at - 1] = rankAt(at - 1);
  }
  out.insert(out.end(), tokens.begin(), tokens.end());
}

void Bpe::encodeLong(std::string_view piece, Scratch& scratch, std::vector<TokenId>& out) const {
  assert(piece.size() < kNone);
  std::vector<Scratch::Link>& links = scratch.links_;
  links.clear();
  for (const char c : piece) {
    const auto at = static_cast<std::uint32_t>(links.size());
    links.push_back({byteTokens_[static_cast<unsigned char>(c)], at == 0 ? kNone : at - 1, at + 1});
  }
  links.back().next = kNone;

  constexpr TokenId kSwallowed = -1;  // this link's text is now part of the one before
  const auto ruleAt = [&](std::uint32_t at) -> const Rule* {
    const Scratch::Link& link = links[at];
    if (link.token == kSwallowed || link.next == kNone) return nullptr;
    return find(link.token, links[link.next].token);
  };
  scratch.queue_.clear();
  const auto offer = [&](std::uint32_t at) {
    if (const Rule* rule = ruleAt(at)) scratch.queue_.push({rule->rank, at});
  };
  for (std::uint32_t at = 0; at < links.size(); ++at) offer(at);

  while (const auto best = scratch.queue_.pop()) {
    const Rule* rule = ruleAt(best->position);
    // Another rank: one of the two has been merged meanwhile.
    if (rule == nullptr || rule->rank != best->rank) continue;
    Scratch::Link& link = links[best->position];
    Scratch::Link& right = links[link.next];
    link.token = rule->merged;
    link.next = right.next;
    right.token = kSwallowed;
    if (link.next != kNone) links[link.next].previous = best->position;
    if (link.previous != kNone) offer(link.previous);
    offer(best->position);
  }
  for (std::uint32_t at = 0; at != kNone; at = links[at].next) out.push_back(links[at].token);
}

}  // namespace vl
