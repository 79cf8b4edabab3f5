#pragma once

#include <string>
#include <string_view>

#include "inference/base/result.h"

namespace vl {

/// Rewrites a regular expression of tokenizer.json, written for Oniguruma in Unicode mode, so that
/// PCRE2 with UTF, UCP and MULTILINE reads it the same way:
///   \s and \S mean White_Space (PCRE2's \s also takes U+180E), \uHHHH becomes \x{HHHH}, \v is
///   U+000B. `^` and `$` are line anchors in Oniguruma, hence MULTILINE.
/// What the two read differently is refused, never guessed: \w \b \h \R and other letters, back
/// references, properties other than general categories, sets inside sets, inline options.
///
/// A pattern `X+rest` (the `\s+$` of the V2 family) is kept from trying again inside a run of X
/// where it just failed, as that fails again: with 1 MB of spaces this would be 10^12 steps.
/// Error: Unsupported.
Result<std::string> pcre2FromOniguruma(std::string_view pattern);

}  // namespace vl
