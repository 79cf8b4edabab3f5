#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "inference/base/result.h"

namespace vl {

/// Deepest nesting of lists and objects that parseJson() accepts.
inline constexpr std::size_t kMaxJsonDepth = 64;

/// Parses untrusted JSON text; `fileName` begins the error sentence. Error: Corrupt (syntax, not
/// UTF-8, an object that names a key twice, nesting deeper than kMaxJsonDepth).
Result<nlohmann::json> parseJson(std::string_view text, const std::string& fileName);

/// The same for a whole file of at most maxBytes, which bounds the memory of the parsed tree (about
/// 20 bytes per byte of text). Errors: NotFound, Io, Corrupt.
Result<nlohmann::json> readJsonFile(const std::filesystem::path& path, std::size_t maxBytes);

}  // namespace vl
