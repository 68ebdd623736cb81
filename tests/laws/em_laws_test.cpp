// Laws of expectation-maximisation, on random problems: the likelihood never falls, parameters stay valid, one
// component is solved exactly, L = Q + H, what is held is held.
#include <algorithm>
#include <cfloat>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mogul/error.hpp"
#include "mogul/fit.hpp"
#include "mogul/score.hpp"
#include "mogul/stats.hpp"
#include "reference/border.hpp"
#include "reference/generators.hpp"

namespace {

using mogul::FitOptions;
using mogul::FitResult;
using mogul::InitMethod;
using oracle::Problem;

// A log-density's rounding error: at most 8 D eps of its size, which is below 60 in fit_shape(); one eps for each
// addition over the rows.
double likelihood_rounding(const Problem& problem, double sum_weights) {
  const double c = 8 * static_cast<double>(problem.shape().d) + static_cast<double>(problem.shape().n);
  return c * DBL_EPSILON * 60 * sum_weights;
}

FitOptions random_options(const Problem& problem) {
  FitOptions options;
  options.n_components = problem.shape().k;
  options.covariance = problem.shape().structure;
  options.init = *rc::gen::element(InitMethod::kmeans, InitMethod::kmeans_plus_plus, InitMethod::random_from_data,
                                   InitMethod::random, InitMethod::hierarchical);
  options.seed = problem.shape().seed;
  options.max_iter = 60;
  options.reg_covar = 0;
  options.degenerate = mogul::DegeneratePolicy::error;
  return options;
}

// A random start may run into a singular component, which is a documented outcome and not this test's matter.
FitResult fit_or_discard(const Problem& problem, const FitOptions& options) {
  try {
    return fit(problem.view(), options);
  } catch (const mogul::fit_error&) {
    RC_DISCARD("degenerate start");
  }
}

RC_GTEST_PROP(EmLaws, TheLogLikelihoodNeverFalls, ()) {
  const Problem problem(*oracle::fit_shape());
  const FitResult result = fit_or_discard(problem, random_options(problem));
  const std::vector<double>& history = result.report.history;
  for (std::size_t i = 1; i < history.size(); ++i) {
    RC_ASSERT(history[i] >= history[i - 1] - likelihood_rounding(problem, result.report.sum_weights));
  }
}

RC_GTEST_PROP(EmLaws, TheLogLikelihoodNeverFallsWithParametersHeld, ()) {
  const Problem problem(*oracle::fit_shape());
  FitOptions options = random_options(problem);
  options.init = problem.model();
  options.hold = {*rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>()};
  const FitResult result = fit_or_discard(problem, options);
  const std::vector<double>& history = result.report.history;
  for (std::size_t i = 1; i < history.size(); ++i) {
    RC_ASSERT(history[i] >= history[i - 1] - likelihood_rounding(problem, result.report.sum_weights));
  }
  RC_ASSERT(!options.hold.weights || result.mixture.weights() == problem.model().weights());
  RC_ASSERT(!options.hold.means || result.mixture.means() == problem.model().means());
  RC_ASSERT(!options.hold.covariances ||
            result.mixture.covariances().values() == problem.model().covariances().values());
}

RC_GTEST_PROP(EmLaws, WeightsSumToOneAndCovariancesArePositiveDefiniteInEveryIteration, ()) {
  const Problem problem(*oracle::fit_shape());
  FitOptions options = random_options(problem);
  std::size_t seen = 0;
  options.callback = [&](const mogul::Iteration& iteration) {
    ++seen;
    double sum = 0;
    for (const double weight : iteration.model.weights()) {
      RC_ASSERT(weight >= 0);
      sum += weight;
    }
    RC_ASSERT(std::abs(sum - 1) <= 4 * DBL_EPSILON * static_cast<double>(problem.shape().k));
    oracle::Model model = oracle::from(iteration.model);
    for (oracle::Table& covariance : model.covariances) {
      const double d = static_cast<double>(covariance.size());
      for (std::size_t i = 0; i < covariance.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) RC_ASSERT(covariance[i][j] == covariance[j][i]);
        // A matrix that double precision can factorise is within (D + 1) eps sd_i sd_j in each element of one that is
        // positive definite (Higham 2002, theorem 10.3): D times that on the diagonal makes it so.
        covariance[i][i] *= 1 + d * (d + 1) * DBL_EPSILON;
      }
      oracle::cholesky(covariance);  // throws if it is not positive definite
    }
    double size = 0;
    for (const double n : iteration.stats.n) size += n;
    RC_ASSERT(std::abs(size / iteration.stats.sum_weights - 1) <=
              2 * DBL_EPSILON * static_cast<double>(problem.shape().n));
    return true;
  };
  fit_or_discard(problem, options);
  RC_ASSERT(seen >= 1u);
}

RC_GTEST_PROP(EmLaws, OneComponentGivesTheWeightedMeanAndCovarianceAtOnce, ()) {
  oracle::Shape shape = *oracle::fit_shape();
  shape.k = 1;
  const Problem problem(shape);
  FitOptions options = random_options(problem);
  const FitResult result = fit(problem.view(), options);
  const oracle::Data data = oracle::from(problem.view());
  mogul::MStepOptions step;
  step.covariance = shape.structure;
  const oracle::Model expected = oracle::m_step({}, data, oracle::Table(shape.n, oracle::Row{1}), step);
  // One eps for each of the N additions; the start's mean may be a row, some standard deviations away, whose square
  // (below 60) multiplies the error of the second moment.
  RC_ASSERT(oracle::worst_parameter_in_eps(result.mixture, expected) <= 60 * (static_cast<double>(shape.n) + 16));
  RC_ASSERT(result.mixture.weights()[0] == 1);
  RC_ASSERT(result.report.termination.converged());
  RC_ASSERT(result.report.iterations <= 2u);
  RC_ASSERT(std::abs(result.report.entropy) == 0);
}

RC_GTEST_PROP(EmLaws, LogLikelihoodIsQPlusH, ()) {
  const Problem problem(*oracle::fit_shape());
  const double rounding = 3 * likelihood_rounding(problem, evaluate(problem.model(), problem.view()).sum_weights);
  const double l = log_likelihood(problem.model(), problem.view());
  const double q = expected_complete_log_likelihood(problem.model(), problem.view());
  const double h = entropy(problem.model(), problem.view());
  RC_ASSERT(std::abs(l - (q + h)) <= rounding);
  const mogul::Matrix r = responsibilities(problem.model(), problem.view());
  RC_ASSERT(std::abs(q - expected_complete_log_likelihood(problem.model(), problem.view(), r.view())) <= rounding);
  const mogul::Stats stats = accumulate(problem.model(), problem.view());
  RC_ASSERT(std::abs(stats.log_likelihood - l) <= rounding);
  RC_ASSERT(std::abs(stats.expected_complete_log_likelihood() - q) <= rounding);
  RC_ASSERT(std::abs(stats.entropy - h) <= rounding);
}

// Jensen: for any other responsibilities Q + H is a lower bound of L; that is why EM climbs.
RC_GTEST_PROP(EmLaws, QPlusEntropyOfOtherResponsibilitiesBoundsTheLikelihoodFromBelow, ()) {
  const Problem problem(*oracle::fit_shape());
  const oracle::Data data = oracle::from(problem.view());
  const mogul::Matrix r = responsibilities(problem.truth(), problem.view());
  const double bound = expected_complete_log_likelihood(problem.model(), problem.view(), r.view()) +
                       static_cast<double>(oracle::entropy(data, oracle::from(r)));
  const double rounding = 3 * likelihood_rounding(problem, static_cast<double>(oracle::sum(data.w)));
  RC_ASSERT(bound <= log_likelihood(problem.model(), problem.view()) + rounding);
}

RC_GTEST_PROP(EmLaws, EntropyLiesBetweenZeroAndLogK, ()) {
  const Problem problem(*oracle::any_shape());
  const mogul::Evaluation evaluation = evaluate(problem.model(), problem.view());
  const double largest = evaluation.sum_weights * std::log(static_cast<double>(problem.shape().k));
  RC_ASSERT(evaluation.entropy >= 0);
  RC_ASSERT(evaluation.entropy <= largest * (1 + DBL_EPSILON * static_cast<double>(problem.shape().n)));
}

// The more a covariance may express, the higher its maximum; one M-step from the same responsibilities raises Q
// likewise.
RC_GTEST_PROP(EmLaws, RicherStructuresExplainTheSameResponsibilitiesBetter, ()) {
  using mogul::CovarianceFamily;
  const Problem problem(*oracle::fit_shape());
  const mogul::Matrix r = responsibilities(problem.truth(), problem.view());
  const auto q = [&](CovarianceFamily structure) {
    mogul::MStepOptions options;
    options.covariance = structure;
    return expected_complete_log_likelihood(maximise(problem.model(), problem.view(), r.view(), options),
                                            problem.view(), r.view());
  };
  const std::pair<CovarianceFamily, CovarianceFamily> nested[] = {
      {mogul::families::tied_spherical, mogul::families::spherical},
      {mogul::families::tied_spherical, mogul::families::tied_diagonal},
      {mogul::families::spherical, mogul::families::diagonal},
      {mogul::families::tied_diagonal, mogul::families::diagonal},
      {mogul::families::tied_diagonal, mogul::families::tied},
      {mogul::families::diagonal, mogul::families::full},
      {mogul::families::tied, mogul::families::full},
  };
  const double rounding = likelihood_rounding(problem, evaluate(problem.model(), problem.view()).sum_weights);
  for (const auto& [poorer, richer] : nested) RC_ASSERT(q(poorer) <= q(richer) + rounding);
}

}  // namespace
