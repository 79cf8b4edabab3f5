#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vl {

/// What the bytes at the start of a string are.
struct Utf8Head {
  enum class Kind {
    CodePoint,  // a whole, valid code point
    Invalid,    // can not become valid: one U+FFFD stands for `length` bytes
    CutOff,     // the string ends inside a sequence that is valid so far
  };
  Kind kind = Kind::CodePoint;
  std::size_t length = 0;  // bytes
  char32_t codePoint = 0;  // of a CodePoint
};

/// Reads the first code point. Invalid bytes are grouped as the Unicode standard recommends
/// (chapter 3.9, maximal subparts) and as Rust's from_utf8_lossy does. Requires a non-empty string.
Utf8Head readUtf8(std::string_view bytes);

bool isValidUtf8(std::string_view bytes);

/// Appends `bytes` to `out` as valid UTF-8, each invalid group as U+FFFD, up to a sequence that is
/// cut off at the end. Returns the number of bytes used: those of the cut-off sequence are left.
std::size_t appendWholeUtf8(std::string_view bytes, std::string& out);

/// As above, with a cut-off sequence at the end replaced too.
std::string toValidUtf8(std::string_view bytes);

void appendUtf8(char32_t codePoint, std::string& out);

/// Python's str.strip(): removes Unicode white space and U+001C..U+001F at both ends, but neither
/// U+200B nor U+FEFF.
std::string_view stripLeft(std::string_view text);
std::string_view stripRight(std::string_view text);

/// `text` in quotation marks for an error message, shortened when it is long.
std::string inQuotes(std::string_view text);

}  // namespace vl
