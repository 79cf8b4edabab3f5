#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "inference/base/result.h"

namespace vl {

/// Smallest and largest value that makes sense, both included.
struct SizeRange {
  std::size_t min;
  std::size_t max;
};
struct NumberRange {
  double min;
  double max;
};

/// Reads the keys of one JSON object into fields that already hold their defaults. A missing key
/// leaves the default. The first key with a wrong type or an impossible value becomes the error;
/// what is read after it changes nothing. The object must outlive the reader.
class ConfigReader {
 public:
  /// `where` names file and object in errors: "/models/x/config.json: language_config".
  ConfigReader(const nlohmann::json& object, std::string where);

  void read(std::string_view key, bool& value);
  void read(std::string_view key, std::string& value);
  void read(std::string_view key, std::size_t& value, SizeRange range);
  void read(std::string_view key, double& value, NumberRange range);
  /// As above; an explicit null means none.
  void read(std::string_view key, std::optional<std::size_t>& value, SizeRange range);

  bool isMissing(std::string_view key) const;
  bool isMissingOrNull(std::string_view key) const { return isMissing(key) || isNull(key); }
  bool isNull(std::string_view key) const;

  /// Records an error of the caller's own checks, unless there is one already.
  void fail(ErrorCode code, std::string_view key, std::string_view what);

  const Status& status() const { return status_; }

 private:
  /// nullptr when the key is missing or an error is recorded.
  const nlohmann::json* find(std::string_view key) const;
  void wrongType(std::string_view key, const nlohmann::json& found, std::string_view expected);

  const nlohmann::json& object_;
  std::string where_;
  Status status_;
};

}  // namespace vl
