#include "inference/weights/weight_reader.h"

#include <utility>

namespace vl {

WeightMatrix WeightReader::matrix(std::string_view name, std::size_t rows, std::size_t cols) {
  if (!status_) return {};
  Result<WeightMatrix> found = checkpoint_.matrix(prefix_ + std::string(name), rows, cols);
  if (found) return *found;
  status_ = found.error();
  return {};
}

std::vector<float> WeightReader::vector(std::string_view name, std::size_t count) {
  if (!status_) return {};
  Result<std::vector<float>> found = checkpoint_.vector(prefix_ + std::string(name), count);
  if (found) return std::move(found).value();
  status_ = found.error();
  return {};
}

Linear WeightReader::linear(std::string_view name, std::size_t out, std::size_t in, bool hasBias) {
  Linear linear;
  linear.weight = matrix(std::string(name) + ".weight", out, in);
  if (hasBias) linear.bias = vector(std::string(name) + ".bias", out);
  return linear;
}

}  // namespace vl
