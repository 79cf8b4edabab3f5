#pragma once

#include <string>

#include "inference/tensor/matrix_view.h"

namespace vl {

// Products of F32 matrices. OpenBLAS computes them where it is right; every call of it goes through
// here. All functions are thread-safe and compute on the caller's thread.

/// c = alpha a b^T + beta c for a [m, k], b [n, k], c [m, n]; beta 0 overwrites c, whatever it
/// holds. c must not overlap a or b.
void productTransposed(float alpha, MatrixView<const float> a, MatrixView<const float> b,
                       float beta, MatrixView<float> c);
/// c = a b for a [m, k], b [k, n], c [m, n]; c must not overlap a or b.
void product(MatrixView<const float> a, MatrixView<const float> b, MatrixView<float> c);

/// Those two functions as one library has them.
struct MatrixProducts {
  void (*productTransposed)(float alpha, MatrixView<const float> a, MatrixView<const float> b,
                            float beta, MatrixView<float> c);
  void (*product)(MatrixView<const float> a, MatrixView<const float> b, MatrixView<float> c);
};

/// Loops over the dot products of kernels().
MatrixProducts ownProducts();
MatrixProducts openBlasProducts();

/// Who computes, and for people why: empty unless it is not OpenBLAS.
struct ChosenProducts {
  MatrixProducts products;
  std::string trouble;
};

/// Tries products with tails in every direction, which takes less than a millisecond, and falls
/// back to our own where one of them is wrong or stops on an illegal instruction.
///
/// OpenBLAS 0.3.21 chooses its loops by the CPU's model and is older than some: on those it is
/// known to give wrong results or to run instructions that are not there. OPENBLAS_CORETYPE, which
/// it reads itself when it is loaded, still chooses others; what crashes while it is loaded can
/// only be helped with that.
ChosenProducts chooseProducts(const MatrixProducts& candidate);

/// The sentence of the choice that was made at first use in this process. The environment variable
/// VL_BLAS=own makes it without a trial.
const std::string& matrixProductsTrouble();

}  // namespace vl
