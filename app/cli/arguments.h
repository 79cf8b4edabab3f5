#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inference/base/result.h"

namespace vl {

/// One option as it is typed and as --help explains it.
struct Option {
  std::string_view name;   // "--image"
  std::string_view value;  // what --help calls its value; empty: a switch
  std::string_view help;
  bool repeatable = false;
};

/// The words behind a verb, sorted into options and operands. Takes "--name value" and
/// "--name=value"; "--" ends the options; "-" is an operand. Names are the options' own.
class Arguments {
 public:
  /// Error: InvalidArgument for an unknown option (naming the one that was meant, perhaps), a
  /// missing or surplus value, or a second value of an option that takes one.
  static Result<Arguments> parse(std::span<const Option> options,
                                 std::span<const std::string> words);

  bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
  std::optional<std::string> value(std::string_view name) const;
  /// Of a repeatable option, in the order typed.
  std::vector<std::string> values(std::string_view name) const;
  const std::vector<std::string>& operands() const { return operands_; }

  /// A number in [least, most], `fallback` when the option was not given. Error: InvalidArgument.
  Result<double> number(std::string_view name, double fallback, double least, double most) const;
  Result<std::uint64_t> count(std::string_view name, std::uint64_t fallback, std::uint64_t least,
                              std::uint64_t most) const;
  /// Whole numbers with commas between them, each in [least, most]. Error: InvalidArgument.
  Result<std::vector<std::size_t>> counts(std::string_view name, std::vector<std::size_t> fallback,
                                          std::uint64_t least, std::uint64_t most) const;

 private:
  Status add(const Option& option, std::string value);

  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::vector<std::string> operands_;
};

}  // namespace vl
