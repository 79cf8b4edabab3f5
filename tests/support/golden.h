#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "inference/tensor/matrix_view.h"
#include "inference/weights/safetensors.h"

namespace vl::test {

/// The unpacked test data of this build.
inline std::filesystem::path modelData() { return VL_MODEL_DATA; }

/// One file of reference values. A missing tensor fails the test and reads as empty.
class Golden {
 public:
  /// path below VL_MODEL_DATA, e.g. "goldens/units/gate.safetensors"
  explicit Golden(const std::string& path);

  bool has(const std::string& name) const { return file_.find(name) != nullptr; }
  const std::vector<std::size_t>& shape(const std::string& name) const;
  std::vector<float> floats(const std::string& name) const;
  std::vector<std::int32_t> ints(const std::string& name) const;

 private:
  const StoredTensor& tensor(const std::string& name) const;

  SafetensorsFile file_;
};

/// Largest absolute difference; fails the test when the sizes differ or a value is not finite.
float maxDifference(std::span<const float> found, std::span<const float> expected);
/// The same for the rows of a matrix laid end to end.
float maxDifference(MatrixView<const float> found, std::span<const float> expected);

}  // namespace vl::test
