#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "inference/base/result.h"
#include "inference/weights/checkpoint.h"

namespace vl {

/// A linear layer: y = x weight^T + bias.
struct Linear {
  WeightMatrix weight;
  std::vector<float> bias;  // [weight.rows()], or empty
};

/// Reads the tensors below one prefix ("vision.blocks.3."). The first failure is kept, later reads
/// then return empty values: check status() once, before anything is used.
class WeightReader {
 public:
  /// The checkpoint must outlive the reader and what is read.
  WeightReader(Checkpoint& checkpoint, std::string prefix)
      : checkpoint_(checkpoint), prefix_(std::move(prefix)) {}

  WeightMatrix matrix(std::string_view name, std::size_t rows, std::size_t cols);
  std::vector<float> vector(std::string_view name, std::size_t count);
  /// name + ".weight" [out, in] and, where there is one, name + ".bias" [out].
  Linear linear(std::string_view name, std::size_t out, std::size_t in, bool hasBias);

  const Status& status() const { return status_; }

 private:
  Checkpoint& checkpoint_;
  std::string prefix_;
  Status status_;
};

}  // namespace vl
