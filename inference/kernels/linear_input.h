#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "inference/kernels/arena.h"
#include "inference/kernels/compute.h"
#include "inference/kernels/int8_tiles.h"
#include "inference/tensor/matrix_view.h"

namespace vl {

/// The input of one or several linear layers, in the forms that their weights ask for; each form is
/// made once. The rows and the frame must outlive it.
class LinearInput {
 public:
  /// x F32 [tokens, cols]
  LinearInput(Compute& compute, Arena::Frame& frame, MatrixView<const float> x)
      : compute_(compute), frame_(frame), x_(x) {}
  /// x where it is already quantised, for panels in Precision::Fast only; values() is empty.
  LinearInput(Compute& compute, Arena::Frame& frame, const Int8Tiles& tiles)
      : compute_(compute), frame_(frame), tiles_(tiles) {}

  std::size_t tokens() const { return tiles_ ? tiles_->tokens() : x_.rows(); }
  std::size_t cols() const { return tiles_ ? tiles_->cols() : x_.cols(); }
  MatrixView<const float> values() const { return x_; }
  const Int8Tiles& tiles();
  /// BF16 [tokens, cols rounded up to even], the added column zero.
  MatrixView<const std::uint16_t> halves();

 private:
  Compute& compute_;
  Arena::Frame& frame_;
  MatrixView<const float> x_;
  std::optional<Int8Tiles> tiles_;
  std::optional<MatrixView<const std::uint16_t>> halves_;
};

}  // namespace vl
