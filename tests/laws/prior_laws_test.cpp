// What holds with priors, the bound on the eigenvalues, equal weights and held means, for all families on random
// problems; and that priors keep fits of hostile data from becoming singular.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "covariance/eigenvalue_bound.hpp"
#include "mogul/em_loop.hpp"
#include "mogul/error.hpp"
#include "mogul/fit.hpp"
#include "mogul/stats.hpp"
#include "reference/generators.hpp"

namespace {

using mogul::CovarianceFamily;
using mogul::FitOptions;
using mogul::FitResult;
using mogul::Matrix;
using mogul::Mixture;
using oracle::Problem;

CovarianceFamily any_family() {
  const auto all = mogul::covariance_families();
  return *all[*rc::gen::inRange<std::size_t>(0, all.size())];
}

FitOptions options_of(const Problem& problem, const CovarianceFamily& family) {
  FitOptions options;
  options.n_components = problem.shape().k;
  options.covariance = family;
  options.init = *rc::gen::element(mogul::InitMethod::kmeans, mogul::InitMethod::random_from_data);
  options.seed = problem.shape().seed;
  options.max_iter = 25;
  options.tol = 0;
  options.reg_covar = 0;
  return options;
}

mogul::Prior any_prior() {
  mogul::Prior prior;
  if (*rc::gen::arbitrary<bool>()) prior.mean_shrinkage = *rc::gen::element(0.0, 0.01, 2.0, 50.0);
  if (*rc::gen::arbitrary<bool>()) prior.dof = *rc::gen::element(8.0, 40.0);
  return prior;
}

bool never_falls(const std::vector<double>& history, double sum_weights) {
  for (std::size_t i = 1; i < history.size(); ++i) {
    if (history[i] < history[i - 1] - 1e-10 * (std::abs(history[i]) + sum_weights)) return false;
  }
  return true;
}

RC_GTEST_PROP(Priors, ThePenalisedLogLikelihoodNeverFalls, ()) {
  const Problem problem(*oracle::fit_shape());
  FitOptions options = options_of(problem, any_family());
  const bool has_prior = *rc::gen::arbitrary<bool>();
  if (has_prior) options.prior = any_prior();
  if (!has_prior || *rc::gen::arbitrary<bool>()) options.weight_concentration = *rc::gen::element(1.0, 1.5, 10.0);
  if (!options.weight_concentration) options.hold.equal_weights = *rc::gen::arbitrary<bool>();
  if (*rc::gen::arbitrary<bool>()) options.hold.means_of = {problem.shape().k - 1};
  if (!has_prior) options.degenerate = mogul::DegeneratePolicy::error;
  try {
    const FitResult result = fit(problem.view(), options);
    RC_PRE(result.report.n_revived == 0);
    RC_ASSERT(result.report.penalised_history.size() == result.report.history.size());
    RC_ASSERT(result.report.penalised_history.back() == *result.report.penalised_log_likelihood);
    RC_ASSERT(never_falls(result.report.penalised_history, result.report.sum_weights));
  } catch (const mogul::fit_error&) {
    RC_DISCARD("singular without a prior");
  }
}

RC_GTEST_PROP(EigenvalueBound, HoldsInEveryModelAndTheLikelihoodNeverFalls, ()) {
  const Problem problem(*oracle::fit_shape());
  const CovarianceFamily family = *rc::gen::element(mogul::families::vii, mogul::families::vvi, mogul::families::vvv,
                                                    mogul::families::eei, mogul::families::eee);
  FitOptions options = options_of(problem, family);
  const double ratio = *rc::gen::element(1.0, 1.5, 5.0, 100.0);
  options.max_eigenvalue_ratio = ratio;
  if (*rc::gen::arbitrary<bool>()) options.prior = any_prior();
  if (*rc::gen::arbitrary<bool>()) options.reg_covar = 1e-3;
  if (*rc::gen::arbitrary<bool>()) options.init = problem.model();  // which need not keep the bound
  options.callback = [&](const mogul::Iteration& iteration) {
    const bool is_given = iteration.iteration == 0 && std::holds_alternative<Mixture>(options.init);
    RC_ASSERT(is_given || mogul::eigenvalue_ratio(iteration.model.covariances()) <= ratio * (1 + 1e-9));
    return true;
  };
  const FitResult result = fit(problem.view(), options);
  RC_ASSERT(mogul::eigenvalue_ratio(result.mixture.covariances()) <= ratio * (1 + 1e-9));
  RC_PRE(result.report.n_revived == 0 && options.reg_covar.value == 0);
  std::vector<double> history = options.prior ? result.report.penalised_history : result.report.history;
  if (std::holds_alternative<Mixture>(options.init)) history.erase(history.begin());
  RC_ASSERT(never_falls(history, result.report.sum_weights));
}

RC_GTEST_PROP(EqualWeights, AreOneOverKInEveryModelAndAreNotCounted, ()) {
  const Problem problem(*oracle::fit_shape());
  const std::size_t k = problem.shape().k;
  FitOptions options = options_of(problem, any_family());
  options.prior = mogul::Prior();
  options.hold.equal_weights = true;
  const FitResult result = fit(problem.view(), options);
  for (const double weight : result.mixture.weights()) RC_ASSERT(weight == 1 / static_cast<double>(k));
  RC_ASSERT(result.report.n_parameters == result.mixture.n_parameters() - (k - 1));
}

RC_GTEST_PROP(HeldMeans, StayWhileTheOthersMove, ()) {
  const Problem problem(*oracle::fit_shape());
  const std::size_t k = problem.shape().k;
  FitOptions options = options_of(problem, problem.shape().structure);
  options.init = problem.model();
  options.prior = mogul::Prior();
  options.hold.means_of = {*rc::gen::inRange<std::size_t>(0, k)};
  const FitResult result = fit(problem.view(), options);
  const std::size_t held = options.hold.means_of.front();
  for (std::size_t c = 0; c < k; ++c) {
    const bool same = std::ranges::equal(result.mixture.means().row(c), problem.model().means().row(c));
    RC_ASSERT(same == (c == held));
  }
  RC_ASSERT(result.report.n_parameters == result.mixture.n_parameters() - problem.shape().d);
}

// A prior that says next to nothing, and the bound that binds nothing, leave maximum likelihood.
RC_GTEST_PROP(Priors, AWeakOneIsNextToMaximumLikelihood, ()) {
  const Problem problem(*oracle::fit_shape());
  FitOptions options = options_of(problem, problem.shape().structure);
  options.init = problem.model();
  options.max_iter = 3;
  const FitResult plain = fit(problem.view(), options);
  const double scale = problem.shape().scale * problem.shape().scale;
  options.prior = mogul::Prior{.mean_shrinkage = 1e-9, .scale = std::vector<double>{1e-9 * scale}};
  const FitResult with = fit(problem.view(), options);
  // a_k gains nu + D + 2 rows.
  const double share = 3.0 * (2 * static_cast<double>(problem.shape().d) + 6);
  for (std::size_t k = 0; k < problem.shape().k; ++k) {
    const double n = plain.report.component_sizes[k];
    RC_PRE(n > share);
    for (std::size_t d = 0; d < problem.shape().d; ++d) {
      const double move = with.mixture.means()(k, d) - plain.mixture.means()(k, d);
      RC_ASSERT(std::abs(move) <= 3 * std::sqrt(plain.mixture.variance(k, d)) * share / n);
    }
  }
}

// The data's unit: with the default prior the model moves along.
RC_GTEST_PROP(Priors, TheDefaultMovesAlongWithTheDatasUnit, ()) {
  const Problem problem(*oracle::fit_shape());
  const CovarianceFamily family = any_family();
  FitOptions options = options_of(problem, family);
  options.max_iter = 4;
  options.prior = mogul::Prior();
  const mogul::DataView view = problem.view();
  Matrix x(view.rows(), view.cols());
  Matrix scaled = x;
  for (std::size_t n = 0; n < x.rows(); ++n) {
    for (std::size_t d = 0; d < x.cols(); ++d) scaled(n, d) = 64 * (x(n, d) = view.value(n, d));
  }
  const FitResult one = fit(x, options);
  const FitResult other = fit(scaled, options);
  for (std::size_t k = 0; k < problem.shape().k; ++k) {
    for (std::size_t d = 0; d < problem.shape().d; ++d) {
      const double deviation = std::sqrt(one.mixture.variance(k, d));
      const double far = 1 + problem.shape().offset / problem.shape().scale;
      RC_ASSERT(std::abs(other.mixture.means()(k, d) / 64 - one.mixture.means()(k, d)) <= 1e-6 * far * deviation);
      RC_ASSERT(std::abs(std::sqrt(other.mixture.variance(k, d)) / 64 - deviation) <= 1e-6 * far * deviation);
    }
  }
}

// Rows that make maximum likelihood singular: repeated ones, far ones, in tiny and huge units.
Matrix hostile_rows(oracle::Dice& dice, std::size_t n, std::size_t d) {
  Matrix x(n, d);
  const double unit = std::pow(10.0, 60 * dice.uniform() - 30);
  for (std::size_t i = 0; i < n; ++i) {
    for (double& value : x.row(i)) value = dice.normal();
  }
  const std::size_t n_repeated = dice.index(n - 2 * d);
  for (std::size_t i = 0; i < n_repeated; ++i) {  // of a few rows
    std::ranges::copy(x.row(n - 1 - dice.index(3)), x.row(i).begin());
  }
  if (dice.uniform() < 0.5) {
    const double far = std::pow(10.0, 4 * dice.uniform());
    for (double& value : x.row(n - 1)) value *= far;
  }
  if (dice.uniform() < 0.3) {  // most rows on a line
    for (std::size_t i = 0; i < n / 2; ++i) {
      for (double& value : x.row(i)) value = x(i, 0);
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (double& value : x.row(i)) value *= unit;
  }
  return x;
}

RC_GTEST_PROP(Priors, TheDefaultKeepsFitsOfHostileDataFromBecomingSingular, (std::uint64_t seed)) {
  oracle::Dice dice(seed);
  const std::size_t d = 1 + dice.index(4);
  const std::size_t n = 20 + dice.index(60);
  const Matrix x = hostile_rows(dice, n, d);
  FitOptions options;
  options.n_components = 1 + dice.index(6);
  options.covariance = any_family();
  options.init = *rc::gen::element(mogul::InitMethod::kmeans, mogul::InitMethod::random_from_data,
                                   mogul::InitMethod::kmeans_plus_plus);
  options.seed = seed;
  options.reg_covar = 0;
  options.max_iter = 50;
  options.prior = mogul::Prior();
  const FitResult result = fit(x, options);  // does not throw
  for (std::size_t k = 0; k < options.n_components; ++k) {
    RC_ASSERT(std::isfinite(result.mixture.log_determinant(k)));
  }
  RC_ASSERT(std::isfinite(*result.report.penalised_log_likelihood));
}

TEST(Priors, DataWithoutACovarianceAreAnErrorThatNamesTheColumn) {
  Matrix constant(20, 3);
  Matrix dependent(20, 3);
  oracle::Dice dice(5);
  for (std::size_t i = 0; i < 20; ++i) {
    constant(i, 0) = dice.normal();
    constant(i, 1) = 4;
    constant(i, 2) = dice.normal();
    dependent(i, 0) = dice.normal();
    dependent(i, 1) = dice.normal();
    dependent(i, 2) = dependent(i, 0) + dependent(i, 1);
  }
  FitOptions options;
  options.n_components = 2;
  options.reg_covar = 0;
  options.prior = mogul::Prior();
  for (const auto& [x, column] : {std::pair(&constant, "'x2'"), std::pair(&dependent, "'x3'")}) {
    try {
      fit(*x, options);
      ADD_FAILURE() << column;
    } catch (const mogul::invalid_data& error) {
      EXPECT_NE(std::string(error.what()).find(column), std::string::npos) << error.what();
      EXPECT_NE(std::string(error.what()).find("give a scale"), std::string::npos) << error.what();
    }
  }
  options.prior->scale = std::vector<double>{0.1};
  EXPECT_TRUE(std::isfinite(fit(dependent, options).report.log_likelihood));
}

}  // namespace
