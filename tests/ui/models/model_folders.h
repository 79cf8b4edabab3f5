#pragma once

#include <filesystem>

namespace vl::test {

/// A tiny model with random weights that loads and can be converted, in a new folder.
inline void copyMicroModel(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  std::filesystem::copy(std::filesystem::path(VL_MODEL_DATA) / "checkpoints/micro-tiny", folder,
                        std::filesystem::copy_options::recursive);
}

}  // namespace vl::test
