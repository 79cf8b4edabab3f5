#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace vl {

/// The unpacked archives of tests/data/text.
std::filesystem::path textData(const std::string& name);

/// The text of a file; fails the test when it is missing.
std::string readTestFile(const std::filesystem::path& path);
nlohmann::json readTestJson(const std::filesystem::path& path);

}  // namespace vl
