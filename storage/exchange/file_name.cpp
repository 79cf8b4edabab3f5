#include <algorithm>
#include <cstddef>

#include "inference/text/utf8.h"
#include "storage/exchange/session_documents.h"

namespace vl {

std::string fileNameFor(std::string_view title) {
  constexpr std::string_view kSpecial = "/\\:*?\"<>|%$`'";
  constexpr std::size_t kMostCharacters = 80;
  constexpr std::size_t kMostBytes = 200;  // file systems take 255, with an ending
  const std::string text = toValidUtf8(title);
  std::string name;
  std::string_view left = text;
  for (std::size_t count = 0; !left.empty() && count < kMostCharacters; ++count) {
    const Utf8Head head = readUtf8(left);
    const std::string_view character = left.substr(0, head.length);
    left.remove_prefix(head.length);
    if (name.size() + character.size() > kMostBytes) break;
    const bool isSpace = head.codePoint <= ' ' || (head.codePoint >= 0x7f && head.codePoint < 0xa0);
    if (isSpace || kSpecial.find(character) != kSpecial.npos) {
      if (!name.empty() && name.back() != ' ') name += ' ';
    } else {
      name += character;
    }
  }
  while (name.ends_with(' ') || name.ends_with('.')) name.pop_back();
  // neither hidden nor taken for an option
  name.erase(0, std::min(name.find_first_not_of(" .-"), name.size()));
  return name.empty() ? "session" : name;
}

}  // namespace vl
