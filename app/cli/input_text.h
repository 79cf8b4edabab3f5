#pragma once

#include <cstddef>
#include <string>

#include "inference/base/result.h"

namespace vl {

/// Longest text that is read as one piece.
inline constexpr std::size_t kMostTextBytes = std::size_t{64} << 20;

/// All of standard input when `name` is "-", else of the file. Errors: NotFound, Io, Unsupported
/// (over kMostTextBytes).
Result<std::string> readText(const std::string& name);

}  // namespace vl
