#include "inference/documents/page_ranges.h"

#include <charconv>
#include <utility>

namespace vl {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

Error unclear(std::string_view part) {
  return {ErrorCode::InvalidArgument,
          "\"" + std::string(part.substr(0, 40)) + "\" names no pages; write them as 1-3,5."};
}

/// A page counted from 1, or `fallback` for an open end.
Result<std::size_t> pageFrom(std::string_view text, std::size_t fallback, std::size_t pageCount,
                             std::string_view part) {
  text = trimmed(text);
  if (text.empty()) return fallback;
  std::size_t page = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), page);
  const bool isNumber = end == text.data() + text.size() && failure != std::errc::invalid_argument;
  if (!isNumber) return unclear(part);
  if (failure == std::errc::result_out_of_range || page < 1 || page > pageCount) {
    return Error{ErrorCode::InvalidArgument, "There is no page " + std::string(text.substr(0, 20)) +
                                                 "; the document has " + std::to_string(pageCount) +
                                                 (pageCount == 1 ? " page." : " pages.")};
  }
  return page;
}

Status mark(std::string_view part, std::vector<bool>& chosen) {
  const std::size_t dash = part.find('-');
  if (part.empty() || part == "-") return unclear(part);
  const Result<std::size_t> first = pageFrom(part.substr(0, dash), 1, chosen.size(), part);
  if (!first) return first.error();
  const Result<std::size_t> last =
      dash == std::string_view::npos
          ? first
          : pageFrom(part.substr(dash + 1), chosen.size(), chosen.size(), part);
  if (!last) return last.error();
  if (*last < *first) return unclear(part);
  for (std::size_t page = *first; page <= *last; ++page) chosen[page - 1] = true;
  return {};
}

}  // namespace

Result<std::vector<std::size_t>> parsePageRanges(std::string_view text, std::size_t pageCount) {
  text = trimmed(text);
  const bool isAll = text.empty() || text == "all";
  std::vector<bool> chosen(pageCount, isAll);
  while (!isAll) {
    const std::size_t comma = text.find(',');
    if (Status marked = mark(trimmed(text.substr(0, comma)), chosen); !marked) {
      return marked.error();
    }
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  std::vector<std::size_t> pages;
  for (std::size_t page = 0; page < pageCount; ++page) {
    if (chosen[page]) pages.push_back(page);
  }
  return pages;
}

std::string formatPageRanges(std::span<const std::size_t> pages) {
  std::string text;
  for (std::size_t i = 0; i < pages.size();) {
    std::size_t end = i + 1;
    while (end < pages.size() && pages[end] == pages[end - 1] + 1) ++end;
    if (!text.empty()) text += ',';
    text += std::to_string(pages[i] + 1);
    if (end - i > 1) text += '-' + std::to_string(pages[end - 1] + 1);
    i = end;
  }
  return text;
}

}  // namespace vl
