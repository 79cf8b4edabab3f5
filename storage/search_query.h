#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "storage/search_tokenizer.h"

namespace vl {

/// Bytes [begin, end) of a text.
struct TextRange {
  std::size_t begin = 0, end = 0;
  bool operator==(const TextRange&) const = default;
};

/// A piece of a text for a list of hits, on one line, with what was searched for in it.
struct Snippet {
  std::string text;
  std::vector<TextRange> emphasised;  // in order, not overlapping
};

/// What a person has typed into a search field: words that must all occur; quotation marks and
/// operators are plain text. The last word may be the beginning of one, since it is being typed.
class SearchQuery {
 public:
  /// Words beyond the first 32 narrow the search no further.
  SearchQuery(std::string_view typed, const SearchTokenizer& tokenizer);

  bool isEmpty() const { return words_.empty(); }
  /// For the right side of MATCH. Requires !isEmpty().
  std::string matchExpression() const;
  /// About `letters` of the text from shortly before the first hit on; looks for hits in the first
  /// 256 KiB.
  Snippet snippetOf(std::string_view text, std::size_t letters) const;

 private:
  /// One or several tokens in a row: "state-of-the-art", or a Chinese word.
  struct Word {
    std::vector<std::string> tokens;
    bool isBeginning = false;  // of its last token there may be more
  };

  std::size_t tokensMatched(const Word& word, const std::vector<SearchToken>& tokens,
                            std::size_t at) const;
  std::vector<TextRange> hitsIn(std::string_view text) const;

  const SearchTokenizer& tokenizer_;
  std::vector<Word> words_;
};

}  // namespace vl
