#include "inference/text/vocabulary.h"

#include <gtest/gtest.h>

namespace vl {
namespace {

using Kind = Vocabulary::Kind;

TEST(Vocabulary, KnowsTokensByIdAndText) {
  Vocabulary vocabulary;
  ASSERT_TRUE(vocabulary.add(5, "Ġa", Kind::ByteLevel));
  ASSERT_TRUE(vocabulary.add(2, "é", Kind::Literal));
  EXPECT_EQ(vocabulary.size(), 6u);
  EXPECT_EQ(vocabulary.find("Ġa"), 5);
  EXPECT_EQ(vocabulary.text(5), "Ġa");
  EXPECT_EQ(vocabulary.bytes(5), " a");
  EXPECT_EQ(vocabulary.bytes(2), "é");
}

TEST(Vocabulary, HolesAndForeignIdsAreNoTokens) {
  Vocabulary vocabulary;
  ASSERT_TRUE(vocabulary.add(5, "a", Kind::ByteLevel));
  for (const TokenId id :
       {-1, 0, 4, 6, std::numeric_limits<TokenId>::max(), std::numeric_limits<TokenId>::min()}) {
    EXPECT_FALSE(vocabulary.contains(id));
    EXPECT_EQ(vocabulary.text(id), "");
    EXPECT_EQ(vocabulary.bytes(id), "");
    EXPECT_FALSE(vocabulary.isSpecial(id));
  }
  EXPECT_FALSE(vocabulary.find("b"));
}

TEST(Vocabulary, RefusesWhatContradictsItself) {
  Vocabulary vocabulary;
  ASSERT_TRUE(vocabulary.add(1, "a", Kind::ByteLevel));
  EXPECT_FALSE(vocabulary.add(1, "b", Kind::ByteLevel));
  EXPECT_FALSE(vocabulary.add(2, "a", Kind::ByteLevel));
  EXPECT_FALSE(vocabulary.add(-1, "c", Kind::ByteLevel));
  EXPECT_FALSE(vocabulary.add(Vocabulary::kMaxId + 1, "c", Kind::ByteLevel));
  EXPECT_TRUE(vocabulary.add(Vocabulary::kMaxId, "c", Kind::ByteLevel));
}

TEST(Vocabulary, ATokenMadeLiteralIsItsText) {
  Vocabulary vocabulary;
  ASSERT_TRUE(vocabulary.add(0, "Ġ", Kind::ByteLevel));
  vocabulary.makeLiteral(0);
  vocabulary.makeSpecial(0);
  EXPECT_EQ(vocabulary.bytes(0), "Ġ");
  EXPECT_TRUE(vocabulary.isSpecial(0));
}

}  // namespace
}  // namespace vl
