#include "inference/text/json_text.h"

#include <fstream>
#include <system_error>

namespace vl {
namespace {

/// tokenizer.json nests six deep; each level costs memory and a frame of whoever walks it.
constexpr std::size_t kMaxDepth = 64;

/// Looks at brackets outside strings only: what is wrong otherwise is left to the parser.
bool nestsTooDeep(std::string_view text) {
  std::size_t depth = 0;
  bool inString = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inString) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        inString = false;
      }
    } else if (c == '"') {
      inString = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxDepth) return true;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

}  // namespace

Result<std::string> readTextFile(const std::filesystem::path& path, std::uintmax_t maxBytes) {
  std::error_code failure;
  if (!std::filesystem::is_regular_file(path, failure)) {
    return Error{ErrorCode::NotFound, path.string() + ": there is no such file."};
  }
  const std::uintmax_t bytes = std::filesystem::file_size(path, failure);
  if (failure) return Error{ErrorCode::Io, path.string() + ": " + failure.message() + "."};
  if (bytes > maxBytes) {
    return Error{ErrorCode::Unsupported, path.string() + ": the file has " + std::to_string(bytes) +
                                             " bytes; at most " + std::to_string(maxBytes) +
                                             " are read."};
  }
  std::ifstream file(path, std::ios::binary);
  std::string text(bytes, '\0');
  if (!file.read(text.data(), static_cast<std::streamsize>(bytes))) {
    return Error{ErrorCode::Io, path.string() + ": the file could not be read."};
  }
  return text;
}

Result<nlohmann::json> parseJson(std::string_view text, std::string_view name) {
  if (nestsTooDeep(text)) {
    return Error{ErrorCode::Unsupported, std::string(name) + ": the JSON nests more than " +
                                             std::to_string(kMaxDepth) + " levels deep."};
  }
  nlohmann::json document = nlohmann::json::parse(text, nullptr, false);
  if (document.is_discarded()) {
    return Error{ErrorCode::Corrupt, std::string(name) + ": the file is not valid JSON."};
  }
  return document;
}

const nlohmann::json* member(const nlohmann::json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

const std::string* stringMember(const nlohmann::json& object, const char* key) {
  const nlohmann::json* value = member(object, key);
  return value == nullptr ? nullptr : value->get_ptr<const std::string*>();
}

bool flagMember(const nlohmann::json& object, const char* key) {
  const nlohmann::json* value = member(object, key);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

}  // namespace vl
