// Restarts and warm starts: restart 0 does not depend on their number, the best is kept, a continued run is one run.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mogul/fit.hpp"
#include "mogul/score.hpp"
#include "mogul/stats.hpp"
#include "reference/generators.hpp"

namespace {

using mogul::FitOptions;
using mogul::FitResult;
using mogul::InitMethod;
using oracle::Problem;

FitOptions options_for(const Problem& problem) {
  FitOptions options;
  options.n_components = problem.shape().k;
  options.covariance = problem.shape().structure;
  options.seed = problem.shape().seed;
  options.init = InitMethod::kmeans;
  options.max_iter = 20;
  options.tol = 1e-6;
  options.acceleration = mogul::AccelerationMethod::none;
  options.reg_covar = 1e-4 * problem.shape().scale * problem.shape().scale;
  return options;
}

RC_GTEST_PROP(Restarts, TheFirstDoesNotDependOnTheirNumberAndTheBestIsKept, ()) {
  const Problem problem(*oracle::fit_shape());
  FitOptions options = options_for(problem);
  options.init = *rc::gen::element(InitMethod::kmeans, InitMethod::kmeans_plus_plus, InitMethod::random_from_data,
                                   InitMethod::random);
  const FitResult one = fit(problem.view(), options);
  options.n_init = 4;
  const FitResult four = fit(problem.view(), options);
  const mogul::FitReport& report = four.report;
  RC_ASSERT(one.report.restarts.size() == 1u);
  RC_ASSERT(report.restarts.size() == 4u);
  RC_ASSERT(report.restarts[0] == one.report.restarts[0]);
  double best = report.restarts[0].log_likelihood;
  for (const mogul::Restart& restart : report.restarts) {
    if (!restart.failed) best = std::max(best, restart.log_likelihood);
  }
  // Of restarts that differ by rounding the first is kept.
  const double kept = report.log_likelihood;
  RC_ASSERT(best - kept <= 1e-12 * std::abs(best));
  RC_ASSERT(report.restarts[report.best_restart].log_likelihood == kept);
  RC_ASSERT(report.restarts[report.best_restart].iterations == report.iterations);
  RC_ASSERT(log_likelihood(four.mixture, problem.view()) == kept);
  if (report.best_restart == 0) RC_ASSERT(four.mixture == one.mixture);
}

// Of many rows k-means looks at a random part only, which must not depend on the number of restarts either.
TEST(Restarts, TheFirstDoesNotDependOnTheirNumberWithManyRows) {
  const Problem problem({.n = 150000, .d = 2, .k = 5, .seed = 9});
  FitOptions options = options_for(problem);
  options.max_iter = 2;
  const FitResult one = fit(problem.view(), options);
  ASSERT_LT(one.report.n_seed_rows, 150000u);
  options.n_init = 2;
  EXPECT_TRUE(fit(problem.view(), options).report.restarts[0] == one.report.restarts[0]);
}

RC_GTEST_PROP(Restarts, AContinuedRunIsOneRunToTheLastBit, ()) {
  const Problem problem(*oracle::fit_shape());
  FitOptions options = options_for(problem);
  options.tol = 0;
  options.max_iter = 9;
  const FitResult whole = fit(problem.view(), options);
  options.max_iter = 4;
  const FitResult first = fit(problem.view(), options);
  options.init = first.mixture;
  options.max_iter = 5;
  const FitResult second = fit(problem.view(), options);
  RC_PRE(whole.report.n_revived == 0u);
  RC_ASSERT(second.mixture == whole.mixture);
  RC_ASSERT(second.report.log_likelihood == whole.report.log_likelihood);
  RC_ASSERT(first.report.history.back() == second.report.history.front());
  std::vector<double> history = first.report.history;
  history.insert(history.end(), second.report.history.begin() + 1, second.report.history.end());
  RC_ASSERT(history == whole.report.history);
}

RC_GTEST_PROP(Restarts, AWarmStartFromAConvergedModelStopsAtOnce, ()) {
  const Problem problem(*oracle::fit_shape());
  FitOptions options = options_for(problem);
  options.max_iter = 5000;
  const FitResult result = fit(problem.view(), options);
  RC_PRE(result.report.termination.converged() && result.report.n_revived == 0u);
  options.init = result.mixture;
  const FitResult again = fit(problem.view(), options);
  RC_ASSERT(again.report.termination.converged());
  RC_ASSERT(again.report.iterations <= 1u);
  RC_ASSERT(again.report.history.front() == result.report.log_likelihood);
  RC_ASSERT(std::abs(again.report.mean_log_likelihood - result.report.mean_log_likelihood) < *options.tol);
}

RC_GTEST_PROP(Restarts, NoIterationsOnlyEvaluateTheStart, ()) {
  const Problem problem(*oracle::fit_shape());
  FitOptions options = options_for(problem);
  options.init = problem.model();
  options.max_iter = 0;
  const FitResult result = fit(problem.view(), options);
  RC_ASSERT(result.mixture == problem.model());
  RC_ASSERT(result.report.iterations == 0u);
  RC_ASSERT(result.report.log_likelihood == log_likelihood(problem.model(), problem.view()));
  RC_ASSERT(result.report.termination.reason == mogul::TerminationReason::max_iter);
}

RC_GTEST_PROP(Restarts, FittingDoesNotDependOnWhetherSomeoneWatches, ()) {
  const Problem problem(*oracle::fit_shape());
  FitOptions options = options_for(problem);
  const FitResult alone = fit(problem.view(), options);
  std::vector<double> seen;
  options.callback = [&](const mogul::Iteration& iteration) {
    RC_ASSERT(iteration.restart == 0u);
    RC_ASSERT(iteration.iteration == seen.size());
    RC_ASSERT(iteration.stats.log_likelihood == log_likelihood(iteration.model, problem.view()));
    seen.push_back(iteration.stats.log_likelihood);
    return true;
  };
  const FitResult watched = fit(problem.view(), options);
  RC_ASSERT(watched.mixture == alone.mixture);
  RC_ASSERT(watched.report.history == alone.report.history);
  RC_ASSERT(seen == alone.report.history);
}

}  // namespace
