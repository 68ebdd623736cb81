// The packed whitening factors, unpacked again, invert the Cholesky factors; the constants are those of the densities.
#include "kernel/prepared_model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "reference/generators.hpp"

namespace mogul {
namespace {

// W_k as a matrix, read from the layout that prepared_model.hpp documents.
Matrix unpacked(const PreparedModel& model, std::size_t k) {
  const std::size_t d = model.n_features;
  const double* at = model.factor(k);
  Matrix w(d, d);
  if (!model.triangular) {
    for (std::size_t i = 0; i < d; ++i) w(i, i) = at[i];
    return w;
  }
  for (std::size_t first = 0; first < d; first += kTileRows) {
    const std::size_t last = std::min(first + kTileRows, d);
    for (std::size_t col = 0; col < last; ++col) {
      for (std::size_t row = first; row < last; ++row) w(row, col) = *at++;
    }
  }
  return w;
}

TEST(PreparedModel, FactorsInvertTheCholeskyFactors) {
  oracle::Dice dice(1);
  for (const auto& entry : covariance_structures()) {
    for (std::size_t d = 1; d <= 17; ++d) {
      const Mixture mixture = oracle::random_mixture(dice, {.d = d, .k = 3, .structure = entry.structure});
      const PreparedModel prepared(mixture);
      for (std::size_t k = 0; k < 3; ++k) {
        const Matrix w = unpacked(prepared, k);
        const Matrix l = mixture.cholesky(k);
        for (std::size_t i = 0; i < d; ++i) {
          for (std::size_t j = 0; j < d; ++j) {
            double sum = 0;
            for (std::size_t m = 0; m < d; ++m) sum += w(i, m) * l(m, j);
            ASSERT_NEAR(sum, i == j ? 1 : 0, 1e-13) << entry.name << ", D = " << d;
            if (j > i) {
              ASSERT_EQ(w(i, j), 0) << entry.name << ", D = " << d;
            }
          }
        }
      }
    }
  }
}

TEST(PreparedModel, TiedComponentsShareOneFactor) {
  oracle::Dice dice(2);
  for (const auto& entry : covariance_structures()) {
    const Mixture mixture = oracle::random_mixture(dice, {.d = 6, .k = 3, .structure = entry.structure});
    const PreparedModel prepared(mixture);
    EXPECT_EQ(prepared.factor(0) == prepared.factor(2), is_tied(entry.structure)) << entry.name;
    const std::size_t one_factor = prepared.triangular ? 4 * 4 + 2 * 6 : 6;  // tiles of 4 and of 2 rows
    EXPECT_EQ(prepared.factors.size(), (is_tied(entry.structure) ? 1 : 3) * one_factor) << entry.name;
  }
}

// log pi_k - (D log 2 pi + log|Sigma_k|) / 2, here with |Sigma| = 4 * 9.
TEST(PreparedModel, ConstantsAreThoseOfTheLogDensity) {
  const Mixture mixture(CovarianceStructure::tied_diagonal, {0.25, 0.75, 0}, Matrix(3, 2), {4, 9});
  const double normaliser = -std::log(2 * std::numbers::pi) - std::log(6);
  EXPECT_DOUBLE_EQ(log_normaliser(mixture, 1), normaliser);
  const PreparedModel prepared(mixture);
  EXPECT_DOUBLE_EQ(prepared.log_constants[0], std::log(0.25) + normaliser);
  EXPECT_DOUBLE_EQ(prepared.log_constants[1], std::log(0.75) + normaliser);
  EXPECT_EQ(prepared.log_constants[2], -std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace mogul
