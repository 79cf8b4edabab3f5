#include "tests/support/f32_checkpoint.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace vl::test {

F32Checkpoint::F32Checkpoint() {
  std::string path = (std::filesystem::temp_directory_path() / "vl-checkpoint-XXXXXX").string();
  EXPECT_NE(mkdtemp(path.data()), nullptr);
  folder_ = path;
}

F32Checkpoint::~F32Checkpoint() {
  opened_.clear();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void F32Checkpoint::add(const std::string& name, std::vector<std::size_t> shape,
                        std::vector<float> values) {
  tensors_[name] = {std::move(shape), std::move(values)};
}

Checkpoint& F32Checkpoint::open() {
  nlohmann::json header = nlohmann::json::object();
  std::size_t offset = 0;
  for (const auto& [name, tensor] : tensors_) {
    const std::size_t end = offset + tensor.second.size() * sizeof(float);
    header[name] = {{"dtype", "F32"}, {"shape", tensor.first}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = text.size();
  std::ofstream file(folder_ / "model.safetensors", std::ios::binary);
  file.write(reinterpret_cast<const char*>(&length), sizeof(length));
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  for (const auto& [name, tensor] : tensors_) {
    file.write(reinterpret_cast<const char*>(tensor.second.data()),
               static_cast<std::streamsize>(tensor.second.size() * sizeof(float)));
  }
  file.close();
  Result<Checkpoint> checkpoint = Checkpoint::open(folder_);
  EXPECT_TRUE(checkpoint.has_value()) << checkpoint.error().what;
  opened_.push_back(std::move(checkpoint).value());
  return opened_.back();
}

}  // namespace vl::test
