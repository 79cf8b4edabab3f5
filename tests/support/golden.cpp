#include "tests/support/golden.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace vl::test {
namespace {

SafetensorsFile openOrFail(const std::filesystem::path& path) {
  Result<SafetensorsFile> file = SafetensorsFile::open(path);
  if (!file) {
    ADD_FAILURE() << file.error().what;
    return {};
  }
  return std::move(file).value();
}

template <typename T>
std::vector<T> copyOf(const StoredTensor& tensor, DType expected) {
  EXPECT_EQ(tensor.dtype, expected) << tensor.name;
  std::vector<T> values(tensor.bytes.size() / sizeof(T));
  std::memcpy(values.data(), tensor.bytes.data(), values.size() * sizeof(T));
  return values;
}

}  // namespace

Golden::Golden(const std::string& path) : file_(openOrFail(modelData() / path)) {}

const StoredTensor& Golden::tensor(const std::string& name) const {
  static const StoredTensor kEmpty;
  const StoredTensor* found = file_.find(name);
  EXPECT_NE(found, nullptr) << "no golden " << name;
  return found == nullptr ? kEmpty : *found;
}

const std::vector<std::size_t>& Golden::shape(const std::string& name) const {
  return tensor(name).shape;
}
std::vector<float> Golden::floats(const std::string& name) const {
  return copyOf<float>(tensor(name), DType::F32);
}
std::vector<std::int32_t> Golden::ints(const std::string& name) const {
  return copyOf<std::int32_t>(tensor(name), DType::I32);
}

float maxDifference(std::span<const float> found, std::span<const float> expected) {
  if (found.size() != expected.size()) {
    ADD_FAILURE() << found.size() << " values instead of " << expected.size();
    return std::numeric_limits<float>::infinity();
  }
  float largest = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const float difference = std::abs(found[i] - expected[i]);
    if (!(difference <= largest)) largest = difference;  // also takes a NaN, which then stays
    if (std::isnan(largest)) return std::numeric_limits<float>::infinity();
  }
  return largest;
}

float maxDifference(MatrixView<const float> found, std::span<const float> expected) {
  std::vector<float> rows;
  for (std::size_t r = 0; r < found.rows(); ++r) {
    rows.insert(rows.end(), found.row(r).begin(), found.row(r).end());
  }
  return maxDifference(rows, expected);
}

}  // namespace vl::test
