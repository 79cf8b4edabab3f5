#include "inference/weights/config_reader.h"

#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "inference/weights/quoted_text.h"

namespace vl {
namespace {

using nlohmann::json;

/// A value as an error shows it: short ones in full, lists and objects by kind.
std::string describe(const json& value) {
  switch (value.type()) {
    case json::value_t::string:
      return "the text " + quotedText(value.get_ref<const std::string&>());
    case json::value_t::array:
      return "a list";
    case json::value_t::object:
      return "an object";
    default:
      return value.dump();
  }
}

std::string numberText(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

}  // namespace

ConfigReader::ConfigReader(const json& object, std::string where)
    : object_(object), where_(std::move(where)) {
  if (!object.is_object()) {
    status_ =
        Error{ErrorCode::Corrupt, where_ + ": found " + describe(object) + ", expected an object"};
  }
}

void ConfigReader::read(std::string_view key, bool& value) {
  const json* found = find(key);
  if (found == nullptr) return;
  if (!found->is_boolean()) return wrongType(key, *found, "true or false");
  value = found->get<bool>();
}

void ConfigReader::read(std::string_view key, std::string& value) {
  const json* found = find(key);
  if (found == nullptr) return;
  if (!found->is_string()) return wrongType(key, *found, "a text");
  value = found->get_ref<const std::string&>();
}

void ConfigReader::read(std::string_view key, std::size_t& value, SizeRange range) {
  const json* found = find(key);
  if (found == nullptr) return;
  const bool valid = found->is_number_unsigned() && found->get<std::size_t>() >= range.min &&
                     found->get<std::size_t>() <= range.max;
  if (!valid) {
    return wrongType(
        key, *found,
        "a whole number from " + std::to_string(range.min) + " to " + std::to_string(range.max));
  }
  value = found->get<std::size_t>();
}

void ConfigReader::read(std::string_view key, double& value, NumberRange range) {
  const json* found = find(key);
  if (found == nullptr) return;
  const double number = found->is_number() ? found->get<double>() : 0.0;
  if (!found->is_number() || !(number >= range.min && number <= range.max)) {
    return wrongType(key, *found,
                     "a number from " + numberText(range.min) + " to " + numberText(range.max));
  }
  value = number;
}

void ConfigReader::read(std::string_view key, std::optional<std::size_t>& value, SizeRange range) {
  const json* found = find(key);
  if (found == nullptr) return;
  if (found->is_null()) {
    value.reset();
    return;
  }
  std::size_t number = 0;
  read(key, number, range);
  if (status_) value = number;
}

bool ConfigReader::isMissing(std::string_view key) const { return !object_.contains(key); }

bool ConfigReader::isNull(std::string_view key) const {
  const auto found = object_.find(key);
  return found != object_.end() && found->is_null();
}

void ConfigReader::fail(ErrorCode code, std::string_view key, std::string_view what) {
  if (!status_) return;
  status_ = Error{code, where_ + ": " + std::string(key) + ": " + std::string(what)};
}

const json* ConfigReader::find(std::string_view key) const {
  if (!status_) return nullptr;
  const auto found = object_.find(key);
  return found == object_.end() ? nullptr : &*found;
}

void ConfigReader::wrongType(std::string_view key, const json& found, std::string_view expected) {
  fail(ErrorCode::Corrupt, key, "found " + describe(found) + ", expected " + std::string(expected));
}

}  // namespace vl
