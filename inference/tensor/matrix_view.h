#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <type_traits>

namespace vl {

/// Non-owning row-major matrix [rows, cols]; row r starts at data + r * stride (in elements).
/// Passed by value; the elements must outlive it.
template <typename T>
class MatrixView {
 public:
  MatrixView() = default;
  MatrixView(T* data, std::size_t rows, std::size_t cols, std::size_t stride)
      : data_(data), rows_(rows), cols_(cols), stride_(stride) {
    assert(stride >= cols);
  }
  MatrixView(T* data, std::size_t rows, std::size_t cols) : MatrixView(data, rows, cols, cols) {}

  /// A matrix of mutable elements is also one of const elements.
  operator MatrixView<const T>() const  // NOLINT(google-explicit-constructor): as with span
      requires(!std::is_const_v<T>) {
    return {data_, rows_, cols_, stride_};
  }

  T* data() const { return data_; }
  std::size_t rows() const { return rows_; }
  std::size_t cols() const { return cols_; }
  std::size_t stride() const { return stride_; }

  std::span<T> row(std::size_t r) const {
    assert(r < rows_);
    return {data_ + r * stride_, cols_};
  }
  /// Rows [begin, begin + count).
  MatrixView middleRows(std::size_t begin, std::size_t count) const {
    assert(begin + count <= rows_);
    return {data_ + begin * stride_, count, cols_, stride_};
  }
  /// Columns [begin, begin + count).
  MatrixView middleCols(std::size_t begin, std::size_t count) const {
    assert(begin + count <= cols_);
    return {data_ + begin, rows_, count, stride_};
  }

 private:
  T* data_ = nullptr;
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
  std::size_t stride_ = 0;
};

}  // namespace vl
