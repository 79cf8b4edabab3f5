#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "inference/base/result.h"

namespace vl {

/// The content of a file of at most `maxBytes`. Errors: NotFound, Io, Unsupported (larger).
Result<std::string> readTextFile(const std::filesystem::path& path, std::uintmax_t maxBytes);

/// A JSON document; `name` is the file that messages speak of. Refuses deep nesting (Unsupported),
/// so that whoever walks the document may recurse. Errors: Corrupt, Unsupported.
Result<nlohmann::json> parseJson(std::string_view text, std::string_view name);

/// A member of an object, or nullptr: absent, null, or `object` is no object.
const nlohmann::json* member(const nlohmann::json& object, const char* key);

/// A member that is a string, or nullptr.
const std::string* stringMember(const nlohmann::json& object, const char* key);

/// A member that is true; absent, null or of another type counts as false.
bool flagMember(const nlohmann::json& object, const char* key);

}  // namespace vl
