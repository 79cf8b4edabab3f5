#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vl {

/// UTF-8 as scores compare it, in code points: every run of white space (Unicode's White_Space) is
/// one space, there is none at the ends, and bytes that are no UTF-8 are U+FFFD.
std::u32string normalizedText(std::string_view utf8);

/// Levenshtein distance: code points to insert, delete or replace to get from one to the other.
std::size_t editDistance(std::u32string_view a, std::u32string_view b);

/// Edits between an answer and what was expected, both normalised, of how many expected code
/// points. Edits divided by characters is the character error rate, which can exceed 1.
struct CharacterErrors {
  std::size_t edits = 0;
  std::size_t characters = 0;
};
CharacterErrors characterErrors(std::string_view answer, std::string_view expected);

/// Whether both are the same once normalised, without one full stop at the end, and with the
/// letters A to Z as small letters. Other letters keep their case.
bool isExact(std::string_view answer, std::string_view expected);

/// Whether an answer says that something is not there: one of its words is a negation ("no",
/// "not", "none", "isn't", ...) and the first one is not "yes". Understands English only. An empty
/// answer denies nothing.
bool isDenial(std::string_view answer);

}  // namespace vl
