#pragma once

namespace vl {

/// What is written at the start of a session's JSON, and read again. A change that older versions
/// would misunderstand counts the version up.
inline constexpr const char* kSessionJsonFormat = "vl2-desk-session";
inline constexpr int kSessionJsonVersion = 1;

}  // namespace vl
