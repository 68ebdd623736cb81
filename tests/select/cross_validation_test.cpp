// Rows that are held out: folds, and the mean and standard error of what they score.
#include "select/cross_validation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "message_of.hpp"
#include "mogul/error.hpp"
#include "mogul/fit.hpp"
#include "mogul/score.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using oracle::Problem;
using testing::HasSubstr;

TEST(FoldsOf, HaveTheSameNumberOfRowsOfPositiveWeight) {
  Problem problem({.n = 103, .d = 1, .k = 1, .seed = 1});
  std::vector<double> weights(103, 1.0);
  for (std::size_t n = 0; n < 103; n += 4) weights[n] = 0;
  const Matrix x(103, 1);
  const DataView data(x, weights);
  const auto folds = folds_of(data, 7, 3);
  std::vector<std::size_t> sizes(7);
  for (std::size_t n = 0; n < 103; ++n) sizes[folds[n]] += weights[n] > 0 ? 1 : 0;
  EXPECT_EQ(std::ranges::min(sizes), 11U);
  EXPECT_EQ(std::ranges::max(sizes), 11U) << "77 rows";
  EXPECT_EQ(folds, folds_of(data, 7, 3));
  EXPECT_NE(folds, folds_of(data, 7, 4));
}

// With one component the maximum is the mean and the covariance, so the whole procedure can be done by hand.
TEST(CrossValidation, OfOneComponentIsWhatMeansAndVariancesSay) {
  oracle::Dice dice(2);
  Matrix x(60, 1);
  std::vector<double> weights;
  for (std::size_t n = 0; n < 60; ++n) {
    x(n, 0) = dice.normal();
    weights.push_back(1 + static_cast<double>(dice.index(3)));
  }
  const DataView data(x, weights);
  SelectOptions options;
  options.n_components = {1};
  options.covariances = {families::vvv};
  options.criterion = Criterion::cv;
  options.n_folds = 5;
  options.fit.reg_covar = 0;
  const Selection table = select(data, options);
  const auto folds = folds_of(data, 5, 0);
  std::vector<double> scores;
  for (std::size_t fold = 0; fold < 5; ++fold) {
    double n = 0;
    double mean = 0;
    double variance = 0;
    for (std::size_t i = 0; i < 60; ++i) {
      if (folds[i] != fold) n += weights[i], mean += weights[i] * x(i, 0);
    }
    mean /= n;
    for (std::size_t i = 0; i < 60; ++i) {
      if (folds[i] != fold) variance += weights[i] * (x(i, 0) - mean) * (x(i, 0) - mean) / n;
    }
    double score = 0;
    double held = 0;
    for (std::size_t i = 0; i < 60; ++i) {
      if (folds[i] != fold) continue;
      held += weights[i];
      score -= weights[i] * (std::log(2 * M_PI * variance) + (x(i, 0) - mean) * (x(i, 0) - mean) / variance) / 2;
    }
    scores.push_back(score / held);
  }
  const double mean = (scores[0] + scores[1] + scores[2] + scores[3] + scores[4]) / 5;
  double squares = 0;
  for (const double score : scores) squares += (score - mean) * (score - mean);
  ASSERT_TRUE(table.cells[0].held_out);
  EXPECT_NEAR(table.cells[0].held_out->mean, mean, 1e-12);
  EXPECT_NEAR(table.cells[0].held_out->standard_error, std::sqrt(squares / 4 / 5), 1e-12);
  EXPECT_EQ(table.cells[0].held_out->n_folds, 5U);
  EXPECT_EQ(table.best, 0U);
}

TEST(CrossValidation, PrefersTheTruthAndTheSimplestThatIsAsGood) {
  const Problem problem({.n = 600, .d = 2, .k = 3, .structure = families::vvv, .separation = 8, .seed = 3});
  SelectOptions options;
  options.n_components = {1, 2, 3, 4, 5, 6};
  options.covariances = {families::vvv, families::vvi};
  options.criterion = Criterion::cv;
  options.one_standard_error = true;
  const Selection table = select(problem.view(), options);
  const SelectionCell& chosen = table.cells[*table.best];
  const SelectionCell& highest = table.cells[*best_cell(table.cells, Criterion::cv)];
  EXPECT_EQ(chosen.n_components, 3U);
  EXPECT_LE(chosen.fit->report.n_parameters, highest.fit->report.n_parameters);
  EXPECT_GE(chosen.held_out->mean, highest.held_out->mean - highest.held_out->standard_error);
  EXPECT_THAT(summary(table), HasSubstr("held-out log-likelihood per row, higher is better"));
}

TEST(CrossValidation, HasTheSameBytesForAnyNumberOfThreads) {
  const Problem problem({.n = 120, .d = 2, .k = 2, .seed = 4});
  SelectOptions options;
  options.n_components = {1, 2, 3};
  options.criterion = Criterion::cv;
  options.n_folds = 3;
  const auto with_threads = [&](unsigned n_threads) {
    options.fit.n_threads = n_threads;
    return selection_json(select(problem.view(), options));
  };
  EXPECT_EQ(with_threads(1), with_threads(3));
}

TEST(CrossValidation, SaysWhichFoldHasNoFitOrNoVariance) {
  const Problem problem({.n = 12, .d = 2, .k = 1, .seed = 5});
  SelectOptions options;
  options.n_components = {1, 11};
  options.covariances = {families::vvi};
  options.criterion = Criterion::cv;
  options.n_folds = 4;
  const Selection table = select(problem.view(), options);
  EXPECT_TRUE(table.cells[0].held_out);
  EXPECT_FALSE(table.cells[1].held_out);
  EXPECT_FALSE(table.cells[1].reason.empty());

  Matrix x(12, 2);
  oracle::Dice dice(6);
  for (std::size_t n = 0; n < 12; ++n) x(n, 0) = dice.normal();
  x(3, 1) = 1;
  options.n_components = {1};
  options.n_folds = 12;
  EXPECT_THAT(test::message_of<invalid_data>([&] { select(x, options); }),
              HasSubstr("cross-validation, without the rows of fold"));
}

TEST(CrossValidation, CountsTheFoldsThatWereDoneWhereItIsInterrupted) {
  const Problem problem({.n = 200, .d = 2, .k = 2, .seed = 7});
  SelectOptions options;
  options.n_components = {1, 2};
  options.criterion = Criterion::cv;
  options.fit.n_threads = 1;
  std::size_t n_told = 0;
  options.progress = [&](const SelectionCell&, std::size_t n_done, std::size_t n_fits) {
    n_told = n_done;
    std::this_thread::sleep_for(std::chrono::milliseconds(3));  // the caller is asked every 20 ms
    EXPECT_EQ(n_fits, 12U * 11);
    EXPECT_LE(n_done, n_fits);
  };
  options.fit.interrupted = [&] { return n_told >= 12 * 5; };
  const Selection table = select(problem.view(), options);
  EXPECT_TRUE(table.is_interrupted);
  ASSERT_TRUE(table.best);
  EXPECT_GE(table.cells[0].held_out->n_folds, 2U);
  EXPECT_LT(table.cells[0].held_out->n_folds, 10U);
}

}  // namespace
}  // namespace mogul
