#include "inference/kernels/blas.h"

#include <gtest/gtest.h>

#include <cmath>
#include <csignal>
#include <limits>
#include <vector>

#include "tests/support/random.h"

namespace vl {
namespace {

struct Product {
  std::size_t rows, cols, depth;
};

/// Random factors with rows that lie apart, and every element's sum and sum of magnitudes.
struct Case {
  explicit Case(const Product& shape)
      : a(test::gaussian(shape.rows * (shape.depth + 2), 31)),
        b(test::gaussian(shape.cols * (shape.depth + 5), 32)),
        c(test::gaussian(shape.rows * (shape.cols + 1), 33)),
        left(a.data(), shape.rows, shape.depth, shape.depth + 2),
        right(b.data(), shape.cols, shape.depth, shape.depth + 5),
        out(c.data(), shape.rows, shape.cols, shape.cols + 1) {}
  std::vector<float> a, b, c;
  MatrixView<const float> left;
  MatrixView<const float> right;  // transposed: [cols, depth]
  MatrixView<float> out;
};

class BlasTest : public testing::TestWithParam<MatrixProducts> {
 protected:
  static constexpr double kEpsilon = std::numeric_limits<float>::epsilon();
};

TEST_P(BlasTest, AgreesWithTheDefinitionForEveryTail) {
  for (const Product shape : {Product{1, 1, 1}, Product{1, 33, 19}, Product{2, 3, 0},
                              Product{7, 17, 65}, Product{40, 31, 9}, Product{3, 70, 5000}}) {
    for (const float beta : {0.0f, 1.0f, -0.5f}) {
      Case with(shape);
      const std::vector<float> old = with.c;
      GetParam().productTransposed(0.25f, with.left, with.right, beta, with.out);
      for (std::size_t i = 0; i < shape.rows; ++i) {
        for (std::size_t j = 0; j < shape.cols; ++j) {
          double expected = double{beta} * old[i * (shape.cols + 1) + j];
          double magnitude = std::abs(expected);
          for (std::size_t l = 0; l < shape.depth; ++l) {
            const double term = 0.25 * double{with.left.row(i)[l]} * with.right.row(j)[l];
            expected += term;
            magnitude += std::abs(term);
          }
          // Each product, sum and scaling rounds once.
          ASSERT_NEAR(with.out.row(i)[j], expected, (shape.depth + 3) * kEpsilon * magnitude);
        }
        if (i + 1 < shape.rows) {  // behind the row
          ASSERT_EQ(with.c[i * (shape.cols + 1) + shape.cols],
                    old[i * (shape.cols + 1) + shape.cols]);
        }
      }
    }
  }
}

TEST_P(BlasTest, MultipliesWithoutTransposing) {
  for (const Product shape : {Product{1, 1, 1}, Product{1, 19, 33}, Product{7, 65, 17},
                              Product{40, 9, 31}, Product{3, 300, 70}}) {
    Case with(shape);
    std::vector<float> b = test::gaussian(shape.depth * (shape.cols + 2), 34);
    const MatrixView<const float> right(b.data(), shape.depth, shape.cols, shape.cols + 2);
    GetParam().product(with.left, right, with.out);
    for (std::size_t i = 0; i < shape.rows; ++i) {
      for (std::size_t j = 0; j < shape.cols; ++j) {
        double expected = 0, magnitude = 0;
        for (std::size_t l = 0; l < shape.depth; ++l) {
          const double term = double{with.left.row(i)[l]} * right.row(l)[j];
          expected += term;
          magnitude += std::abs(term);
        }
        ASSERT_NEAR(with.out.row(i)[j], expected, (shape.depth + 1) * kEpsilon * magnitude);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Ours, BlasTest, testing::Values(ownProducts()));
INSTANTIATE_TEST_SUITE_P(OpenBlas, BlasTest, testing::Values(openBlasProducts()));

TEST(ChooseProducts, KeepsALibraryThatIsRight) {
  const MatrixProducts right = ownProducts();
  const ChosenProducts chosen = chooseProducts(right);
  EXPECT_EQ(chosen.trouble, "");
  EXPECT_EQ(chosen.products.product, right.product);
  EXPECT_EQ(chosen.products.productTransposed, right.productTransposed);
}

/// Expects that our own products take the place of `wrong`, with a sentence that says `why`.
void expectReplaced(const MatrixProducts& wrong, const char* why) {
  const ChosenProducts chosen = chooseProducts(wrong);
  EXPECT_NE(chosen.trouble.find(why), std::string::npos) << chosen.trouble;
  EXPECT_EQ(chosen.products.product, ownProducts().product);
  EXPECT_EQ(chosen.products.productTransposed, ownProducts().productTransposed);
}

TEST(ChooseProducts, ReplacesWhatLosesATailOfLargeProductsOnly) {
  MatrixProducts wrong = ownProducts();
  wrong.product = [](MatrixView<const float> a, MatrixView<const float> b, MatrixView<float> c) {
    ownProducts().product(a, b, c);
    if (a.rows() * a.cols() * b.cols() > 1'000'000) c.row(c.rows() - 1)[c.cols() - 1] += 1;
  };
  expectReplaced(wrong, "wrong");
}

TEST(ChooseProducts, ReplacesWhatMultipliesInLessPrecision) {
  MatrixProducts wrong = ownProducts();
  wrong.productTransposed = [](float alpha, MatrixView<const float> a, MatrixView<const float> b,
                               float beta, MatrixView<float> c) {
    ownProducts().productTransposed(alpha * (1 + 1e-6f), a, b, beta, c);
  };
  expectReplaced(wrong, "wrong");
}

TEST(ChooseProducts, ReplacesWhatMultipliesOldValuesByZero) {
  MatrixProducts wrong = ownProducts();
  wrong.productTransposed = [](float alpha, MatrixView<const float> a, MatrixView<const float> b,
                               float beta, MatrixView<float> c) {
    for (std::size_t i = 0; i < c.rows(); ++i) {
      for (float& value : c.row(i)) value *= beta;
    }
    ownProducts().productTransposed(alpha, a, b, 1, c);
  };
  expectReplaced(wrong, "wrong");
}

TEST(ChooseProducts, ReplacesWhatWritesBehindARow) {
  MatrixProducts wrong = ownProducts();
  wrong.product = [](MatrixView<const float> a, MatrixView<const float> b, MatrixView<float> c) {
    ownProducts().product(a, b, c);
    if (c.rows() > 1) c.row(0).data()[c.cols()] = 0;
  };
  expectReplaced(wrong, "wrong");
}

TEST(ChooseProducts, SurvivesAnIllegalInstruction) {
  MatrixProducts crashing = ownProducts();
  crashing.product = [](MatrixView<const float>, MatrixView<const float>, MatrixView<float>) {
    std::raise(SIGILL);
  };
  struct sigaction before {};
  ::sigaction(SIGILL, nullptr, &before);
  expectReplaced(crashing, "instructions");
  struct sigaction after {};
  ::sigaction(SIGILL, nullptr, &after);
  EXPECT_EQ(after.sa_handler, before.sa_handler);  // as it was found
}

TEST(MatrixProducts, OfThisMachineAreInOrder) { EXPECT_EQ(matrixProductsTrouble(), ""); }

}  // namespace
}  // namespace vl
