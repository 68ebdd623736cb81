// The packed whitening factors, unpacked again, invert the Cholesky factors; the constants are those of the densities.
#include "engine/row_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include "plain_families.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

const double* factor_of(const RowModel& model, std::size_t k) {
  return model.operands.factors.data() + k * model.factor_stride;
}

// W_k as a matrix, read from the layout that row_model.hpp documents.
Matrix unpacked(const RowModel& model, std::size_t k) {
  const std::size_t d = model.n_features;
  const double* at = factor_of(model, k);
  Matrix w(d, d);
  if (model.form == FactorForm::diagonal || model.form == FactorForm::spherical) {
    for (std::size_t i = 0; i < d; ++i) w(i, i) = at[model.form == FactorForm::diagonal ? i : 0];
    return w;
  }
  for (std::size_t strip = 0; strip < strip_count(d); ++strip) {
    const std::size_t first = strip_begin(strip, d);
    const std::size_t last = strip_begin(strip + 1, d);
    for (std::size_t col = 0; col < last; ++col) {
      for (std::size_t row = std::max(first, col); row < last; ++row) w(row, col) = *at++;
    }
  }
  EXPECT_EQ(at, factor_of(model, k) + d * (d + 1) / 2);
  return w;
}

TEST(RowModel, StripsCoverTheRowsAsEquallyAsCanBe) {
  for (std::size_t d = 1; d <= 200; ++d) {
    EXPECT_EQ(strip_begin(0, d), 0U);
    EXPECT_EQ(strip_begin(strip_count(d), d), d);
    std::size_t smallest = d, largest = 0, size = 0;
    for (std::size_t s = 0; s < strip_count(d); ++s) {
      const std::size_t rows = strip_begin(s + 1, d) - strip_begin(s, d);
      smallest = std::min(smallest, rows);
      largest = std::max(largest, rows);
      size += strip_size(strip_begin(s, d), rows);
    }
    EXPECT_LE(largest, d <= kOneStripRows ? kOneStripRows : kStripRows);
    EXPECT_LE(largest - smallest, 1U);
    EXPECT_EQ(size, d * (d + 1) / 2);
  }
}

TEST(RowModel, FactorsInvertTheCholeskyFactors) {
  oracle::Dice dice(1);
  for (const auto& entry : test::plain_families()) {
    for (std::size_t d = 1; d <= 17; ++d) {
      const Mixture mixture = oracle::random_mixture(dice, {.d = d, .k = 3, .structure = entry.family});
      const RowModel model = row_model(mixture);
      for (std::size_t k = 0; k < 3; ++k) {
        const Matrix w = unpacked(model, k);
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

TEST(RowModel, TiedComponentsShareOneFactor) {
  oracle::Dice dice(2);
  for (const auto& entry : test::plain_families()) {
    const Mixture mixture = oracle::random_mixture(dice, {.d = 6, .k = 3, .structure = entry.family});
    const RowModel model = row_model(mixture);
    EXPECT_EQ(factor_of(model, 0) == factor_of(model, 2), entry.family.shared) << entry.name;
    const std::size_t one_factor = entry.family.moments() >= Moments::pooled     ? 6 * 7 / 2
                                   : entry.family.moments() == Moments::diagonal ? 6
                                                                                 : 1;
    EXPECT_EQ(model.operands.factors.size(), (entry.family.shared ? 1 : 3) * one_factor) << entry.name;
  }
}

// log pi_k - (D log 2 pi + log|Sigma_k|) / 2, here with |Sigma| = 4 * 9.
TEST(RowModel, ConstantsAreThoseOfTheLogDensity) {
  const Mixture mixture(families::tied_diagonal, {0.25, 0.75, 0}, Matrix(3, 2), {4, 9});
  const double normaliser = -std::log(2 * std::numbers::pi) - std::log(6);
  EXPECT_DOUBLE_EQ(log_normaliser(mixture, 1), normaliser);
  const RowModel model = row_model(mixture);
  EXPECT_DOUBLE_EQ(model.largest_log_constant, std::log(0.75) + normaliser);
  EXPECT_DOUBLE_EQ(model.log_constants[0], std::log(0.25) - std::log(0.75));
  EXPECT_EQ(model.log_constants[1], 0);
  EXPECT_EQ(model.log_constants[2], -std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace mogul
