#pragma once

#include <string>
#include <string_view>

namespace vl {

/// Text where nothing is markup.
std::string htmlEscaped(std::string_view text);

/// CommonMark with tables as HTML. HTML in it is text; links lead to http, https and mailto only,
/// images are shown as links.
std::string htmlOfMarkdown(std::string_view markdown);

}  // namespace vl
