#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "app/cli/arguments.h"
#include "app/cli/console.h"
#include "app/cli/outcome.h"

namespace vl {

/// One command of vl2, as it is run and as --help explains it.
struct Verb {
  std::string_view name;
  std::string_view operands;  // "IMAGE..."
  std::size_t leastOperands = 0;
  std::size_t mostOperands = 0;
  std::string_view summary;      // one line
  std::string_view description;  // paragraphs
  std::vector<Option> options;   // with those that every verb takes
  Outcome (*run)(const Arguments& arguments, Console& console);
};

/// Any number of operands.
inline constexpr std::size_t kUnlimited = static_cast<std::size_t>(-1);

/// `own` and the options of all verbs; one of `own` replaces the common one of the same name.
std::vector<Option> withCommonOptions(std::vector<Option> own);

const Verb& infoVerb();
const Verb& tokenizeVerb();
const Verb& detokenizeVerb();
const Verb& tilesVerb();
const Verb& traceVerb();
const Verb& askVerb();
const Verb& groundVerb();
const Verb& ocrVerb();
const Verb& convertVerb();
const Verb& evalVerb();
const Verb& compareVerb();
const Verb& benchVerb();
const Verb& cacheVerb();

/// All of them, in the order of --help.
std::span<const Verb* const> verbs();

}  // namespace vl
