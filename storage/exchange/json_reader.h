#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "storage/exchange/base64.h"
#include "storage/records.h"

namespace vl {

/// Reads members of an object; the first that is missing or of another kind is remembered, so that
/// reads can be written one after another.
class JsonReader {
 public:
  using Json = nlohmann::json;

  explicit JsonReader(std::optional<std::string>& finding) : finding_(finding) {}

  void fail(const std::string& finding) {
    if (!finding_) finding_ = finding;
  }
  bool failed() const { return finding_.has_value(); }

  const Json& member(const Json& object, const char* name) {
    static const Json kNull;
    if (object.is_object()) {
      if (const auto found = object.find(name); found != object.end()) return *found;
    }
    return kNull;
  }
  const Json& list(const Json& object, const char* name) {
    static const Json kEmpty = Json::array();
    const Json& value = member(object, name);
    if (value.is_array()) return value;
    fail(std::string("it has no list \"") + name + '"');
    return kEmpty;
  }
  std::string text(const Json& object, const char* name) {
    const Json& value = member(object, name);
    if (value.is_string()) return value.get<std::string>();
    if (const Json& coded = member(value, "base64"); coded.is_string()) {
      if (const auto bytes = fromBase64(coded.get_ref<const std::string&>())) {
        return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
      }
    }
    fail(std::string("it has no text \"") + name + '"');
    return {};
  }
  bool flag(const Json& object, const char* name) {
    const Json& value = member(object, name);
    if (!value.is_boolean()) fail(std::string("\"") + name + "\" is neither true nor false");
    return value.is_boolean() && value.get<bool>();
  }
  double number(const Json& value) {
    if (!value.is_number()) fail("something that should be a number is none");
    return value.is_number() ? value.get<double>() : 0;
  }
  std::uint64_t count(const Json& object, const char* name) {
    const Json& value = member(object, name);
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    fail(std::string("\"") + name + "\" is no count");
    return 0;
  }
  Timestamp time(const Json& object, const char* name) {
    const Json& value = member(object, name);
    // the years 1 to 9999: what dates can be shown of
    constexpr std::int64_t kFirst = -62'135'596'800'000, kLast = 253'402'300'799'999;
    const bool fits = value.is_number_integer() &&
                      !(value.is_number_unsigned() && value.get<std::uint64_t>() > kLast);
    const std::int64_t ms = fits ? value.get<std::int64_t>() : kFirst - 1;
    if (ms < kFirst || ms > kLast) {
      fail(std::string("\"") + name + "\" is no time");
      return {};
    }
    return Timestamp(std::chrono::milliseconds(ms));
  }
  /// The place of a message before `end`; none for null.
  std::optional<std::size_t> place(const Json& object, const char* name, std::size_t end) {
    const Json& value = member(object, name);
    if (value.is_null()) return std::nullopt;
    if (value.is_number_unsigned() && value.get<std::uint64_t>() < end) {
      return static_cast<std::size_t>(value.get<std::uint64_t>());
    }
    fail(std::string("\"") + name + "\" names a message that is not there");
    return std::nullopt;
  }
  template <typename Enum>
  Enum word(const Json& object, const char* name, std::optional<Enum> (*from)(std::string_view)) {
    const std::optional<Enum> value = from(text(object, name));
    if (!value) fail(std::string("\"") + name + "\" is a word that is not known");
    return value.value_or(Enum{});
  }

 private:
  std::optional<std::string>& finding_;
};

}  // namespace vl
