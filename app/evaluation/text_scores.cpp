#include "app/evaluation/text_scores.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>
#include <vector>

#include "inference/text/utf8.h"

namespace vl {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

/// Unicode 15, PropList.txt: White_Space.
bool isWhiteSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

char32_t lowered(char32_t c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; }

/// What isExact() compares.
std::u32string comparable(std::string_view utf8) {
  std::u32string text = normalizedText(utf8);
  if (text.ends_with(U'.')) text.pop_back();
  if (text.ends_with(U' ')) text.pop_back();  // "yes ."
  std::transform(text.begin(), text.end(), text.begin(), lowered);
  return text;
}

bool isNegation(std::u32string_view word) {
  static constexpr std::array<std::u32string_view, 8> kNegations{
      U"no", U"not", U"none", U"nothing", U"nobody", U"nowhere", U"neither", U"cannot"};
  return std::find(kNegations.begin(), kNegations.end(), word) != kNegations.end() ||
         word.ends_with(U"n't") || word.ends_with(U"n\u2019t");
}

/// Letters, and apostrophes between them, in small letters.
std::vector<std::u32string> wordsOf(std::string_view utf8) {
  std::vector<std::u32string> words;
  bool inWord = false;
  for (const char32_t c : normalizedText(utf8)) {
    const char32_t letter = lowered(c);
    const bool isApostrophe = c == U'\'' || c == U'\u2019';
    const bool belongs = (letter >= 'a' && letter <= 'z') || (isApostrophe && inWord);
    if (belongs && !inWord) words.emplace_back();
    if (belongs) words.back() += letter;
    inWord = belongs;
  }
  return words;
}

}  // namespace

std::u32string normalizedText(std::string_view utf8) {
  std::u32string text;
  bool isSpacePending = false;
  while (!utf8.empty()) {
    const Utf8Head head = readUtf8(utf8);
    const bool isCodePoint = head.kind == Utf8Head::Kind::CodePoint;
    const char32_t c = isCodePoint ? head.codePoint : kReplacement;
    utf8.remove_prefix(head.kind == Utf8Head::Kind::CutOff ? utf8.size() : head.length);
    if (isWhiteSpace(c)) {
      isSpacePending = !text.empty();
      continue;
    }
    if (std::exchange(isSpacePending, false)) text += U' ';
    text += c;
  }
  return text;
}

std::size_t editDistance(std::u32string_view a, std::u32string_view b) {
  // What both begin and end with is in no shortest list of edits.
  const auto [beginA, beginB] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  a.remove_prefix(static_cast<std::size_t>(beginA - a.begin()));
  b.remove_prefix(static_cast<std::size_t>(beginB - b.begin()));
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
  std::vector<std::size_t> row(b.size() + 1);  // distances of a's first i to each beginning of b
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row.back();
}

CharacterErrors characterErrors(std::string_view answer, std::string_view expected) {
  const std::u32string reference = normalizedText(expected);
  return {editDistance(normalizedText(answer), reference), reference.size()};
}

bool isExact(std::string_view answer, std::string_view expected) {
  return comparable(answer) == comparable(expected);
}

bool isDenial(std::string_view answer) {
  const std::vector<std::u32string> words = wordsOf(answer);
  if (words.empty() || words.front() == U"yes") return false;
  return std::any_of(words.begin(), words.end(), isNegation);
}

}  // namespace vl
