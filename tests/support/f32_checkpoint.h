#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "inference/weights/checkpoint.h"

namespace vl::test {

/// A checkpoint of F32 tensors made for one test, in a folder that goes away with it.
class F32Checkpoint {
 public:
  F32Checkpoint();
  ~F32Checkpoint();
  F32Checkpoint(const F32Checkpoint&) = delete;
  F32Checkpoint& operator=(const F32Checkpoint&) = delete;

  void add(const std::string& name, std::vector<std::size_t> shape, std::vector<float> values);
  /// Writes model.safetensors and opens it; a failure fails the test.
  Checkpoint& open();

 private:
  std::filesystem::path folder_;
  std::map<std::string, std::pair<std::vector<std::size_t>, std::vector<float>>> tensors_;
  std::vector<Checkpoint> opened_;  // none or one
};

}  // namespace vl::test
