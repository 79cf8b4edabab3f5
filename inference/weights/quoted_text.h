#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vl {

/// Text from a file in single quotes, for an error sentence: at most 80 bytes, cut between code
/// points, control characters shown as '?'. Requires valid UTF-8.
inline std::string quotedText(std::string_view text) {
  constexpr std::size_t kMaxBytes = 80;
  const bool cut = text.size() > kMaxBytes;
  if (cut) {
    std::size_t end = kMaxBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
    text = text.substr(0, end);
  }
  std::string result = "'";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    result += byte < 0x20 || byte == 0x7F ? '?' : c;
  }
  return result + (cut ? "...'" : "'");
}

}  // namespace vl
