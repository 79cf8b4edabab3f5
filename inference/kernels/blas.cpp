#include "inference/kernels/blas.h"

#include <cblas.h>

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <string_view>

#include "inference/kernels/dispatch.h"

namespace vl {
namespace {

int blasInt(std::size_t value) { return static_cast<int>(value); }

void openBlasTransposed(float alpha, MatrixView<const float> a, MatrixView<const float> b,
                        float beta, MatrixView<float> c) {
  if (a.rows() == 1) {
    cblas_sgemv(CblasRowMajor, CblasNoTrans, blasInt(b.rows()), blasInt(b.cols()), alpha, b.data(),
                blasInt(b.stride()), a.data(), 1, beta, c.data(), 1);
    return;
  }
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, blasInt(a.rows()), blasInt(b.rows()),
              blasInt(a.cols()), alpha, a.data(), blasInt(a.stride()), b.data(),
              blasInt(b.stride()), beta, c.data(), blasInt(c.stride()));
}

void openBlasProduct(MatrixView<const float> a, MatrixView<const float> b, MatrixView<float> c) {
  if (a.rows() == 1) {
    cblas_sgemv(CblasRowMajor, CblasTrans, blasInt(b.rows()), blasInt(b.cols()), 1.0f, b.data(),
                blasInt(b.stride()), a.data(), 1, 0.0f, c.data(), 1);
    return;
  }
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, blasInt(a.rows()), blasInt(b.cols()),
              blasInt(a.cols()), 1.0f, a.data(), blasInt(a.stride()), b.data(), blasInt(b.stride()),
              0.0f, c.data(), blasInt(c.stride()));
}

/// Rows of b that stay in the first-level cache while all rows of a pass.
std::size_t rowsPerBlock(std::size_t cols) {
  constexpr std::size_t kCacheFloats = 4096;
  return std::max<std::size_t>(1, kCacheFloats / std::max<std::size_t>(1, cols));
}

void ownTransposed(float alpha, MatrixView<const float> a, MatrixView<const float> b, float beta,
                   MatrixView<float> c) {
  const KernelTable& k = kernels();
  const std::size_t block = rowsPerBlock(b.cols());
  for (std::size_t begin = 0; begin < b.rows(); begin += block) {
    const std::size_t end = std::min(begin + block, b.rows());
    for (std::size_t i = 0; i < a.rows(); ++i) {
      for (std::size_t j = begin; j < end; ++j) {
        const float sum = alpha * k.dotF32(a.row(i).data(), b.row(j).data(), a.cols());
        float& to = c.row(i)[j];
        to = beta == 0.0f ? sum : sum + beta * to;
      }
    }
  }
}

void ownProduct(MatrixView<const float> a, MatrixView<const float> b, MatrixView<float> c) {
  const KernelTable& k = kernels();
  for (std::size_t i = 0; i < a.rows(); ++i) {
    std::fill(c.row(i).begin(), c.row(i).end(), 0.0f);
  }
  const std::size_t block = rowsPerBlock(b.cols());
  for (std::size_t begin = 0; begin < b.rows(); begin += block) {
    const std::size_t end = std::min(begin + block, b.rows());
    for (std::size_t i = 0; i < a.rows(); ++i) {
      for (std::size_t l = begin; l < end; ++l) {
        k.addScaled(a.row(i)[l], b.row(l).data(), c.row(i).data(), c.cols());
      }
    }
  }
}

const ChosenProducts& chosen() {
  static const ChosenProducts kChosen = [] {
    const char* forced = std::getenv("VL_BLAS");
    if (forced != nullptr && std::string_view(forced) == "own") {
      return ChosenProducts{ownProducts(), "VL_BLAS=own: OpenBLAS is not used"};
    }
    openblas_set_num_threads(1);  // its calls come from the workers of a Compute
    return chooseProducts(openBlasProducts());
  }();
  return kChosen;
}

}  // namespace

MatrixProducts ownProducts() { return {ownTransposed, ownProduct}; }
MatrixProducts openBlasProducts() { return {openBlasTransposed, openBlasProduct}; }

const std::string& matrixProductsTrouble() { return chosen().trouble; }

void productTransposed(float alpha, MatrixView<const float> a, MatrixView<const float> b,
                       float beta, MatrixView<float> c) {
  assert(a.cols() == b.cols() && c.rows() == a.rows() && c.cols() == b.rows());
  chosen().products.productTransposed(alpha, a, b, beta, c);
}

void product(MatrixView<const float> a, MatrixView<const float> b, MatrixView<float> c) {
  assert(a.cols() == b.rows() && c.rows() == a.rows() && c.cols() == b.cols());
  chosen().products.product(a, b, c);
}

}  // namespace vl
