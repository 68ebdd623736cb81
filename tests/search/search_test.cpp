// The search as a whole: what it finds, what bounds it, and what it tells.
#include "search/search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "mogul/fit.hpp"
#include "mogul/io.hpp"
#include "mogul/score.hpp"
#include "plain_families.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using oracle::Problem;

FitOptions searching(std::size_t n_components, Search search = Search::standard) {
  FitOptions options;
  options.n_components = n_components;
  options.init = search;
  return options;
}

// A chain of clusters, where one k-means start often puts two means into one cluster.
Problem chain(std::uint64_t seed, std::size_t n = 600) {
  return Problem({.n = n, .d = 2, .k = 6, .separation = 3, .seed = seed});
}

Matrix copy_of(const DataView& data) {
  Matrix rows(data.rows(), data.cols());
  for (std::size_t i = 0; i < data.rows(); ++i) {
    for (std::size_t j = 0; j < data.cols(); ++j) rows(i, j) = data.value(i, j);
  }
  return rows;
}

TEST(SearchForAStart, IsNoWorseThanManyRestarts) {
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    const Problem problem = chain(seed);
    const FitResult found = fit(problem.view(), searching(6, Search::thorough));
    FitOptions restarts = searching(6);
    restarts.n_init = 20;
    EXPECT_GE(found.report.log_likelihood, fit(problem.view(), restarts).report.log_likelihood - 0.1) << seed;
    EXPECT_TRUE(found.report.termination.converged());
  }
}

TEST(SearchForAStart, IsTheDefaultUnlessTheStartIsSaid) {
  const Problem problem = chain(5, 120);
  const auto searched = [&](auto&& say) {
    FitOptions options = searching(3);
    say(options);
    const FitResult result = fit(problem.view(), options);
    EXPECT_EQ(result.report.search.has_value(), settings_of(options).search != Search::none);
    return result.report.search.has_value();
  };
  EXPECT_TRUE(searched([](FitOptions&) {}));
  EXPECT_TRUE(searched([](FitOptions& o) { o.hold.equal_weights = true; }));
  EXPECT_FALSE(searched([](FitOptions& o) { o.init = Search::none; }));
  EXPECT_FALSE(searched([](FitOptions& o) { o.init = InitMethod::kmeans; }));
  EXPECT_FALSE(searched([](FitOptions& o) { o.n_init = 2; }));
  EXPECT_FALSE(searched([](FitOptions& o) { o.hold.weights = true; }));
  EXPECT_FALSE(searched([](FitOptions& o) { o.max_iter = 0; }));
  FitOptions options = searching(3, Search::thorough);
  options.n_init = 2;
  EXPECT_THROW(fit(problem.view(), options), invalid_argument);
  options = searching(3, Search::quick);
  options.hold.means = true;
  EXPECT_THROW(fit(problem.view(), options), invalid_argument);
}

TEST(SearchForAStart, HasTheSameBytesForAnyNumberOfThreads) {
  for (const auto& entry : test::plain_families()) {
    const Problem problem({.n = 400, .d = 3, .k = 4, .structure = entry.family, .separation = 2, .seed = 6});
    FitOptions options = searching(4);
    options.covariance = entry.family;
    options.n_threads = 1;
    const FitResult one = fit(problem.view(), options);
    options.n_threads = 3;
    const FitResult three = fit(problem.view(), options);
    EXPECT_EQ(one.mixture, three.mixture) << entry.name;
    EXPECT_EQ(one.report.restarts, three.report.restarts) << entry.name;
    EXPECT_EQ(one.report.passes, three.report.passes) << entry.name;
  }
}

TEST(SearchForAStart, WorksForEveryFamily) {
  const Problem problem({.n = 300, .d = 2, .k = 3, .separation = 2, .seed = 7});
  for (const CovarianceFamily* family : covariance_families()) {
    FitOptions options = searching(3);
    options.covariance = *family;
    const FitResult found = fit(problem.view(), options);
    options.init = InitMethod::kmeans;
    EXPECT_GE(found.report.log_likelihood, fit(problem.view(), options).report.log_likelihood - 0.1) << family->name;
    EXPECT_EQ(found.mixture.family(), *family);
  }
}

// Every pass that the callback saw is counted, and those of rejected proposals and splits come on top.
TEST(SearchForAStart, CountsItsPasses) {
  const Problem problem = chain(8);
  FitOptions options = searching(6);
  std::set<std::string> phases;
  std::size_t n_seen = 0;
  options.callback = [&](const Iteration& iteration) {
    phases.emplace(iteration.phase);
    ++n_seen;
    return true;
  };
  const FitReport report = fit(problem.view(), options).report;
  EXPECT_EQ(report.passes, report.passes_by_phase.total());
  const double of_runs = report.passes - report.passes_by_phase.splits - 12;  // the partitions of starts
  EXPECT_NEAR(of_runs, static_cast<double>(n_seen + report.rejected), 1e-9);
  EXPECT_TRUE(phases.contains("starts") && phases.contains("convergence") && phases.contains("trials"));
  EXPECT_EQ(report.search->n_starts, 16U);
  EXPECT_LE(report.search->n_agreeing, report.search->n_finalists);
  EXPECT_LE(report.search->n_moves_taken, report.search->n_moves_tried);
  EXPECT_LT(report.best_restart, report.restarts.size());
  EXPECT_EQ(report.restarts[report.best_restart].log_likelihood, report.log_likelihood);
  EXPECT_EQ(report.restarts[report.best_restart].iterations, report.iterations);
  const auto dropped = std::ranges::count(report.restarts, TerminationReason::dropped, &Restart::reason);
  EXPECT_GE(dropped, 14);
}

TEST(SearchForAStart, EndsWherePassesAreSpentOrTheCallerSays) {
  const Problem problem = chain(9);
  double last = -std::numeric_limits<double>::infinity();
  for (const std::size_t bound : {1, 20, 60, 120, 200, 300}) {
    FitOptions options = searching(6);
    options.max_passes = bound;
    const FitResult found = fit(problem.view(), options);
    EXPECT_LE(found.report.passes, static_cast<double>(bound) + 16) << "loops side by side, and one step to report";
    EXPECT_EQ(found.report.termination.reason, TerminationReason::max_passes) << bound;
    EXPECT_NEAR(log_likelihood(found.mixture, problem.view()), found.report.log_likelihood, 1e-6);
    if (bound >= 60) {
      EXPECT_GE(found.report.log_likelihood, last - 30) << "more passes are not worse by much";
    }
    last = found.report.log_likelihood;
  }
  std::size_t n_calls = 0;
  FitOptions options = searching(6);
  options.callback = [&](const Iteration&) { return ++n_calls < 150; };
  const FitResult cancelled = fit(problem.view(), options);
  EXPECT_EQ(cancelled.report.termination.reason, TerminationReason::cancelled);
  EXPECT_NEAR(log_likelihood(cancelled.mixture, problem.view()), cancelled.report.log_likelihood, 1e-6);
}

// Whenever it comes, also between the runs: the best model so far.
TEST(SearchForAStart, KeepsTheBestModelWhereverItIsInterrupted) {
  const Problem problem = chain(14, 16000);  // long enough to be asked in every phase
  FitOptions options = searching(12, Search::thorough);
  options.n_threads = 1;
  for (const std::size_t at : {1, 40, 120, 200, 300, 400}) {
    std::size_t n_models = 0;
    options.callback = [&](const Iteration&) {
      ++n_models;
      return true;
    };
    options.interrupted = [&] { return n_models >= at; };
    const FitResult found = fit(problem.view(), options);
    EXPECT_NEAR(log_likelihood(found.mixture, problem.view()), found.report.log_likelihood, 1e-4) << at;
    EXPECT_EQ(found.report.termination.reason, TerminationReason::cancelled) << at;
  }
  options.callback = {};
  options.interrupted = [] { return true; };
  EXPECT_THROW(fit(problem.view(), options), interrupted_error) << "before the first model";
  std::size_t n_calls = 0;
  std::size_t n_after = 0;
  options.interrupted = {};
  options.callback = [&](const Iteration&) {
    n_after += ++n_calls > 300 ? 1 : 0;
    return n_calls < 300;
  };
  fit(problem.view(), options);
  EXPECT_LE(n_after, 16U) << "the runs that were side by side";
}

// Above 16,384 rows the search sees a sample, and all rows are fitted from its best model.
TEST(SearchForAStart, LooksAtASampleOfManyRows) {
  const Problem problem = chain(10, 40000);
  const FitResult found = fit(problem.view(), searching(6));
  EXPECT_GE(found.report.n_seed_rows, 16384U);
  EXPECT_EQ(found.report.restarts.size(), 1U) << "those of the sample are not listed";
  EXPECT_GT(found.report.passes_by_phase.last, 1);
  const double of_truth = log_likelihood(problem.truth(), problem.view());
  EXPECT_GT(found.report.log_likelihood, of_truth);
  std::set<std::size_t> runs;
  FitOptions watched = searching(6);
  watched.callback = [&](const Iteration& iteration) {
    EXPECT_EQ(iteration.phase == "last", iteration.restart == 0) << "the one over all rows";
    runs.insert(iteration.restart);
    return true;
  };
  EXPECT_EQ(fit(problem.view(), watched).mixture, found.mixture);
  EXPECT_GT(runs.size(), 16U) << "progress is seen while the sample is searched";
  std::size_t n_calls = 0;
  watched.callback = [&](const Iteration&) { return ++n_calls < 20; };
  fit(problem.view(), watched);
  EXPECT_LE(n_calls, 21U) << "once more, for the model over all rows";
  FitOptions bounded = searching(6);
  bounded.max_passes = 20;
  const FitResult early = fit(problem.view(), bounded);
  EXPECT_EQ(early.report.termination.reason, TerminationReason::max_passes);
  EXPECT_NEAR(log_likelihood(early.mixture, problem.view()), early.report.log_likelihood,
              1e-9 * std::abs(early.report.log_likelihood));
}

// Ten rows on a line among others: a component that is singular on them has no highest likelihood.
TEST(SearchForAStart, PassesOverFlaggedMaxima) {
  oracle::Dice dice(11);
  Matrix x(110, 2);
  for (std::size_t i = 0; i < 100; ++i) {
    x(i, 0) = dice.normal() + (i < 50 ? 0 : 6);
    x(i, 1) = dice.normal();
  }
  for (std::size_t i = 100; i < 110; ++i) {
    x(i, 0) = 3 + 0.001 * static_cast<double>(i);
    x(i, 1) = 1e-9 * dice.normal();
  }
  FitOptions options = searching(2);
  options.reg_covar = 0;
  const FitResult found = fit(x, options);
  ASSERT_TRUE(found.report.search.has_value());
  EXPECT_FALSE(found.report.search->is_flagged);
  for (std::size_t k = 0; k < 2; ++k) EXPECT_GT(found.mixture.variance(k, 1), 1e-3);
}

TEST(SearchForAStart, OfRowsThatLetEveryStartCollapseFallsBack) {
  Matrix x(40, 2);
  for (std::size_t i = 0; i < 40; ++i) x(i, 0) = x(i, 1) = i < 20 ? 0 : 1;
  FitOptions options = searching(3);
  EXPECT_NO_THROW(fit(x, options)) << "reg_covar, and revived components";
  options.reg_covar = 0;
  options.degenerate = DegeneratePolicy::error;
  EXPECT_THROW(fit(x, options), fit_error);
}

TEST(SearchForAStart, OfOneComponentIsOneFit) {
  const Problem problem({.n = 50, .d = 3, .k = 1, .seed = 12});
  const FitReport report = fit(problem.view(), searching(1)).report;
  EXPECT_EQ(report.search->n_starts, 1U);
  EXPECT_LE(report.passes, 6);
}

TEST(SearchForAStart, OfWeightedRowsIsThatOfRepeatedOnes) {
  const Problem problem = chain(13, 200);
  Matrix twice(400, 2);
  for (std::size_t i = 0; i < 400; ++i) {
    for (std::size_t d = 0; d < 2; ++d) twice(i, d) = problem.view().value(i / 2, d);
  }
  const std::vector<double> weights(200, 2);
  const Matrix x = copy_of(problem.view());
  const double weighted = fit(DataView(x, weights), searching(6)).report.log_likelihood;
  const double repeated = fit(twice, searching(6)).report.log_likelihood;
  EXPECT_NEAR(weighted, repeated, 0.2) << "the same maximum, though random numbers differ";
}

// The unit of weights below 1 is anybody's, as of probabilities that sum to 1.
TEST(SearchForAStart, DoesNotDependOnTheUnitOfSmallWeights) {
  const Problem problem = chain(14, 500);
  FitOptions options = searching(6);
  for (const Search search : {Search::standard, Search::none}) {
    options.init = search;
    const FitReport whole = fit(problem.view(), options).report;
    for (const double weight : {1e-3, 1.0 / 500, 1e-12}) {
      const std::vector<double> weights(500, weight);
      const Matrix x = copy_of(problem.view());
      const FitReport report = fit(DataView(x, weights), options).report;
      EXPECT_NEAR(report.log_likelihood / weight, whole.log_likelihood, 0.01) << weight;
      EXPECT_EQ(report.warnings, whole.warnings) << weight;
      FitOptions by_tol = options;
      by_tol.tol = 1e-9;
      const double l = fit(DataView(x, weights), by_tol).report.log_likelihood / weight;
      EXPECT_NEAR(l, whole.log_likelihood, 0.01) << "by tol, " << weight;
    }
  }
}

TEST(SearchForAStart, InASampleDoesNotDependOnTheUnitOfSmallWeights) {
  const Problem problem = chain(16, 40000);
  const FitReport whole = fit(problem.view(), searching(6)).report;
  const std::vector<double> weights(40000, 0x1p-20);
  const Matrix x = copy_of(problem.view());
  const FitReport report = fit(DataView(x, weights), searching(6)).report;
  EXPECT_EQ(report.passes, whole.passes);
  EXPECT_EQ(report.log_likelihood, whole.log_likelihood * 0x1p-20);
}

// Runs of a search that have come to rest by the caller's own rule go no further.
TEST(SearchForAStart, EndsByTheRuleOfTheCaller) {
  const Dataset rows = read_dataset(MOGUL_DATA "/faithful.csv");
  for (const std::size_t k : {2, 3, 4, 5}) {
    FitOptions options = searching(k);
    options.tol = 1e-3;
    options.max_iter = 100;
    options.acceleration = AccelerationMethod::none;
    const FitReport report = fit(rows, options).report;
    EXPECT_TRUE(report.termination.converged()) << report.termination.message;
    EXPECT_NE(report.termination.message.find("tol"), std::string::npos) << report.termination.message;
  }
}

// What reg_covar adds to a column that is constant is all of its variance, in every component.
TEST(SearchForAStart, OfAConstantColumnFlagsNothing) {
  const Problem problem = chain(17, 300);
  Matrix x(300, 3);
  for (std::size_t i = 0; i < 300; ++i) {
    for (std::size_t j = 0; j < 2; ++j) x(i, j) = problem.view().value(i, j);
    x(i, 2) = 7;
  }
  FitOptions options = searching(6);
  options.reg_covar = 1e-6;
  const FitReport report = fit(x, options).report;
  EXPECT_FALSE(report.search->is_flagged);
  EXPECT_EQ(report.search->n_flagged, 0U);
}

// Rows beyond all others leave no start but the ones that give each of them a component of its own.
TEST(SearchForAStart, IsNoWorseThanKMeansWhereRowsLieFarOutside) {
  oracle::Dice dice(15);
  Matrix x(300, 2);
  for (std::size_t i = 0; i < 300; ++i) {
    for (std::size_t j = 0; j < 2; ++j) x(i, j) = dice.normal() + (i % 3 == 0 ? 6 : 0);
  }
  for (std::size_t j = 0; j < 2; ++j) x(298, j) = -(x(299, j) = 1e12);
  for (const std::size_t k : {2, 3, 4}) {
    FitOptions options = searching(k);
    const FitReport found = fit(x, options).report;
    options.init = Search::none;
    EXPECT_GE(found.log_likelihood, fit(x, options).report.log_likelihood - 0.1) << k;
  }
}

}  // namespace
}  // namespace mogul
