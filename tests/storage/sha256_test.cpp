#include "storage/sha256.h"

#include <string>

#include "tests/storage/store_test_support.h"

namespace vl {
namespace {

// FIPS 180-4, examples of NIST.
constexpr std::string_view kDigestOfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::string_view kDigestOfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr std::string_view kDigestOfAMillionAs =
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST(Sha256, AgreesWithThePublishedExamples) {
  EXPECT_EQ(need(Sha256::of({})).hex(), kDigestOfNothing);
  EXPECT_EQ(need(Sha256::of(bytesOf("abc"))).hex(), kDigestOfAbc);
}

TEST(Sha256, DoesNotDependOnHowTheDataIsCut) {
  const std::string data(1'000'000, 'a');
  for (const std::size_t pieceBytes : {std::size_t{7}, std::size_t{64}, data.size()}) {
    Sha256Stream stream;
    for (std::size_t at = 0; at < data.size(); at += pieceBytes) {
      stream.update(bytesOf(std::string_view(data).substr(at, pieceBytes)));
    }
    EXPECT_EQ(need(stream.finish()).hex(), kDigestOfAMillionAs) << "pieces of " << pieceBytes;
  }
}

TEST(Sha256, ComesBackFromItsText) {
  const Sha256 digest = need(Sha256::of(bytesOf("abc")));
  EXPECT_EQ(Sha256::fromHex(digest.hex()), digest);
}

TEST(Sha256, RefusesTextThatIsNoDigest) {
  const std::string good(kDigestOfAbc);
  EXPECT_FALSE(Sha256::fromHex(""));
  EXPECT_FALSE(Sha256::fromHex(good.substr(1)));
  EXPECT_FALSE(Sha256::fromHex(good + "0"));
  EXPECT_FALSE(Sha256::fromHex("BA" + good.substr(2)));
  EXPECT_FALSE(Sha256::fromHex("../" + good.substr(3)));
  EXPECT_FALSE(Sha256::fromHex(std::string("\0\0", 2) + good.substr(2)));
}

}  // namespace
}  // namespace vl
