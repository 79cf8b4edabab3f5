#include "inference/text/bpe.h"

#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <random>

namespace vl {
namespace {

using Ids = std::vector<TokenId>;

std::array<TokenId, 256> identityBytes() {
  std::array<TokenId, 256> tokens{};
  std::iota(tokens.begin(), tokens.end(), 0);
  return tokens;
}

Ids encode(const Bpe& bpe, std::string_view piece) {
  Bpe::Scratch scratch;
  Ids ids;
  bpe.encode(piece, scratch, ids);
  return ids;
}

/// The definition: as long as any pair has a rule, the leftmost pair of the lowest rank merges.
Ids encodeByDefinition(const std::vector<MergeRule>& merges, std::string_view piece) {
  Ids ids(piece.begin(), piece.end());
  for (;;) {
    const MergeRule* best = nullptr;
    std::size_t at = 0;
    for (std::size_t i = 0; i + 1 < ids.size(); ++i) {
      for (const MergeRule& rule : merges) {
        if (rule.left != ids[i] || rule.right != ids[i + 1]) continue;
        if (best == nullptr || &rule < best) {
          best = &rule;
          at = i;
        }
        break;
      }
    }
    if (best == nullptr) return ids;
    ids[at] = best->merged;
    ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  }
}

/// Random merges over 'a'..'c' and each other, each pair once.
std::vector<MergeRule> randomMerges(std::mt19937& random, std::size_t count) {
  std::vector<TokenId> tokens = {'a', 'b', 'c'};
  std::map<std::pair<TokenId, TokenId>, bool> used;
  std::vector<MergeRule> merges;
  while (merges.size() < count) {
    const TokenId left = tokens[random() % tokens.size()];
    const TokenId right = tokens[random() % tokens.size()];
    if (!used.emplace(std::pair(left, right), true).second) continue;
    const auto merged = static_cast<TokenId>(256 + merges.size());
    merges.push_back({left, right, merged});
    tokens.push_back(merged);
  }
  std::shuffle(merges.begin(), merges.end(), random);
  return merges;
}

TEST(Bpe, FollowsTheDefinitionForWordsAndLongPieces) {
  std::mt19937 random(1);
  for (int round = 0; round < 60; ++round) {
    const std::vector<MergeRule> merges = randomMerges(random, 1 + random() % 40);
    const Bpe bpe(identityBytes(), merges, 256 + merges.size());
    for (const std::size_t length : {0, 1, 2, 7, 47, 48, 49, 130}) {
      std::string piece;
      for (std::size_t i = 0; i < length; ++i) piece += static_cast<char>('a' + random() % 3);
      ASSERT_EQ(encode(bpe, piece), encodeByDefinition(merges, piece)) << piece;
    }
  }
}

TEST(Bpe, EqualRanksMergeFromTheLeft) {
  const Bpe bpe(identityBytes(), {{'a', 'a', 256}}, 257);
  EXPECT_EQ(encode(bpe, "aaa"), (Ids{256, 'a'}));
  Ids longRun(50, 256);
  longRun.push_back('a');
  EXPECT_EQ(encode(bpe, std::string(101, 'a')), longRun);
}

TEST(Bpe, OfTwoRulesForOnePairTheLaterCounts) {
  const Bpe bpe(identityBytes(), {{'a', 'b', 256}, {'b', 'c', 257}, {'a', 'b', 258}}, 259);
  EXPECT_EQ(encode(bpe, "ab"), Ids{258});
  EXPECT_EQ(encode(bpe, "abc"), (Ids{'a', 257}));
}

TEST(Bpe, WorksWithoutRules) {
  const Bpe bpe(identityBytes(), {}, 256);
  EXPECT_EQ(encode(bpe, "\xFF\x01"), (Ids{255, 1}));
}

TEST(Bpe, AMegabyteOfOneLetterIsOnePiece) {
  // Quadratic merging would take hours.
  std::vector<MergeRule> merges = {{'a', 'a', 256}};
  for (TokenId id = 256; id < 262; ++id) merges.push_back({id, id, id + 1});  // up to 128 letters
  const Bpe bpe(identityBytes(), merges, 263);
  EXPECT_EQ(encode(bpe, std::string(1 << 20, 'a')), Ids((1 << 20) / 128, 262));
}

}  // namespace
}  // namespace vl
