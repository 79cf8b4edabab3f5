#pragma once

#include <string>
#include <string_view>

namespace vl {

/// Text within a line of Markdown, in which nothing is markup; GitHub's tables, maths and struck
/// out text, too. What counts at the start of a line only, such as lists, is left to the caller.
std::string escapedMarkdown(std::string_view text);

}  // namespace vl
