// The start "kmeans" is the best of a few short runs of EM, which no other start is.
#include "search/short_runs.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "mogul/fit.hpp"
#include "reference/generators.hpp"
#include "search/restarts.hpp"

namespace mogul {
namespace {

using oracle::Problem;

std::optional<Mixture> best_of_short_runs(const DataView& data, const FitOptions& options, std::size_t& n_seed_rows) {
  const auto engine = make_engine(data, 1);
  Effort effort;
  return mogul::best_of_short_runs(*engine, options, facts_of(*engine, data.column_names(), options), effort,
                                   n_seed_rows);
}

// The start of each restart.
std::vector<Mixture> starts_of(const DataView& data, FitOptions options) {
  std::vector<Mixture> starts;
  options.callback = [&](const Iteration& step) {
    if (step.iteration == 0) starts.push_back(step.model);
    return true;
  };
  fit(data, options);
  return starts;
}

TEST(ShortRuns, AreWhereTheFirstRestartFromKMeansBegins) {
  const Problem problem({.n = 300, .d = 3, .k = 4, .separation = 1.5, .seed = 2});
  FitOptions options;
  options.n_components = 4;
  options.init = InitMethod::kmeans;
  options.max_iter = 1;
  options.n_init = 3;
  std::size_t n_seed_rows = 0;
  const auto best = best_of_short_runs(problem.view(), options, n_seed_rows);
  ASSERT_TRUE(best.has_value());
  EXPECT_EQ(n_seed_rows, 300U);
  const std::vector<Mixture> starts = starts_of(problem.view(), options);
  ASSERT_EQ(starts.size(), 3U);
  EXPECT_EQ(starts[0], *best);
  EXPECT_NE(starts[1], *best);
  options.n_init = 1;
  EXPECT_EQ(starts_of(problem.view(), options).front(), *best) << "restart 0 does not depend on n_init";
}

// It is as good as five steps from any of the clusterings, so better than most.
TEST(ShortRuns, AreAtLeastAsGoodAsOneOfThem) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
    const Problem problem({.n = 200, .d = 2, .k = 5, .separation = 1, .seed = seed});
    FitOptions options;
    options.n_components = 5;
    options.seed = seed;
    options.tol = 0;
    std::size_t n_seed_rows = 0;
    const auto best = best_of_short_runs(problem.view(), options, n_seed_rows);
    ASSERT_TRUE(best.has_value());
    options.init = *best;
    options.max_iter = 0;
    const double of_best = fit(problem.view(), options).report.log_likelihood;
    options.max_iter = 5;
    std::size_t n_worse = 0;
    const auto engine = make_engine(problem.view(), 1);
    for (std::uint64_t other = 10; other < 30; ++other) {
      FitOptions one = options;
      one.init = InitMethod::kmeans;
      one.seed = other;
      FitReport report;
      const RowFacts rows = facts_of(*engine, {}, one);
      Effort effort;
      const BestRun run = best_of_restarts(*engine, one, rows, FirstStart::one_clustering, effort, report);
      if (run.loop.result().log_likelihood() <= of_best + 1e-9) ++n_worse;
    }
    EXPECT_GE(n_worse, 8U) << "seed " << seed;
  }
}

TEST(ShortRuns, AreNotMadeWhereNothingIsToBeFitted) {
  const Problem problem({.n = 50, .d = 2, .k = 2, .seed = 1});
  std::size_t n_seed_rows = 0;
  FitOptions options;
  EXPECT_FALSE(best_of_short_runs(problem.view(), options, n_seed_rows)) << "one component";
  options.n_components = 2;
  options.max_iter = 0;
  EXPECT_FALSE(best_of_short_runs(problem.view(), options, n_seed_rows)) << "no steps";
}

TEST(ShortRuns, ThatAllCollapseLeaveTheStartToOneClustering) {
  const Matrix two_values(40, 1, [] {
    std::vector<double> values(40, 0.0);
    std::fill(values.begin() + 20, values.end(), 1.0);
    return values;
  }());
  FitOptions options;
  options.n_components = 2;
  options.reg_covar = 0;
  options.degenerate = DegeneratePolicy::error;
  std::size_t n_seed_rows = 0;
  EXPECT_FALSE(best_of_short_runs(two_values, options, n_seed_rows));
  EXPECT_THROW(fit(two_values, options), fit_error);
}

}  // namespace
}  // namespace mogul
