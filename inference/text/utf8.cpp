#include "inference/text/utf8.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace vl {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

unsigned char byteAt(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

bool isContinuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

struct Range {
  unsigned char first;
  unsigned char last;
};

/// Second bytes that may follow a lead byte (Unicode standard, table 3-7): excludes overlong forms,
/// surrogates and code points past U+10FFFF.
Range secondByteRange(unsigned char lead) {
  switch (lead) {
    case 0xE0:
      return {0xA0, 0xBF};
    case 0xED:
      return {0x80, 0x9F};
    case 0xF0:
      return {0x90, 0xBF};
    case 0xF4:
      return {0x80, 0x8F};
    default:
      return {0x80, 0xBF};
  }
}

/// White_Space and U+001C..U+001F: what Python's str.isspace accepts.
bool isPythonSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

}  // namespace

Utf8Head readUtf8(std::string_view bytes) {
  assert(!bytes.empty());
  using Kind = Utf8Head::Kind;
  const unsigned char lead = byteAt(bytes, 0);
  if (lead < 0x80) return {Kind::CodePoint, 1, lead};
  if (lead < 0xC2 || lead > 0xF4) return {Kind::Invalid, 1, 0};
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  // The lead byte carries 5, 4 or 3 bits.
  char32_t codePoint = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (i == bytes.size()) return {Kind::CutOff, i, 0};
    const unsigned char byte = byteAt(bytes, i);
    const Range allowed = i == 1 ? secondByteRange(lead) : Range{0x80, 0xBF};
    if (byte < allowed.first || byte > allowed.last) return {Kind::Invalid, i, 0};
    codePoint = codePoint << 6 | (byte & 0x3Fu);
  }
  return {Kind::CodePoint, length, codePoint};
}

bool isValidUtf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const Utf8Head head = readUtf8(bytes);
    if (head.kind != Utf8Head::Kind::CodePoint) return false;
    bytes.remove_prefix(head.length);
  }
  return true;
}

std::size_t appendWholeUtf8(std::string_view bytes, std::string& out) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const Utf8Head head = readUtf8(bytes.substr(at));
    if (head.kind == Utf8Head::Kind::CutOff) break;
    if (head.kind == Utf8Head::Kind::CodePoint) {
      out.append(bytes.substr(at, head.length));
    } else {
      out.append(kReplacement);
    }
    at += head.length;
  }
  return at;
}

std::string toValidUtf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  if (appendWholeUtf8(bytes, out) < bytes.size()) out.append(kReplacement);
  return out;
}

void appendUtf8(char32_t codePoint, std::string& out) {
  const auto put = [&out](char32_t bits) { out.push_back(static_cast<char>(bits)); };
  if (codePoint < 0x80) {
    put(codePoint);
  } else if (codePoint < 0x800) {
    put(0xC0 | codePoint >> 6);
    put(0x80 | (codePoint & 0x3F));
  } else if (codePoint < 0x10000) {
    put(0xE0 | codePoint >> 12);
    put(0x80 | (codePoint >> 6 & 0x3F));
    put(0x80 | (codePoint & 0x3F));
  } else {
    put(0xF0 | codePoint >> 18);
    put(0x80 | (codePoint >> 12 & 0x3F));
    put(0x80 | (codePoint >> 6 & 0x3F));
    put(0x80 | (codePoint & 0x3F));
  }
}

std::string_view stripLeft(std::string_view text) {
  while (!text.empty()) {
    const Utf8Head head = readUtf8(text);
    if (head.kind != Utf8Head::Kind::CodePoint || !isPythonSpace(head.codePoint)) break;
    text.remove_prefix(head.length);
  }
  return text;
}

std::string_view stripRight(std::string_view text) {
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    // A code point has at most three continuation bytes.
    while (start > 0 && text.size() - start < 4 && isContinuation(byteAt(text, start))) --start;
    const Utf8Head head = readUtf8(text.substr(start));
    if (head.kind != Utf8Head::Kind::CodePoint || head.length != text.size() - start ||
        !isPythonSpace(head.codePoint)) {
      break;
    }
    text.remove_suffix(head.length);
  }
  return text;
}

std::string inQuotes(std::string_view text) {
  constexpr std::size_t kLongest = 80;  // bytes; a message is one line of a dialog
  if (text.size() <= kLongest) return '"' + toValidUtf8(text) + '"';
  std::string shortened;
  appendWholeUtf8(text.substr(0, kLongest), shortened);
  return '"' + shortened + "...\"";
}

}  // namespace vl
