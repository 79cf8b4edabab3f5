#pragma once

#include <QString>
#include <string_view>

namespace vl {

/// Plain text as QTextDocument can take it: its own structure characters become U+FFFD, and so do
/// control characters other than line break and tab.
QString safeText(std::string_view utf8);

}  // namespace vl
