#include "inference/text/byte_alphabet.h"

#include <gtest/gtest.h>

#include <set>

namespace vl {
namespace {

TEST(ByteAlphabet, EveryByteHasItsOwnLetterAndComesBack) {
  std::set<std::string> letters;
  for (int byte = 0; byte < 256; ++byte) {
    const std::string letter = byteToAlphabet(static_cast<unsigned char>(byte));
    letters.insert(letter);
    EXPECT_EQ(alphabetToBytes(letter), std::string(1, static_cast<char>(byte)));
  }
  EXPECT_EQ(letters.size(), 256u);
}

TEST(ByteAlphabet, KnowsGpt2sStandIns) {
  EXPECT_EQ(byteToAlphabet(' '), "Ġ");
  EXPECT_EQ(byteToAlphabet('\n'), "Ċ");
  EXPECT_EQ(byteToAlphabet('A'), "A");
  EXPECT_EQ(byteToAlphabet(0xAD), "\u0143");  // the last one
  EXPECT_EQ(alphabetToBytes("Ġä½ł"), " \xE4\xBD\xA0");
}

TEST(ByteAlphabet, ATokenWithAnotherLetterIsItsOwnText) {
  EXPECT_EQ(alphabetToBytes("Ġ｜"), "Ġ｜");
  EXPECT_EQ(alphabetToBytes(" "), " ");
  EXPECT_EQ(alphabetToBytes("\u0144"), "\u0144");
}

}  // namespace
}  // namespace vl
