#include "app/cli/arguments.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <numeric>
#include <sstream>
#include <utility>

namespace vl {
namespace {

Error usage(std::string what) { return {ErrorCode::InvalidArgument, std::move(what)}; }

/// Letters to insert, delete or replace to get from one to the other (Levenshtein).
std::size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row.back();
}

Error unknownOption(std::span<const Option> options, const std::string& name) {
  constexpr std::size_t kFarthestTypo = 3;
  const Option* meant = nullptr;
  std::size_t nearest = kFarthestTypo + 1;
  for (const Option& option : options) {
    const std::size_t distance = editDistance(option.name, name);
    if (distance < nearest) {
      nearest = distance;
      meant = &option;
    }
  }
  std::string what = "there is no option " + name;
  if (meant != nullptr) what += " (did you mean " + std::string(meant->name) + "?)";
  if (name.find(' ') != std::string::npos) what += "; put -- before a text that begins with -";
  return usage(std::move(what));
}

/// Parses the whole text, as people write numbers: no hexadecimal, no "nan".
template <typename T>
std::optional<T> parsed(const std::string& text) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

template <typename T>
Error wrongNumber(std::string_view name, const char* kind, T least, T most,
                  const std::string& found) {
  std::ostringstream what;
  what << name << " takes " << kind << " from " << least << " to " << most << ", not \"" << found
       << '"';
  return usage(std::move(what).str());
}

}  // namespace

Result<Arguments> Arguments::parse(std::span<const Option> options,
                                   std::span<const std::string> words) {
  Arguments arguments;
  bool onlyOperands = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (onlyOperands || word.size() < 2 || word.front() != '-') {
      arguments.operands_.push_back(word);
      continue;
    }
    if (word == "--") {
      onlyOperands = true;
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto option = std::find_if(options.begin(), options.end(),
                                     [&](const Option& known) { return known.name == name; });
    if (option == options.end()) return unknownOption(options, name);
    std::string value;
    if (option->value.empty()) {
      if (equals != std::string::npos) return usage(name + " takes no value");
    } else if (equals != std::string::npos) {
      value = word.substr(equals + 1);
    } else if (++i < words.size()) {
      value = words[i];
    } else {
      return usage(name + " needs a value: " + name + " " + std::string(option->value));
    }
    if (const Status added = arguments.add(*option, std::move(value)); !added) {
      return added.error();
    }
  }
  return arguments;
}

Status Arguments::add(const Option& option, std::string value) {
  std::vector<std::string>& values = values_[std::string(option.name)];
  const bool isSwitch = option.value.empty();
  if (!values.empty() && !option.repeatable && !isSwitch) {
    return usage(std::string(option.name) + " is given twice");
  }
  values.push_back(std::move(value));
  return {};
}

std::optional<std::string> Arguments::value(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> Arguments::values(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

Result<double> Arguments::number(std::string_view name, double fallback, double least,
                                 double most) const {
  const std::optional<std::string> text = value(name);
  if (!text) return fallback;
  const std::optional<double> found = parsed<double>(*text);
  if (!found || !std::isfinite(*found) || *found < least || *found > most) {
    return wrongNumber(name, "a number", least, most, *text);
  }
  return *found;
}

Result<std::uint64_t> Arguments::count(std::string_view name, std::uint64_t fallback,
                                       std::uint64_t least, std::uint64_t most) const {
  const std::optional<std::string> text = value(name);
  if (!text) return fallback;
  const std::optional<std::uint64_t> found = parsed<std::uint64_t>(*text);
  if (!found || *found < least || *found > most) {
    return wrongNumber(name, "a whole number", least, most, *text);
  }
  return *found;
}

Result<std::vector<std::size_t>> Arguments::counts(std::string_view name,
                                                   std::vector<std::size_t> fallback,
                                                   std::uint64_t least, std::uint64_t most) const {
  const std::optional<std::string> text = value(name);
  if (!text) return fallback;
  std::vector<std::size_t> numbers;
  for (std::size_t begin = 0; begin <= text->size();) {
    const std::size_t end = std::min(text->find(',', begin), text->size());
    const std::string word = text->substr(begin, end - begin);
    const std::optional<std::uint64_t> found = parsed<std::uint64_t>(word);
    if (!found || *found < least || *found > most) {
      return wrongNumber(name, "whole numbers, with commas between them,", least, most, *text);
    }
    numbers.push_back(*found);
    begin = end + 1;
  }
  return numbers;
}

}  // namespace vl
