#include "inference/text/byte_alphabet.h"

#include <array>

#include "inference/text/utf8.h"

namespace vl {
namespace {

constexpr char32_t kFirstStandIn = 0x100;
constexpr std::size_t kStandIns = 68;

constexpr bool standsForItself(unsigned byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

/// The bytes written as U+0100, U+0101, ...
constexpr std::array<unsigned char, kStandIns> makeStandIns() {
  std::array<unsigned char, kStandIns> bytes{};
  std::size_t count = 0;
  for (unsigned byte = 0; byte < 256; ++byte) {
    if (!standsForItself(byte)) bytes[count++] = static_cast<unsigned char>(byte);
  }
  return bytes;
}

constexpr std::array<unsigned char, kStandIns> kBytesOfStandIns = makeStandIns();

}  // namespace

std::string alphabetToBytes(std::string_view token) {
  std::string bytes;
  for (std::string_view rest = token; !rest.empty();) {
    const Utf8Head head = readUtf8(rest);
    if (head.codePoint < 256 && standsForItself(static_cast<unsigned>(head.codePoint))) {
      bytes.push_back(static_cast<char>(head.codePoint));
    } else if (head.codePoint >= kFirstStandIn && head.codePoint < kFirstStandIn + kStandIns) {
      bytes.push_back(static_cast<char>(kBytesOfStandIns[head.codePoint - kFirstStandIn]));
    } else {
      return std::string(token);
    }
    rest.remove_prefix(head.length);
  }
  return bytes;
}

std::string byteToAlphabet(unsigned char byte) {
  std::string text;
  if (standsForItself(byte)) {
    appendUtf8(byte, text);
    return text;
  }
  for (std::size_t i = 0; i < kStandIns; ++i) {
    if (kBytesOfStandIns[i] == byte) appendUtf8(kFirstStandIn + static_cast<char32_t>(i), text);
  }
  return text;
}

}  // namespace vl
