// fit() against the slow oracle's EM: from the same start, the same number of iterations gives the same mixture.
#include "mogul/fit.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "reference/border.hpp"
#include "reference/generators.hpp"

namespace {

using mogul::FitOptions;
using mogul::FitResult;
using mogul::Mixture;
using mogul::MStepOptions;
using oracle::Model;
using oracle::Problem;
using oracle::Real;

// One iteration: each of the N additions brings one eps, and the responsibilities bring 16 D eps of a log-density's
// size, which is below 60 in fit_shape(). What then happens to these errors is measured, see amplification().
double one_step_limit(const Problem& problem) {
  return static_cast<double>(problem.shape().n) + 1000 * static_cast<double>(problem.shape().d);
}

// By how much `iterations` of exact EM enlarge a small change of the start.
double amplification(const Model& start, const oracle::Data& data, const MStepOptions& options, std::size_t iterations,
                     const Model& end) {
  constexpr Real kMove = 1e-10L;
  Model moved = start;
  for (std::size_t k = 0; k < start.means.size(); ++k) {
    for (std::size_t d = 0; d < start.means[k].size(); ++d) {
      const Real sign = (k + d) % 2 == 0 ? 1 : -1;
      moved.means[k][d] += sign * kMove * std::sqrt(start.covariances[k][d][d]);
      for (std::size_t j = 0; j < start.means[k].size(); ++j) moved.covariances[k][d][j] *= 1 + sign * (j == d) * kMove;
    }
  }
  const Model other = oracle::em(moved, data, options, iterations).model;
  double largest = 0;
  for (std::size_t k = 0; k < end.means.size(); ++k) {
    const auto measure = [&](Real change, Real scale) {
      largest = std::max(largest, static_cast<double>(std::abs(change) / (scale * kMove)));
    };
    measure(other.weights[k] - end.weights[k], 1);
    for (std::size_t d = 0; d < end.means[k].size(); ++d) {
      const Real variance = end.covariances[k][d][d];
      measure(other.means[k][d] - end.means[k][d], std::sqrt(variance));
      measure(other.covariances[k][d][d] - variance, variance);
    }
  }
  return largest;
}

// A mean far from the origin is rounded to eps |mean| after each iteration.
double mean_rounding(const Problem& problem) { return 1 + problem.shape().offset / problem.shape().scale; }

struct Run {
  FitOptions options;
  MStepOptions step;
};

Run random_run(const Problem& problem, mogul::Init init) {
  Run run;
  run.options.n_components = problem.shape().k;
  run.options.covariance = problem.shape().structure;
  run.step.covariance = problem.shape().structure;
  run.options.init = std::move(init);
  run.options.tol = 0;
  run.options.acceleration = mogul::AccelerationMethod::none;
  run.options.max_iter = *rc::gen::inRange<std::size_t>(0, 7);
  run.options.degenerate = mogul::DegeneratePolicy::error;
  run.options.reg_covar = run.step.reg_covar =
      *rc::gen::element(0.0, 0.1) * problem.shape().scale * problem.shape().scale;
  return run;
}

// With a reg_covar the likelihood may fall; what is returned is then the best on the way.
void check_trajectory(const Problem& problem, const Run& run, const Model& start) {
  const oracle::Data data = oracle::from(problem.view());
  const FitResult result = fit(problem.view(), run.options);
  const std::size_t iterations = result.report.iterations;
  const oracle::Trace trace = oracle::em(start, data, run.step, iterations);
  const double growth = 1 + amplification(start, data, run.step, iterations, trace.model);
  const double limit = static_cast<double>(iterations + 1) * one_step_limit(problem) * growth * mean_rounding(problem);
  RC_ASSERT(oracle::worst_parameter_in_eps(result.mixture, trace.model) <= limit);

  const mogul::FitReport& report = result.report;
  RC_ASSERT(report.iterations == run.options.max_iter || run.step.reg_covar.value > 0);
  RC_ASSERT(report.termination.reason == mogul::TerminationReason::max_iter);
  RC_ASSERT(report.history.size() == iterations + 1);
  // A relative error of a parameter moves a log-density by about its squared Mahalanobis distance, 60 at most here.
  const Real scale = 60 * oracle::sum(data.w);
  for (std::size_t i = 0; i <= iterations; ++i) {
    RC_ASSERT(oracle::in_eps(report.history[i], trace.log_likelihoods[i], scale) <= limit);
  }
  const auto all = oracle::em(start, data, run.step, run.options.max_iter).log_likelihoods;
  RC_ASSERT(oracle::in_eps(report.log_likelihood, *std::ranges::max_element(all), scale) <= limit);
}

RC_GTEST_PROP(FitAgainstOracle, FromAModelTheSameIterationsGiveTheSameMixture, ()) {
  const Problem problem(*oracle::fit_shape());
  check_trajectory(problem, random_run(problem, problem.model()), oracle::from(problem.model()));
}

RC_GTEST_PROP(FitAgainstOracle, FromResponsibilitiesTheSameIterationsGiveTheSameMixture, ()) {
  const Problem problem(*oracle::fit_shape());
  const oracle::Data data = oracle::from(problem.view());
  const mogul::Matrix r = oracle::to_matrix(oracle::responsibilities(oracle::from(problem.truth()), data));
  const Run run = random_run(problem, mogul::Responsibilities{r});
  check_trajectory(problem, run, oracle::m_step({}, data, oracle::from(r), run.step));
}

RC_GTEST_PROP(FitAgainstOracle, FromLabelsTheSameIterationsGiveTheSameMixture, ()) {
  const Problem problem(*oracle::fit_shape());
  const oracle::Data data = oracle::from(problem.view());
  std::vector<std::int32_t> z = oracle::labels(oracle::from(problem.truth()), data);
  // Every component gets a few rows of positive weight, whatever the draw.
  for (std::size_t n = 0; n < 12 * (problem.shape().d + 1) * problem.shape().k / 2; ++n) {
    z[n] = static_cast<std::int32_t>(n / 3 % problem.shape().k);  // of three rows, one at most has weight zero
  }
  const Run run = random_run(problem, mogul::Labels{z});
  check_trajectory(problem, run, oracle::m_step({}, data, oracle::one_hot(z, problem.shape().k), run.step));
}

RC_GTEST_PROP(FitAgainstOracle, EachIterationIsOneStepOfTheOracle, ()) {
  const Problem problem(*oracle::fit_shape());
  const oracle::Data data = oracle::from(problem.view());
  Run run = random_run(problem, problem.model());
  run.options.hold =
      run.step.hold = {*rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>()};
  std::vector<Mixture> path;
  run.options.callback = [&](const mogul::Iteration& iteration) {
    path.push_back(iteration.model);
    return true;
  };
  fit(problem.view(), run.options);
  RC_ASSERT(path.size() == run.options.max_iter + 1);
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const Model current = oracle::from(path[i]);
    const Model next = oracle::m_step(current, data, oracle::responsibilities(current, data), run.step);
    RC_ASSERT(oracle::worst_parameter_in_eps(path[i + 1], next) <= one_step_limit(problem));
  }
}

RC_GTEST_PROP(FitAgainstOracle, TheReportIsAboutTheReturnedMixture, ()) {
  const Problem problem(*oracle::fit_shape());
  const oracle::Data data = oracle::from(problem.view());
  const FitResult result = fit(problem.view(), random_run(problem, problem.model()).options);
  const mogul::FitReport& report = result.report;
  const Model model = oracle::from(result.mixture);
  const Real n = oracle::sum(data.w);
  const Real likelihood = oracle::log_likelihood(model, data);
  const oracle::Criteria criteria = oracle::criteria(model, data);
  const oracle::Table r = oracle::responsibilities(model, data);
  const double limit = one_step_limit(problem);
  const Real scale = 60 * n;  // of L and all that follows from it: a log-density is below 60 in fit_shape()
  RC_ASSERT(report.n_rows == problem.shape().n);
  RC_ASSERT(report.n_parameters == oracle::n_parameters(model));
  RC_ASSERT(oracle::in_eps(report.sum_weights, n, n) <= limit);
  RC_ASSERT(oracle::in_eps(report.log_likelihood, likelihood, scale) <= limit);
  RC_ASSERT(oracle::in_eps(report.mean_log_likelihood, likelihood / n, scale / n) <= limit);
  RC_ASSERT(oracle::in_eps(report.entropy, oracle::entropy(data, r), scale) <= limit);
  RC_ASSERT(oracle::in_eps(report.aic, criteria.aic, scale) <= 2 * limit);
  RC_ASSERT(oracle::in_eps(report.bic, criteria.bic, scale) <= 2 * limit);
  RC_ASSERT(oracle::in_eps(report.icl, criteria.icl, scale) <= 2 * limit);
  RC_ASSERT(report.log_likelihood == report.history.back());
  const auto size_scale = [&](std::size_t, std::size_t) { return n; };
  RC_ASSERT(oracle::worst_in_eps(report.component_sizes, oracle::sums(data, r, model.means).n, size_scale) <= limit);
}

}  // namespace
