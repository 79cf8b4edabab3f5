#include "inference/kernels/linear_input.h"

#include "inference/kernels/dispatch.h"

namespace vl {

const Int8Tiles& LinearInput::tiles() {
  if (!tiles_) tiles_ = quantized(compute_, frame_, x_);
  return *tiles_;
}

MatrixView<const std::uint16_t> LinearInput::halves() {
  if (halves_) return *halves_;
  const std::size_t width = x_.cols() + x_.cols() % 2;
  const MatrixView<std::uint16_t> halves(frame_.take<std::uint16_t>(x_.rows() * width).data(),
                                         x_.rows(), width);
  compute_.parallelFor(x_.rows(), 16, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t t = begin; t < end; ++t) {
      halves.row(t).back() = 0;
      kernels().roundBf16(x_.row(t).data(), halves.row(t).data(), x_.cols());
    }
  });
  halves_ = halves;
  return *halves_;
}

}  // namespace vl
