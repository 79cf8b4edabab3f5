#include "tests/inference/weights/test_files.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <set>
#include <sstream>

namespace vl {

namespace fs = std::filesystem;

TempFolder::TempFolder() {
  std::string pattern = testing::TempDir() + "vl-weights-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "cannot create " << pattern;
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void writeText(const fs::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.flush()) ADD_FAILURE() << "cannot write " << path;
}

std::string readText(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) ADD_FAILURE() << "cannot read " << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

nlohmann::json readJson(const fs::path& path) {
  return nlohmann::json::parse(readText(path), nullptr, false);
}

std::vector<std::string> listNames(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
  }
  return {names.begin(), names.end()};
}

fs::path microCheckpoint(std::string_view name) {
  return fs::path(VL_MODEL_DATA) / "checkpoints" / name;
}

std::string safetensorsText(std::uint64_t headerBytes, std::string_view header,
                            std::string_view data) {
  std::string text;
  for (int i = 0; i < 8; ++i) text += static_cast<char>((headerBytes >> (8 * i)) & 0xFF);
  return text.append(header).append(data);
}

std::string safetensorsText(std::string_view header, std::string_view data) {
  return safetensorsText(header.size(), header, data);
}

SafetensorsBuilder& SafetensorsBuilder::add(std::string_view name, std::string_view dtype,
                                            const std::vector<std::size_t>& shape,
                                            std::string_view bytes) {
  const std::size_t begin = data_.size();
  data_.append(bytes);
  header_[std::string(name)] = {
      {"dtype", dtype}, {"shape", shape}, {"data_offsets", {begin, data_.size()}}};
  return *this;
}

}  // namespace vl
