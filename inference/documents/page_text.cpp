#include "inference/documents/page_text.h"

#include <algorithm>
#include <cstddef>

#include "inference/text/markdown.h"
#include "inference/text/utf8.h"

namespace vl {
namespace {

constexpr std::size_t kLeastCharacters = 8;   // fewer are a page number or a stamp
constexpr std::size_t kUnreadableShare = 10;  // one in this many

bool isSpace(char32_t c) { return c <= 0x20 || c == 0xa0 || c == 0x3000; }

/// Private use, replacement characters and controls: glyphs without a meaning outside their font.
bool isUnreadable(char32_t c) {
  return c == 0xfffd || (c >= 0xe000 && c <= 0xf8ff) || c >= 0xf0000 || (c >= 0x7f && c < 0xa0);
}

/// A list, a quotation or a line below a heading begins with these; "1." and "1)" do, too.
bool startsBlock(std::string_view line) {
  if (line.starts_with('+') || line.starts_with('-') || line.starts_with('=')) return true;
  const std::size_t digits = line.find_first_not_of("0123456789");
  return digits != 0 && digits != std::string_view::npos &&
         (line[digits] == '.' || line[digits] == ')');
}

void appendLine(std::string_view line, std::string& out) {
  if (startsBlock(line)) {
    const std::size_t digits = line.find_first_not_of("0123456789");
    out.append(line.substr(0, digits)) += '\\';
    out += line[digits];
    line.remove_prefix(digits + 1);
  }
  out += escapedMarkdown(line);
}

}  // namespace

bool isReadableText(std::string_view utf8) {
  std::size_t characters = 0;
  std::size_t unreadable = 0;
  while (!utf8.empty()) {
    const Utf8Head head = readUtf8(utf8);
    const bool valid = head.kind == Utf8Head::Kind::CodePoint;
    if (!valid || !isSpace(head.codePoint)) ++characters;
    if (!valid || isUnreadable(head.codePoint)) ++unreadable;
    utf8.remove_prefix(std::max<std::size_t>(head.length, 1));
  }
  return characters >= kLeastCharacters && unreadable * kUnreadableShare < characters;
}

std::string markdownOf(std::string_view plain) {
  std::string out;
  while (!plain.empty()) {
    const std::size_t end = std::min(plain.find('\n'), plain.size());
    const std::string_view line = stripRight(stripLeft(plain.substr(0, end)));
    plain.remove_prefix(std::min(end + 1, plain.size()));
    appendLine(line, out);
    if (!line.empty() || !out.ends_with("\n\n")) out += '\n';
  }
  return out;
}

}  // namespace vl
