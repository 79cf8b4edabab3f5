#pragma once

#include <cstddef>
#include <memory>

#include "inference/tensor/matrix_view.h"

namespace vl {

/// Owning row-major F32 matrix for scratch and state. Starts uninitialised: pages that are never
/// written take no memory, so a matrix may be sized for the largest case.
class Matrix {
 public:
  Matrix() = default;
  Matrix(std::size_t rows, std::size_t cols)
      : data_(std::make_unique_for_overwrite<float[]>(rows * cols)), rows_(rows), cols_(cols) {}

  MatrixView<float> view() { return {data_.get(), rows_, cols_}; }
  MatrixView<const float> view() const { return {data_.get(), rows_, cols_}; }
  /// The first `count` rows.
  MatrixView<float> top(std::size_t count) { return view().middleRows(0, count); }
  std::size_t rows() const { return rows_; }
  std::size_t cols() const { return cols_; }

 private:
  std::unique_ptr<float[]> data_;
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
};

}  // namespace vl
