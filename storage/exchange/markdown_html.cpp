#include "storage/exchange/markdown_html.h"

#include <md4c-html.h>
#include <md4c.h>

#include <array>
#include <new>

#include "inference/text/utf8.h"

namespace vl {

namespace {

bool mayLeadThere(std::string_view target) {
  constexpr std::array<std::string_view, 3> kSchemes = {"http://", "https://", "mailto:"};
  for (const std::string_view scheme : kSchemes) {
    if (target.starts_with(scheme)) return true;
  }
  return false;
}

/// Empties targets of other kinds. A quotation mark in text is escaped, so that these occur in tags
/// only.
std::string withSafeTargets(const std::string& html, std::string_view attribute) {
  std::string safe;
  std::size_t done = 0;
  for (std::size_t at = html.find(attribute); at != html.npos; at = html.find(attribute, done)) {
    const std::size_t begin = at + attribute.size();
    const std::size_t end = html.find('"', begin);
    safe.append(html, done, begin - done);
    const std::string_view target = std::string_view(html).substr(begin, end - begin);
    if (attribute != " src=\"" && mayLeadThere(target)) safe += target;
    done = end == html.npos ? html.size() : end;
  }
  return safe.append(html, done);
}

}  // namespace

std::string htmlEscaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string htmlOfMarkdown(std::string_view markdown) {
  const std::string text = toValidUtf8(markdown);
  std::string html;
  const auto append = [](const MD_CHAR* piece, MD_SIZE size, void* out) {
    static_cast<std::string*>(out)->append(piece, size);
  };
  constexpr unsigned kFlags = MD_FLAG_NOHTML | MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH;
  if (md_html(text.data(), static_cast<MD_SIZE>(text.size()), append, &html, kFlags, 0) != 0) {
    throw std::bad_alloc();  // the one way in which it fails
  }
  return withSafeTargets(withSafeTargets(html, " src=\""), "href=\"");
}

}  // namespace vl
