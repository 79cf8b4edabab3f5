#include <array>
#include <csetjmp>
#include <csignal>
#include <cstdint>
#include <limits>
#include <vector>

#include "inference/kernels/blas.h"

namespace vl {
namespace {

// Small integers, so that every sum is below 2^24 and exact in F32 in any order: a right result is
// equal, not only near. Nine bits, so that products in BF16 would show.
constexpr int kLargest = 350;
constexpr std::size_t kDeepest = 131;
static_assert(std::size_t{kLargest} * (kLargest * kDeepest + 2) < std::size_t{1} << 24);

struct Shape {
  std::size_t rows;
  std::size_t cols;
  std::size_t depth;
};
/// Tails for every width of register. OpenBLAS has other loops for vectors, for small products and
/// for those of over a million multiplications.
constexpr std::array kShapes{Shape{1, 67, 131}, Shape{1, 131, 67}, Shape{3, 5, 7},
                             Shape{19, 37, 71}, Shape{65, 123, 131}};
constexpr float kGuard = -7;

/// A matrix with room behind each row, which nobody may write to.
class TrialMatrix {
 public:
  TrialMatrix(std::size_t rows, std::size_t cols)
      : rows_(rows), cols_(cols), values_(rows * (cols + kPadding), kGuard) {}
  MatrixView<float> view() { return {values_.data(), rows_, cols_, cols_ + kPadding}; }
  bool operator==(const TrialMatrix& other) const { return values_ == other.values_; }

 private:
  static constexpr std::size_t kPadding = 3;
  std::size_t rows_;
  std::size_t cols_;
  std::vector<float> values_;
};

TrialMatrix randomIntegers(std::size_t rows, std::size_t cols, std::uint32_t& state) {
  TrialMatrix matrix(rows, cols);
  for (std::size_t r = 0; r < rows; ++r) {
    for (float& value : matrix.view().row(r)) {
      state = state * 1664525 + 1013904223;
      value = static_cast<float>(static_cast<int>((state >> 8) % (2 * kLargest + 1)) - kLargest);
    }
  }
  return matrix;
}

/// The definition, with the inner loop along the rows of b [depth, cols].
void expectedProduct(MatrixView<const float> a, MatrixView<const float> b, MatrixView<float> c) {
  for (std::size_t i = 0; i < a.rows(); ++i) {
    for (float& value : c.row(i)) value = 0;
    for (std::size_t l = 0; l < b.rows(); ++l) {
      const float factor = a.row(i)[l];
      for (std::size_t j = 0; j < b.cols(); ++j) c.row(i)[j] += factor * b.row(l)[j];
    }
  }
}

enum class Verdict { Right, Wrong, Illegal };

// Where an illegal instruction of this thread goes on; null outside of a trial.
thread_local sigjmp_buf* afterIllegal = nullptr;

extern "C" void onIllegalInstruction(int number) {
  if (afterIllegal != nullptr) siglongjmp(*afterIllegal, 1);
  std::signal(number, SIG_DFL);  // not ours: it comes again, and ends the process
}

/// Handles SIGILL while it lives.
class IllegalInstructions {
 public:
  IllegalInstructions() {
    struct sigaction action {};
    action.sa_handler = onIllegalInstruction;
    ::sigaction(SIGILL, &action, &before_);
  }
  ~IllegalInstructions() { ::sigaction(SIGILL, &before_, nullptr); }
  IllegalInstructions(const IllegalInstructions&) = delete;
  IllegalInstructions& operator=(const IllegalInstructions&) = delete;

 private:
  struct sigaction before_ {};
};

/// Runs `call`; false when it stopped on an illegal instruction. Nothing that `call` itself makes
/// may need a destructor, since the jump back runs none.
template <typename Call>
bool survives(const Call& call) {
  sigjmp_buf after;
  if (sigsetjmp(after, 1) != 0) {
    afterIllegal = nullptr;
    return false;
  }
  afterIllegal = &after;
  call();
  afterIllegal = nullptr;
  return true;
}

Verdict tryShape(const MatrixProducts& candidate, const Shape& shape) {
  std::uint32_t state = 1;
  TrialMatrix a = randomIntegers(shape.rows, shape.depth, state);
  TrialMatrix b = randomIntegers(shape.depth, shape.cols, state);
  TrialMatrix bTransposed(shape.cols, shape.depth);
  for (std::size_t l = 0; l < shape.depth; ++l) {
    for (std::size_t j = 0; j < shape.cols; ++j) {
      bTransposed.view().row(j)[l] = b.view().row(l)[j];
    }
  }
  TrialMatrix expected(shape.rows, shape.cols);
  expectedProduct(a.view(), b.view(), expected.view());
  TrialMatrix found(shape.rows, shape.cols);
  if (!survives([&] { candidate.product(a.view(), b.view(), found.view()); })) {
    return Verdict::Illegal;
  }
  if (!(found == expected)) return Verdict::Wrong;

  // 2 old - product, then again over not-a-numbers that beta 0 has to ignore.
  const auto transposed = [&](float alpha, float beta) {
    return survives([&] {
      candidate.productTransposed(alpha, a.view(), bTransposed.view(), beta, found.view());
    });
  };
  found = randomIntegers(shape.rows, shape.cols, state);
  TrialMatrix sum = found;
  for (std::size_t i = 0; i < shape.rows; ++i) {
    for (std::size_t j = 0; j < shape.cols; ++j) {
      float& value = sum.view().row(i)[j];
      value = 2 * value - expected.view().row(i)[j];
    }
  }
  if (!transposed(-1, 2)) return Verdict::Illegal;
  if (!(found == sum)) return Verdict::Wrong;
  for (std::size_t i = 0; i < shape.rows; ++i) {
    for (float& value : found.view().row(i)) value = std::numeric_limits<float>::quiet_NaN();
  }
  if (!transposed(1, 0)) return Verdict::Illegal;
  return found == expected ? Verdict::Right : Verdict::Wrong;
}

Verdict tryOut(const MatrixProducts& candidate) {
  const IllegalInstructions handled;
  for (const Shape& shape : kShapes) {
    const Verdict verdict = tryShape(candidate, shape);
    if (verdict != Verdict::Right) return verdict;
  }
  return Verdict::Right;
}

}  // namespace

ChosenProducts chooseProducts(const MatrixProducts& candidate) {
  switch (tryOut(candidate)) {
    case Verdict::Right:
      return {candidate, ""};
    case Verdict::Wrong:
      return {ownProducts(),
              "OpenBLAS gives wrong results on this CPU and is not used; F32 products are slower"};
    case Verdict::Illegal:
      break;
  }
  return {ownProducts(),
          "OpenBLAS runs instructions that this CPU lacks and is not used; F32 products are "
          "slower"};
}

}  // namespace vl
