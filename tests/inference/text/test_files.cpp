#include "tests/inference/text/test_files.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace vl {

std::filesystem::path textData(const std::string& name) {
  return std::filesystem::path(VL_TEXT_DATA) / name;
}

std::string readTestFile(const std::filesystem::path& path) {
  const std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

nlohmann::json readTestJson(const std::filesystem::path& path) {
  return nlohmann::json::parse(readTestFile(path));
}

}  // namespace vl
