#include "inference/text/markdown.h"

namespace vl {

std::string escapedMarkdown(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*_[]<>#|~&$";
  std::string out;
  for (const char c : text) {
    if (kMarkup.find(c) != kMarkup.npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace vl
