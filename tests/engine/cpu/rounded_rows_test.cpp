// Rows of double summed in float lanes, about a centre: the accuracy of the sums, where they are not used, and fits
// that begin with them.
#include <gtest/gtest.h>

#include <cmath>
#include <span>
#include <vector>

#include "engine/engine.hpp"
#include "mogul/mogul.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using oracle::Problem;
using oracle::RowWeights;

constexpr std::size_t kComponents = 12;
constexpr std::size_t kFeatures = 6;

oracle::Shape many_rows(double offset, RowWeights weights, bool columns, std::uint64_t seed) {
  return {.n = 80'000,
          .d = kFeatures,
          .k = kComponents,
          .weights = weights,
          .columns = columns,
          .offset = offset,
          .separation = 1.5,
          .seed = seed};
}

Stats rounded(Engine& engine, const Mixture& model) {
  const RowModel rows = row_model(model);
  return engine.accumulate(std::span(&rows, 1), model.family().moments(), Precision::rough).front();
}

// Whatever the layout and wherever the rows are: only their distances to each other count.
TEST(RoundedRows, HaveTheSumsOfDoubleButForTheRoundingOfFloat) {
  for (const double offset : {0.0, 1e3, 1e7}) {
    for (const RowWeights weights : {RowWeights::none, RowWeights::random}) {
      const Problem problem(many_rows(offset, weights, offset == 1e3, 5));
      const auto engine = make_engine(problem.view(), 2);
      const Mixture& model = problem.model();
      const Stats wide = engine->accumulate(row_model(model), Moments::full);
      const Stats narrow = rounded(*engine, model);
      SCOPED_TRACE(testing::Message() << "offset " << offset);
      ASSERT_TRUE(wide.is_exact());
      ASSERT_FALSE(narrow.is_exact()) << "float lanes were not used";
      EXPECT_EQ(narrow.shift, wide.shift);
      EXPECT_NEAR(narrow.log_likelihood / wide.log_likelihood, 1, 1e-6);
      EXPECT_LE(std::abs(narrow.log_likelihood - wide.log_likelihood), narrow.rounding * narrow.sum_weights);
      const Mixture one = maximise(wide, model, {.reg_covar = 0});
      const Mixture other = maximise(narrow, model, {.reg_covar = 0});
      for (std::size_t k = 0; k < kComponents; ++k) {
        EXPECT_NEAR(narrow.n[k], wide.n[k], 1e-5 * wide.n[k]);
        for (std::size_t i = 0; i < kFeatures; ++i) {
          const double sd = std::sqrt(one.variance(k, i));
          EXPECT_NEAR(other.means()(k, i), one.means()(k, i), 1e-5 * sd);
          for (std::size_t j = 0; j <= i; ++j) {
            const double scale = sd * std::sqrt(one.variance(k, j));
            EXPECT_NEAR(other.covariance(k)(i, j), one.covariance(k)(i, j), 1e-5 * scale);
          }
        }
      }
    }
  }
}

// Two groups a million standard deviations apart have no centre about which floats would tell rows of one from another.
TEST(RoundedRows, AreNotRoundedWhereFloatCannotHoldThem) {
  const Problem near(many_rows(0, RowWeights::none, false, 6));
  Matrix x(near.view().rows(), kFeatures);
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t j = 0; j < kFeatures; ++j) x(i, j) = near.view().value(i, j) + (i % 2 == 0 ? 1e6 : 0);
  }
  Matrix means = near.model().means();
  for (std::size_t k = 0; k < kComponents; k += 2) {
    for (double& value : means.row(k)) value += 1e6;
  }
  const Mixture far(families::full, near.model().weights(), means, near.model().covariances().values());
  const auto engine = make_engine(x, 2);
  EXPECT_TRUE(rounded(*engine, far).is_exact());
  EXPECT_EQ(rounded(*engine, far), engine->accumulate(row_model(far), Moments::full));
}

// Whitened coordinates about one centre would be too long: each component is whitened by itself, as a full one is.
TEST(RoundedRows, AreNotRoundedWhereSharedCovariancesAreFarApart) {
  oracle::Dice dice(8);
  Matrix x(110'000, 10);
  Matrix means(4, 10);
  for (std::size_t k = 0; k < 4; ++k) means(k, 0) = 100 * static_cast<double>(k);
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t j = 0; j < 10; ++j) x(i, j) = means(i % 4, j) + dice.normal();
  }
  std::vector<double> covariance(100);
  for (std::size_t j = 0; j < 10; ++j) covariance[11 * j] = 1;
  const Mixture model(families::tied, {0.25, 0.25, 0.25, 0.25}, means, covariance);
  const auto engine = make_engine(x, 2);
  EXPECT_EQ(rounded(*engine, model), engine->accumulate(row_model(model), Moments::pooled));
}

TEST(RoundedRows, AreNotRoundedWhereThatDoesNotPay) {
  for (const CovarianceFamily& family : {families::diagonal, families::tied}) {
    oracle::Shape shape = many_rows(0, RowWeights::none, false, 7);
    shape.structure = family;
    const Problem problem(shape);
    EXPECT_TRUE(rounded(*make_engine(problem.view(), 2), problem.model()).is_exact()) << family.name;
  }
  oracle::Shape few = many_rows(0, RowWeights::none, false, 7);
  few.n = 1000;
  const Problem problem(few);
  EXPECT_TRUE(rounded(*make_engine(problem.view(), 2), problem.model()).is_exact());
}

struct Counted {
  EmState end;
  std::size_t n_double;
  std::size_t n_float;
};

Counted run(Engine& engine, EmLoop loop, bool may_round) {
  std::size_t n_double = 0;
  std::size_t n_float = 0;
  while (const auto request = loop.next()) {
    const auto& asked = std::get<StatsRequest>(*request);
    const bool rough = may_round && asked.rough && !asked.exact;
    Stats stats = rough ? rounded(engine, *asked.model)
                        : engine.accumulate(row_model(*asked.model), *asked.about, asked.moments, Assignment::soft,
                                            Precision::exact);
    ++(stats.is_exact() ? n_double : n_float);
    loop.feed(std::move(stats));
  }
  return {loop.take_result(), n_double, n_float};
}

// Most passes are in float, and the end is that of double.
TEST(RoundedRows, AFitEndsAsHighAsInDouble) {
  std::size_t n_double = 0;
  std::size_t n_left = 0;
  for (const std::uint64_t seed : {1, 2, 3}) {
    const Problem problem(many_rows(100, RowWeights::none, false, seed));
    const auto engine = make_engine(problem.view(), 2);
    const EmLoop start(problem.model(), {.reg_covar = 0});
    const Counted in_double = run(*engine, start, false);
    const Counted mixed = run(*engine, start, true);
    EXPECT_GE(mixed.end.log_likelihood(), in_double.end.log_likelihood() - 0.01);
    EXPECT_TRUE(mixed.end.stats.is_exact());
    EXPECT_GT(mixed.n_float, 0U);
    n_double += in_double.n_double;
    n_left += mixed.n_double;
  }
  EXPECT_LT(4 * n_left, n_double);
}

// Wherever it ends, the log-likelihood that is reported is that of double; textbook EM never rounds.
TEST(RoundedRows, WhatAFitReportsIsInDouble) {
  const Problem problem(many_rows(0, RowWeights::random, false, 4));
  for (const std::size_t max_iter : {0, 1, 3, 30}) {
    for (const auto acceleration : {AccelerationMethod::none, AccelerationMethod::lbfgs}) {
      FitOptions options;
      options.n_components = kComponents;
      options.init = problem.model();
      options.max_iter = max_iter;
      options.acceleration = acceleration;
      const FitResult result = fit(problem.view(), options);
      const double l = log_likelihood(result.mixture, problem.view());
      EXPECT_NEAR(result.report.log_likelihood, l, 1e-10 * std::abs(l)) << max_iter;
      EXPECT_EQ(result.report.history.back(), result.report.log_likelihood) << max_iter;
      EXPECT_TRUE(result.stats.is_exact()) << max_iter;
    }
  }
}

}  // namespace
}  // namespace mogul
