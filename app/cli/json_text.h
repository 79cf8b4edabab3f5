#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace vl {

using OrderedJson = nlohmann::ordered_json;

/// One line, or indented for people to read. What is not UTF-8 (a file name) becomes U+FFFD.
inline std::string jsonText(const OrderedJson& json, bool onOneLine) {
  constexpr int kIndent = 2;
  return json.dump(onOneLine ? -1 : kIndent, ' ', false, OrderedJson::error_handler_t::replace) +
         '\n';
}

}  // namespace vl
