// Cholesky factors multiply back to their matrix, failures name the row, and powers of two change nothing but
// exponents.
#include "base/cholesky.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/random.hpp"

namespace mogul {
namespace {

using Real = long double;
constexpr double kEps = std::numeric_limits<double>::epsilon();

// A lower triangular matrix with a diagonal in 0.5..1.5.
Matrix random_lower(std::size_t d, std::uint64_t seed) {
  RandomStream random(seed, Purpose::sample);
  Matrix l(d, d);
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < i; ++j) l(i, j) = random.normal() / std::sqrt(static_cast<double>(d));
    l(i, i) = 0.5 + random.uniform();
  }
  return l;
}

Real product(const Matrix& l, std::size_t i, std::size_t j) {
  Real sum = 0;
  for (std::size_t m = 0; m < l.cols(); ++m) sum += Real{l(i, m)} * l(j, m);
  return sum;
}

Matrix times_own_transpose(const Matrix& l) {
  Matrix a(l.rows(), l.rows());
  for (std::size_t i = 0; i < l.rows(); ++i) {
    for (std::size_t j = 0; j < l.rows(); ++j) a(i, j) = static_cast<double>(product(l, i, j));
  }
  return a;
}

// A with row and column i times 2^exponents[i]: exact.
Matrix scaled(Matrix a, const std::vector<int>& exponents) {
  for (std::size_t i = 0; i < a.rows(); ++i) {
    for (std::size_t j = 0; j < a.cols(); ++j) a(i, j) = std::ldexp(a(i, j), exponents[i] + exponents[j]);
  }
  return a;
}

// Golub, Van Loan (2013), theorem 4.2.8 in its component-wise form: |L L^T - A| <= (D + 2) eps sqrt(a_ii a_jj).
TEST(Cholesky, FactorTimesItsTransposeIsTheMatrix) {
  for (std::size_t d = 1; d <= 70; ++d) {
    const Matrix a = times_own_transpose(random_lower(d, d));
    Matrix l = a;
    ASSERT_EQ(cholesky(l.view()), std::nullopt) << "D = " << d;
    for (std::size_t i = 0; i < d; ++i) {
      EXPECT_GT(l(i, i), 0);
      for (std::size_t j = 0; j < d; ++j) {
        const double bound = static_cast<double>(d + 2) * kEps * std::sqrt(a(i, i) * a(j, j));
        ASSERT_LE(std::abs(product(l, i, j) - a(i, j)), bound) << "D = " << d << ", element " << i << ", " << j;
        if (j > i) {
          ASSERT_EQ(l(i, j), 0) << "D = " << d;
        }
      }
    }
  }
}

TEST(Cholesky, ReadsOnlyTheLowerTriangleAndStaysWithinItsRows) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  for (const std::size_t d : {1, 2, 7, 40}) {
    const Matrix a = times_own_transpose(random_lower(d, d));
    Matrix dense = a;
    ASSERT_FALSE(cholesky(dense.view()));
    std::vector<double> wide(d * (d + 3), kNan);
    for (std::size_t i = 0; i < d; ++i) std::copy_n(a.row(i).begin(), i + 1, wide.begin() + i * (d + 3));
    const MatrixView<double> view(wide.data(), d, d, d + 3);
    ASSERT_FALSE(cholesky(view)) << "D = " << d;
    for (std::size_t i = 0; i < d; ++i) {
      EXPECT_TRUE(std::ranges::equal(view.row(i), dense.row(i)));
      for (std::size_t gap = d; gap < d + 3; ++gap) EXPECT_TRUE(std::isnan(wide[i * (d + 3) + gap]));
    }
  }
}

// Row `dependent` of an integer factor has a zero diagonal: that row is a combination of those before it.
TEST(Cholesky, NamesTheFirstRowThatDependsOnThoseBefore) {
  for (const std::size_t d : {1, 2, 3, 5, 8, 13, 40, 65}) {
    for (std::size_t dependent = 0; dependent < d; ++dependent) {
      RandomStream random(d, Purpose::sample, 0, dependent);
      Matrix l(d, d);
      for (std::size_t i = 0; i < d; ++i) {
        for (std::size_t j = 0; j < i; ++j) l(i, j) = std::floor(3 * random.uniform()) - 1;
        l(i, i) = i == dependent ? 0 : 2;
      }
      Matrix a = times_own_transpose(l);
      EXPECT_EQ(cholesky(a.view()), dependent) << "D = " << d;
    }
  }
}

TEST(Cholesky, RefusesWhatIsNotAPositiveNumber) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  for (const double bad : {0.0, -0.0, -1.0, -1e-300, kInf, -kInf, std::nan("")}) {
    for (std::size_t at = 0; at < 3; ++at) {
      Matrix a(3, 3, {2, 1, 0, 1, 2, 1, 0, 1, 2});
      a(at, at) = bad;
      const auto failed = cholesky(a.view());
      ASSERT_TRUE(failed) << "diagonal element " << at << " = " << bad;
      if (std::isfinite(bad)) {
        EXPECT_EQ(*failed, at) << bad;
      }
    }
  }
  Matrix indefinite(2, 2, {1, 2, 2, 1});
  EXPECT_EQ(cholesky(indefinite.view()), 1U);
}

// [1 1; 1 1 + e] has the pivots 1 and e; the rule is e > D eps (1 + e).
TEST(Cholesky, APivotOfRoundingSizeIsSingular) {
  Matrix rounding(2, 2, {1, 1, 1, 1 + 2 * kEps});
  EXPECT_EQ(cholesky(rounding.view()), 1U);
  Matrix beyond(2, 2, {1, 1, 1, 1 + 3 * kEps});
  EXPECT_FALSE(cholesky(beyond.view()));
}

// The last row is that before it plus a part of its own, from far above rounding to nothing.
TEST(Cholesky, IsPositiveDefiniteWhereThereIsAFactor) {
  for (std::size_t d = 2; d <= 40; d += 19) {
    int n_positive = 0;
    for (int exponent = 0; exponent <= 60; ++exponent) {
      Matrix l = random_lower(d, 5 + d);
      for (std::size_t j = 0; j + 1 < d; ++j) l(d - 1, j) = l(d - 2, j);
      l(d - 1, d - 1) = exponent == 60 ? 0 : std::ldexp(1.0, -exponent);
      Matrix a = times_own_transpose(l);
      Matrix same = a;
      const bool has_factor = !cholesky(a.view());
      EXPECT_EQ(is_positive_definite(same.view()), has_factor) << "D = " << d << ", 2^-" << exponent;
      n_positive += has_factor ? 1 : 0;
    }
    EXPECT_GT(n_positive, 10);
    EXPECT_LT(n_positive, 50);
  }
}

TEST(Cholesky, PowersOfTwoChangeNothingButExponents) {
  for (const std::size_t d : {1, 2, 5, 17, 40}) {
    const Matrix a = times_own_transpose(random_lower(d, 100 + d));
    Matrix l = a;
    ASSERT_FALSE(cholesky(l.view()));
    RandomStream random(d, Purpose::seeding);
    for (const int exponent : {-332, -100, 0, 100, 332}) {  // variances of 1e-200 to 1e200
      std::vector<int> exponents(d, exponent);
      for (int& e : exponents) e += static_cast<int>(random.next() % 41) - 20;
      Matrix s = scaled(a, exponents);
      ASSERT_FALSE(cholesky(s.view())) << "D = " << d << ", exponent " << exponent;
      for (std::size_t i = 0; i < d; ++i) {
        for (std::size_t j = 0; j <= i; ++j) ASSERT_EQ(s(i, j), std::ldexp(l(i, j), exponents[i]));
      }
    }
  }
}

TEST(Cholesky, SingularityDoesNotDependOnScale) {
  for (const int exponent : {-332, -20, 0, 20, 332}) {
    Matrix singular = scaled(Matrix(3, 3, {1, 2, 0, 2, 4, 0, 0, 0, 1}), {exponent, -exponent, exponent});
    EXPECT_EQ(cholesky(singular.view()), 1U) << exponent;
  }
}

// Forward substitution by columns: |X L - I| <= D eps |X| |L|, component by component (Higham 2002, section 14.2).
TEST(InvertLower, TimesTheMatrixIsTheIdentity) {
  for (std::size_t d = 1; d <= 70; ++d) {
    const Matrix l = random_lower(d, 200 + d);
    const Matrix inverse = invert_lower(l.view());
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j < d; ++j) {
        Real sum = 0;
        Real scale = 0;
        for (std::size_t m = 0; m < d; ++m) {
          sum += Real{l(i, m)} * inverse(m, j);
          scale += std::abs(Real{l(i, m)} * inverse(m, j));
        }
        const Real error = std::abs(sum - (i == j ? 1 : 0));
        ASSERT_LE(error, static_cast<double>(d + 1) * kEps * scale) << "D = " << d << ", element " << i << ", " << j;
        if (j > i) {
          ASSERT_EQ(inverse(i, j), 0) << "D = " << d;
        }
      }
    }
  }
}

TEST(InvertLower, ReadsOnlyTheLowerTriangleAndKeepsToItsStride) {
  const std::vector<double> wide{2, std::nan(""), std::nan(""), 1, 4, std::nan("")};
  const Matrix inverse = invert_lower(MatrixView<const double>(wide.data(), 2, 2, 3));
  EXPECT_EQ(inverse, Matrix(2, 2, {0.5, 0, -0.125, 0.25}));
}

TEST(InvertLower, HoldsOverTheWholeRangeOfVariances) {
  for (const double scale : {1e-150, 1e150}) {
    const Matrix inverse = invert_lower(Matrix(2, 2, {scale, 0, scale, scale}).view());
    EXPECT_DOUBLE_EQ(inverse(0, 0), 1 / scale);
    EXPECT_DOUBLE_EQ(inverse(1, 0), -1 / scale);
    EXPECT_DOUBLE_EQ(inverse(1, 1), 1 / scale);
  }
}

// L times the columns that solve_lower() makes is what they were, within the backward error of substitution, D eps |L|
// |x| (Golub, Van Loan (2013), theorem 3.1.1), and the same with L^T; in a view whose rows lie apart.
TEST(Solve, LTimesTheResultIsTheRightHandSide) {
  for (const std::size_t d : {1, 2, 3, 7, 40}) {
    const Matrix l = random_lower(d, d);
    for (const std::size_t n_columns : {1, 5}) {
      RandomStream random(d, Purpose::sample, 1);
      std::vector<double> values(d * 6);
      for (double& value : values) value = random.normal();
      for (const bool transposed : {false, true}) {
        std::vector<double> solved = values;
        const MatrixView<const double> before(values.data(), d, n_columns, 6);
        const MatrixView<double> x(solved.data(), d, n_columns, 6);
        transposed ? solve_lower_transposed(l.view(), x) : solve_lower(l.view(), x);
        for (std::size_t j = 0; j < n_columns; ++j) {
          for (std::size_t i = 0; i < d; ++i) {
            Real sum = 0, scale = 0;
            for (std::size_t m = 0; m < d; ++m) {
              const Real term = Real{transposed ? l(m, i) : l(i, m)} * x(m, j);
              sum += term;
              scale += std::abs(term);
            }
            ASSERT_LE(std::abs(sum - before(i, j)), static_cast<double>(d + 1) * kEps * scale) << "D = " << d;
          }
        }
        for (std::size_t at = 0; at < values.size(); ++at) {
          if (at % 6 >= n_columns) {
            ASSERT_EQ(solved[at], values[at]) << "beyond the columns";
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace mogul
