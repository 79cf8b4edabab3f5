#include "storage/search_query.h"

#include <algorithm>
#include <utility>

namespace vl {

namespace {

constexpr std::size_t kMostWords = 32;
constexpr std::size_t kMostBytes = 256 << 10;
constexpr std::size_t kLettersBefore = 24;
// With one letter nearly everything would begin; the index knows beginnings of two and three.
constexpr std::size_t kShortestBeginning = 2;
constexpr std::string_view kSpace{" \t\n\v\f\r\0", 7};
constexpr std::string_view kEllipsis = "\xe2\x80\xa6";

bool isContinuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

std::size_t countLetters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !isContinuation(c); }));
}

/// The longest beginning that ends between characters.
std::string_view wholeCharacters(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && isContinuation(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

/// On one line; white space and control characters in a row become one space.
std::string onOneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) > ' ' && c != '\x7f') {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (line.ends_with(' ')) line.pop_back();
  return line;
}

/// `count` characters back from `at`, then forward to where a word begins.
std::size_t beginBefore(std::string_view text, std::size_t at, std::size_t count) {
  std::size_t begin = at;
  while (begin > 0 && count > 0) {
    --begin;
    if (!isContinuation(text[begin])) --count;
  }
  if (begin == 0) return 0;
  const std::size_t space = text.find(' ', begin);
  return space < at ? space + 1 : begin;
}

std::size_t endAfter(std::string_view text, std::size_t at, std::size_t count) {
  std::size_t end = at;
  while (end < text.size()) {
    if (!isContinuation(text[end]) && count-- == 0) break;
    ++end;
  }
  return end;
}

}  // namespace

SearchQuery::SearchQuery(std::string_view typed, const SearchTokenizer& tokenizer)
    : tokenizer_(tokenizer) {
  typed = wholeCharacters(typed, kMostBytes);
  bool wordGoesOn = false;
  while (!typed.empty() && words_.size() < kMostWords) {
    const std::size_t begin = typed.find_first_not_of(kSpace);
    if (begin == typed.npos) break;
    const std::size_t end = std::min(typed.find_first_of(kSpace, begin), typed.size());
    Word word;
    std::size_t lastEnd = 0;
    for (SearchToken& token : tokenizer.tokens(typed.substr(begin, end - begin))) {
      word.tokens.push_back(std::move(token.text));
      lastEnd = token.end;
    }
    wordGoesOn = end == typed.size() && lastEnd == end - begin;
    typed.remove_prefix(end);
    if (!word.tokens.empty()) words_.push_back(std::move(word));
  }
  if (words_.empty() || !wordGoesOn) return;
  const std::string& last = words_.back().tokens.back();
  // a character that is a word of its own is the beginning of nothing
  const bool isOwnWord = countLetters(last) == 1;
  words_.back().isBeginning = !isOwnWord && countLetters(last) >= kShortestBeginning;
}

std::string SearchQuery::matchExpression() const {
  std::string expression;
  for (const Word& word : words_) {
    if (!expression.empty()) expression += " AND ";
    expression += '"';
    for (std::size_t i = 0; i < word.tokens.size(); ++i) {
      // no token holds a quotation mark: it is no letter
      expression += (i == 0 ? "" : " ") + word.tokens[i];
    }
    expression += word.isBeginning ? "\" *" : "\"";
  }
  return expression;
}

std::size_t SearchQuery::tokensMatched(const Word& word, const std::vector<SearchToken>& tokens,
                                       std::size_t at) const {
  const std::size_t count = word.tokens.size();
  if (at + count > tokens.size()) return 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string& found = tokens[at + i].text;
    const bool matches = word.isBeginning && i + 1 == count ? found.starts_with(word.tokens[i])
                                                            : found == word.tokens[i];
    if (!matches) return 0;
  }
  return count;
}

std::vector<TextRange> SearchQuery::hitsIn(std::string_view text) const {
  const std::vector<SearchToken> tokens = tokenizer_.tokens(wholeCharacters(text, kMostBytes));
  std::vector<TextRange> hits;
  for (std::size_t at = 0; at < tokens.size();) {
    std::size_t longest = 0;
    for (const Word& word : words_) longest = std::max(longest, tokensMatched(word, tokens, at));
    if (longest > 0) hits.push_back({tokens[at].begin, tokens[at + longest - 1].end});
    at += std::max<std::size_t>(longest, 1);
  }
  return hits;
}

Snippet SearchQuery::snippetOf(std::string_view text, std::size_t letters) const {
  const std::string line = onOneLine(readableText(wholeCharacters(text, kMostBytes)));
  const std::vector<TextRange> hits = hitsIn(line);
  const std::size_t first = hits.empty() ? 0 : hits.front().begin;
  const std::size_t begin = beginBefore(line, first, kLettersBefore);
  const std::size_t end = endAfter(line, begin, letters);

  Snippet snippet;
  if (begin > 0) snippet.text = kEllipsis;
  const std::size_t shift = snippet.text.size();
  snippet.text += std::string_view(line).substr(begin, end - begin);
  if (end < line.size()) snippet.text += kEllipsis;
  for (const TextRange& hit : hits) {
    if (hit.end > end) break;
    snippet.emphasised.push_back({hit.begin - begin + shift, hit.end - begin + shift});
  }
  return snippet;
}

}  // namespace vl
