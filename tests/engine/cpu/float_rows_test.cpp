// Sums over many rows of float are made in float lanes: the accuracy that is promised of them, what is promoted to
// double, and where they are not used.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/engine.hpp"
#include "mogul/mogul.hpp"
#include "plain_families.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

// The same numbers as float and as double.
struct TwoTables {
  TwoTables(std::size_t n, std::size_t d) : narrow(n, d), wide(n, d) {}
  void set(std::size_t i, std::size_t j, double value) {
    narrow(i, j) = static_cast<float>(value);
    wide(i, j) = narrow(i, j);
  }
  FloatMatrix narrow;
  Matrix wide;
};

// L N(0, I), where L L^T has eigenvalues from 1 to `condition` along random directions.
Matrix random_factor(oracle::Dice& dice, std::size_t d, double condition) {
  Matrix factor(d, d);
  for (std::size_t c = 0; c < d; ++c) {
    for (std::size_t i = 0; i < d; ++i) factor(i, c) = dice.normal();
    for (std::size_t before = 0; before < c; ++before) {  // Gram-Schmidt, twice is enough
      for (int repeat = 0; repeat < 2; ++repeat) {
        double product = 0, norm = 0;
        for (std::size_t i = 0; i < d; ++i) {
          product += factor(i, c) * factor(i, before);
          norm += factor(i, before) * factor(i, before);
        }
        for (std::size_t i = 0; i < d; ++i) factor(i, c) -= product / norm * factor(i, before);
      }
    }
    double norm = 0;
    for (std::size_t i = 0; i < d; ++i) norm += factor(i, c) * factor(i, c);
    const double scale =
        std::pow(condition, 0.5 * static_cast<double>(c) / static_cast<double>(std::max<std::size_t>(d - 1, 1)));
    for (std::size_t i = 0; i < d; ++i) factor(i, c) *= scale / std::sqrt(norm);
  }
  return factor;
}

// Three clusters whose covariances have this condition number, `offset` from the origin.
TwoTables clusters(std::size_t n, std::size_t d, double condition, double offset, std::uint64_t seed) {
  oracle::Dice dice(seed);
  TwoTables tables(n, d);
  std::vector<Matrix> factors;
  Matrix means(3, d);
  for (std::size_t k = 0; k < 3; ++k) {
    factors.push_back(random_factor(dice, d, condition));
    for (std::size_t j = 0; j < d; ++j) means(k, j) = offset + 2 * std::sqrt(condition) * dice.normal();
  }
  std::vector<double> z(d);
  for (std::size_t i = 0; i < n; ++i) {
    for (double& value : z) value = dice.normal();
    for (std::size_t j = 0; j < d; ++j) {
      double value = means(i % 3, j);
      for (std::size_t c = 0; c < d; ++c) value += factors[i % 3](j, c) * z[c];
      tables.set(i, j, value);
    }
  }
  return tables;
}

Mixture fitted(const DataView& rows, CovarianceFamily structure) {
  FitOptions options;
  options.n_components = 3;
  options.covariance = structure;
  options.max_iter = 5;
  options.reg_covar = 0;
  return fit(rows, options).mixture;
}

constexpr std::size_t kManyRows = 70'000;  // x 3 components x 5 features: over the work from which float lanes pay

TEST(FloatRows, LogLikelihoodIsThatOfDoubleToOneInTenMillion) {
  for (const auto& [structure, name] : test::plain_families()) {
    for (const double condition : {1.0, 1e2, 1e4}) {
      for (const double offset : {0.0, 1e5}) {
        const TwoTables rows = clusters(kManyRows, 5, condition, offset, 1);
        const Mixture model = fitted(rows.wide, structure);
        std::vector<double> weights;
        for (std::size_t i = 0; offset > 0 && i < kManyRows; ++i) weights.push_back(0.1 * static_cast<double>(i % 30));
        const Stats wide =
            make_engine(DataView(rows.wide, weights), 2)->accumulate(row_model(model), structure.moments());
        const Stats narrow =
            make_engine(DataView(rows.narrow, weights), 2)->accumulate(row_model(model), structure.moments());
        SCOPED_TRACE(testing::Message() << name << ", condition " << condition << ", offset " << offset);
        EXPECT_NEAR(narrow.log_likelihood / wide.log_likelihood, 1, 1e-7);
        EXPECT_NE(narrow.log_likelihood, wide.log_likelihood) << "float lanes were not used";
        EXPECT_NEAR(narrow.entropy, wide.entropy, 1e-6 * wide.sum_weights);
        double sum = 0;
        for (std::size_t k = 0; k < 3; ++k) {
          EXPECT_NEAR(narrow.n[k], wide.n[k], 1e-6 * wide.n[k]);
          sum += narrow.n[k];
        }
        EXPECT_NEAR(sum, narrow.sum_weights, 1e-12 * sum);
        const Mixture one = maximise(wide, model, {.reg_covar = 0});
        const Mixture other = maximise(narrow, model, {.reg_covar = 0});
        for (std::size_t k = 0; k < 3; ++k) {
          for (std::size_t j = 0; j < 5; ++j) {
            const double sd = std::sqrt(one.variance(k, j));
            EXPECT_NEAR(other.means()(k, j), one.means()(k, j), 1e-5 * sd);
            EXPECT_NEAR(other.variance(k, j), one.variance(k, j), 1e-5 * one.variance(k, j));
          }
        }
      }
    }
  }
}

TEST(FloatRows, IllConditionedComponentsArePromotedAndReported) {
  const TwoTables rows = clusters(kManyRows, 5, 1e8, 0, 2);
  const Mixture model = fitted(rows.wide, families::full);
  EXPECT_EQ(make_engine(rows.narrow, 1)->accumulate(row_model(model), Moments::none).n_promoted, 3U);
  EXPECT_EQ(make_engine(rows.wide, 1)->accumulate(row_model(model), Moments::none).n_promoted, 0U);
  FitOptions options;
  options.n_components = 3;
  options.init = model;
  options.reg_covar = 0;
  const FitResult narrow = fit(rows.narrow, options);
  const FitResult wide = fit(rows.wide, options);
  EXPECT_EQ(narrow.report.n_promoted, 3U);
  EXPECT_EQ(wide.report.n_promoted, 0U);
  EXPECT_EQ(narrow.report.history, wide.report.history);
  EXPECT_EQ(narrow.mixture, wide.mixture);
}

TEST(FloatRows, OneIllConditionedComponentIsPromotedAlone) {
  TwoTables rows = clusters(kManyRows, 5, 1, 0, 3);
  for (std::size_t i = 0; i < kManyRows; i += 3) rows.set(i, 1, 1e-4 * rows.wide(i, 1) + rows.wide(i, 0));
  const Mixture model = fitted(rows.wide, families::full);
  EXPECT_EQ(make_engine(rows.narrow, 1)->accumulate(row_model(model), Moments::none).n_promoted, 1U);
  const Stats wide = make_engine(rows.wide, 2)->accumulate(row_model(model), Moments::full);
  const Stats narrow = make_engine(rows.narrow, 2)->accumulate(row_model(model), Moments::full);
  EXPECT_NEAR(narrow.log_likelihood / wide.log_likelihood, 1, 1e-7);
}

// From a start that knows nothing of the correlations, whose statistics are float, to covariances that need double.
TEST(FloatRows, AFitFindsCovariancesThatFloatCannotHold) {
  const TwoTables rows = clusters(kManyRows, 5, 1e8, 0, 2);
  FitOptions options;
  options.n_components = 3;
  options.reg_covar = 0;
  for (const InitMethod init : {InitMethod::kmeans, InitMethod::random_from_data}) {
    options.init = init;
    const FitResult narrow = fit(rows.narrow, options);
    const FitResult wide = fit(rows.wide, options);
    EXPECT_EQ(narrow.report.n_revived, 0U);
    EXPECT_EQ(narrow.report.n_promoted, 3U);
    EXPECT_NEAR(narrow.report.log_likelihood / wide.report.log_likelihood, 1, 1e-6);
  }
  std::vector<double> covariances(75, 0.0);
  for (std::size_t i = 0; i < 15; ++i) covariances[i / 5 * 25 + i % 5 * 6] = 1e8;
  Matrix means(3, 5);
  for (std::size_t k = 0; k < 3; ++k) std::ranges::copy(rows.wide.row(k), means.row(k).begin());
  options.init = Mixture(families::full, {0.25, 0.25, 0.5}, means, covariances);
  const FitResult narrow = fit(rows.narrow, options);
  EXPECT_EQ(narrow.report.n_revived, 0U);
  EXPECT_NEAR(narrow.report.log_likelihood / fit(rows.wide, options).report.log_likelihood, 1, 1e-6);
}

// A feature whose squares are no numbers of float, beside one of unit size.
TEST(FloatRows, AFeatureOfTinySizeIsComputedInDouble) {
  TwoTables rows = clusters(kManyRows, 5, 1, 0, 9);
  for (std::size_t i = 0; i < kManyRows; ++i) rows.set(i, 2, 1e-25 * rows.wide(i, 2));
  FitOptions options;
  options.n_components = 3;
  options.reg_covar = 0;
  for (const auto& structure : {families::full, families::diagonal}) {
    options.covariance = structure;
    const FitResult narrow = fit(rows.narrow, options);
    EXPECT_EQ(narrow.mixture, fit(rows.wide, options).mixture);
    EXPECT_EQ(narrow.report.n_promoted, 3U);
  }
}

TEST(FloatRows, ModelsSideBySideGetTheBytesThatEachGetsAlone) {
  const TwoTables rows = clusters(kManyRows, 5, 10, 0, 10);
  const TwoTables bad = clusters(kManyRows, 5, 1e9, 0, 11);
  const Mixture a = fitted(rows.wide, families::full);
  const Mixture b = fitted(bad.wide, families::full);
  const auto engine = make_engine(rows.narrow, 2);
  const std::vector<Stats> stats =
      engine->accumulate(std::vector{row_model(a), row_model(b), row_model(a)}, Moments::full, Precision::fast);
  EXPECT_EQ(stats[0], engine->accumulate(row_model(a), Moments::full));
  EXPECT_EQ(stats[1], engine->accumulate(row_model(b), Moments::full)) << "all in double";
  EXPECT_EQ(stats[2], stats[0]);
}

TEST(FloatRows, TheSameBytesForAnyNumberOfThreads) {
  const TwoTables rows = clusters(kManyRows, 5, 10, 1, 4);
  for (const auto& [structure, name] : test::plain_families()) {
    const Mixture model = fitted(rows.wide, structure);
    const Stats alone = make_engine(rows.narrow, 1)->accumulate(row_model(model), structure.moments());
    for (const unsigned n_threads : {2U, 7U}) {
      EXPECT_EQ(make_engine(rows.narrow, n_threads)->accumulate(row_model(model), structure.moments()), alone) << name;
    }
  }
}

TEST(FloatRows, StatisticsTellWhatFloatLanesResolve) {
  const TwoTables rows = clusters(kManyRows, 5, 10, 1, 12);
  const RowModel model = row_model(fitted(rows.wide, families::full));
  const auto engine = make_engine(rows.narrow, 2);
  const Stats fast = engine->accumulate(model, Moments::full);
  const Stats exact = engine->accumulate(model, model.means(), Moments::full, Assignment::soft, Precision::exact);
  EXPECT_FALSE(fast.is_exact());
  EXPECT_LT(fast.resolution.max_move, exact.resolution.max_move);
  EXPECT_GT(fast.resolution.min_conditional_variance, 0);
  EXPECT_TRUE(exact.is_exact());
  EXPECT_EQ(exact.resolution, Resolution{});
  EXPECT_EQ(exact, make_engine(rows.wide, 2)->accumulate(model, Moments::full));
}

// Few rows, huge values and extreme weights are computed in double: not a bit differs.
TEST(FloatRows, WhereFloatDoesNotPayOrHoldSumsAreThoseOfDouble) {
  const auto expect_equal = [](const TwoTables& rows, std::span<const double> weights, const Mixture& model) {
    const Stats wide = make_engine(DataView(rows.wide, weights), 1)->accumulate(row_model(model), Moments::full);
    EXPECT_EQ(make_engine(DataView(rows.narrow, weights), 1)->accumulate(row_model(model), Moments::full), wide);
  };
  const TwoTables few = clusters(2000, 5, 10, 0, 5);
  const Mixture model = fitted(few.wide, families::full);
  expect_equal(few, {}, model);
  TwoTables many = clusters(kManyRows, 5, 10, 0, 6);
  std::vector<double> weights(kManyRows, 1);
  weights[7] = 1e-30;
  expect_equal(many, weights, model);
  many.set(7, 0, 1e20);
  expect_equal(many, {}, model);
}

// What is said of single rows is exact whatever the type of the rows.
TEST(FloatRows, ScoresOfRowsAreThoseOfDouble) {
  const TwoTables rows = clusters(kManyRows, 5, 10, 0, 7);
  const Mixture model = fitted(rows.wide, families::full);
  EXPECT_EQ(log_densities(model, rows.narrow), log_densities(model, rows.wide));
  EXPECT_EQ(responsibilities(model, rows.narrow), responsibilities(model, rows.wide));
}

TEST(FloatRows, AFitArrivesWhereThatOfDoubleDoes) {
  const TwoTables rows = clusters(kManyRows, 5, 10, 100, 8);
  FitOptions options;
  options.n_components = 3;
  const FitResult narrow = fit(rows.narrow, options);
  const FitResult wide = fit(rows.wide, options);
  EXPECT_EQ(narrow.report.termination.reason, TerminationReason::converged);
  EXPECT_EQ(narrow.report.iterations, wide.report.iterations);
  EXPECT_NEAR(narrow.report.log_likelihood / wide.report.log_likelihood, 1, 1e-7);
  EXPECT_EQ(narrow.report.n_promoted, 0U);
}

}  // namespace
}  // namespace mogul
