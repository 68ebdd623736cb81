// The packed whitening factors, unpacked again, invert the Cholesky factors; the constants are those of the densities.
#include "engine/prepared_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/thread_pool.hpp"
#include "reference/generators.hpp"
#include "plain_families.hpp"

namespace mogul {
namespace {

// W_k as a matrix, read from the layout that prepared_model.hpp documents.
Matrix unpacked(const PreparedModel& model, std::size_t k) {
  const std::size_t d = model.n_features;
  const double* at = model.factor<double>(k);
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
  EXPECT_EQ(at, model.factor<double>(k) + d * (d + 1) / 2);
  return w;
}

TEST(PreparedModel, StripsCoverTheRowsAsEquallyAsCanBe) {
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

TEST(PreparedModel, FactorsInvertTheCholeskyFactors) {
  oracle::Dice dice(1);
  for (const auto& entry : test::plain_families()) {
    for (std::size_t d = 1; d <= 17; ++d) {
      const Mixture mixture = oracle::random_mixture(dice, {.d = d, .k = 3, .structure = entry.family});
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
  for (const auto& entry : test::plain_families()) {
    const Mixture mixture = oracle::random_mixture(dice, {.d = 6, .k = 3, .structure = entry.family});
    const PreparedModel prepared(mixture);
    EXPECT_EQ(prepared.factor<double>(0) == prepared.factor<double>(2), entry.family.shared) << entry.name;
    const std::size_t one_factor = entry.family.moments() >= Moments::pooled     ? 6 * 7 / 2
                                   : entry.family.moments() == Moments::diagonal ? 6
                                                                                       : 1;
    EXPECT_EQ(prepared.in_double.factors.size(), (entry.family.shared ? 1 : 3) * one_factor) << entry.name;
  }
}

TEST(PreparedModel, IsMadeOnceByAllThreadsForAMixtureAndItsCopies) {
  const Mixture mixture(families::full, {1}, Matrix(1, 2), {4, 1, 1, 9});
  const Mixture copy = mixture;
  std::vector<const PreparedModel*> seen(8);
  ThreadPool(4).run(seen.size(), [&](std::size_t i) { seen[i] = &prepared(i % 2 == 0 ? mixture : copy); });
  EXPECT_EQ(std::ranges::count(seen, seen[0]), 8);
  EXPECT_EQ(seen[0]->in_double.factors, PreparedModel(mixture).in_double.factors);
  const Mixture equal(families::full, {1}, Matrix(1, 2), {4, 1, 1, 9});
  EXPECT_NE(&prepared(equal), seen[0]);
}

// log pi_k - (D log 2 pi + log|Sigma_k|) / 2, here with |Sigma| = 4 * 9.
TEST(PreparedModel, ConstantsAreThoseOfTheLogDensity) {
  const Mixture mixture(families::tied_diagonal, {0.25, 0.75, 0}, Matrix(3, 2), {4, 9});
  const double normaliser = -std::log(2 * std::numbers::pi) - std::log(6);
  EXPECT_DOUBLE_EQ(log_normaliser(mixture, 1), normaliser);
  const PreparedModel prepared(mixture);
  EXPECT_DOUBLE_EQ(prepared.largest_log_constant, std::log(0.75) + normaliser);
  EXPECT_DOUBLE_EQ(prepared.log_constants[0], std::log(0.25) - std::log(0.75));
  EXPECT_EQ(prepared.log_constants[1], 0);
  EXPECT_EQ(prepared.log_constants[2], -std::numeric_limits<double>::infinity());
}

// Means and factors are floats that add up to the doubles.
TEST(PreparedModel, FloatsAreTheDoublesInTwoParts) {
  oracle::Dice dice(3);
  for (const auto& entry : test::plain_families()) {
    const Mixture mixture = oracle::random_mixture(dice, {.d = 9, .k = 3, .structure = entry.family, .offset = 1e6});
    const PreparedModel prepared(mixture, Lanes::float32);
    ASSERT_EQ(prepared.lanes, Lanes::float32) << entry.name;
    EXPECT_EQ(prepared.promoted, (std::vector<char>{0, 0, 0})) << entry.name;
    for (std::size_t i = 0; i < 27; ++i) {
      const double sum = double{prepared.in_float.means.high[i]} + double{prepared.in_float.means.low[i]};
      EXPECT_NEAR(sum, mixture.means().data()[i], 0x1p-47 * std::abs(sum));
    }
    ASSERT_EQ(prepared.in_float.factors.size(), prepared.in_double.factors.size());
    for (std::size_t i = 0; i < prepared.in_float.factors.size(); ++i) {
      EXPECT_EQ(prepared.in_float.factors[i], static_cast<float>(prepared.in_double.factors[i]));
    }
  }
}

Mixture correlated(double correlation, CovarianceFamily structure, double scale = 1) {
  const double v = scale * scale;
  std::vector<double> covariances{v, correlation * v, correlation * v, v};
  if (structure == families::full) covariances.insert(covariances.end(), {v, 0, 0, v});
  return {structure, {0.5, 0.5}, Matrix(2, 2), covariances};
}

// Variances are inflated by 1 / (1 - correlation^2), whatever the features' units.
TEST(PreparedModel, NearlyDependentFeaturesArePromotedToDouble) {
  for (const double scale : {1e-9, 1.0, 1e9}) {
    const PreparedModel good(correlated(std::sqrt(1 - 1.1e-4), families::full, scale), Lanes::float32);
    EXPECT_EQ(good.promoted, (std::vector<char>{0, 0})) << scale;
    const PreparedModel bad(correlated(std::sqrt(1 - 0.9e-4), families::full, scale), Lanes::float32);
    EXPECT_EQ(bad.lanes, Lanes::float32) << scale;
    EXPECT_EQ(bad.promoted, (std::vector<char>{1, 0})) << scale;
  }
}

TEST(PreparedModel, WhatFloatCannotHoldAtAllIsDouble) {
  const std::vector<char> all{1, 1};
  const PreparedModel tied(correlated(1 - 1e-6, families::tied), Lanes::float32);
  EXPECT_EQ(tied.lanes, Lanes::float64) << "one factor for all";
  EXPECT_EQ(tied.promoted, all);
  EXPECT_EQ(PreparedModel(correlated(0, families::full, 1e-13), Lanes::float32).lanes, Lanes::float64);
  const Mixture far(families::tied_spherical, {0.5, 0.5}, Matrix(2, 1, {0, 1e16}), {1});
  EXPECT_EQ(PreparedModel(far, Lanes::float32).lanes, Lanes::float64);
  EXPECT_EQ(PreparedModel(correlated(0, families::full)).promoted, all) << "nobody asked for float";
}

}  // namespace
}  // namespace mogul
