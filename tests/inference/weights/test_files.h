#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace vl {

/// A fresh folder that is removed with its content.
class TempFolder {
 public:
  TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder();

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

void writeText(const std::filesystem::path& path, std::string_view text);
std::string readText(const std::filesystem::path& path);
nlohmann::json readJson(const std::filesystem::path& path);
/// Names of the entries, hidden ones included, in order.
std::vector<std::string> listNames(const std::filesystem::path& folder);

/// "micro-tiny", "micro-small" or "micro-base" among the unpacked test data.
std::filesystem::path microCheckpoint(std::string_view name);

/// Contents of a safetensors file: length, header, data.
std::string safetensorsText(std::string_view header, std::string_view data);
/// The same with a length of its own, for damage.
std::string safetensorsText(std::uint64_t headerBytes, std::string_view header,
                            std::string_view data);

/// Puts tensors one behind the other and makes a valid file of them.
class SafetensorsBuilder {
 public:
  SafetensorsBuilder& add(std::string_view name, std::string_view dtype,
                          const std::vector<std::size_t>& shape, std::string_view bytes);
  std::string text() const { return safetensorsText(header_.dump(), data_); }

 private:
  nlohmann::json header_ = nlohmann::json::object();
  std::string data_;
};

/// The bytes of a value's elements, for SafetensorsBuilder.
template <typename T>
std::string bytesOf(const std::vector<T>& elements) {
  return {reinterpret_cast<const char*>(elements.data()), elements.size() * sizeof(T)};
}

}  // namespace vl
