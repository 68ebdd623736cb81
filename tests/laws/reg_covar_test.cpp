// The default reg_covar is a share of each column's variance, so units do not matter: columns in other units, by powers
// of two, give the same model in those units. (Where the start is the same; starts have tests of their own.)
#include <cfloat>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

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

bool is_spherical(CovarianceFamily structure) {
  return structure == mogul::families::spherical || structure == mogul::families::tied_spherical;
}
bool is_matrix(CovarianceFamily structure) {
  return structure == mogul::families::full || structure == mogul::families::tied;
}

// Element i of the covariances is that of features (row, column) of each matrix or set of variances.
double unit_of(const Mixture& m, const std::vector<double>& units, std::size_t i) {
  const std::size_t d = units.size();
  if (is_spherical(m.family())) return units[0] * units[0];
  if (!is_matrix(m.family())) return units[i % d] * units[i % d];
  return units[i / d % d] * units[i % d];
}

Mixture in_units(const Mixture& m, const std::vector<double>& units) {
  Matrix means = m.means();
  for (std::size_t k = 0; k < means.rows(); ++k) {
    for (std::size_t d = 0; d < units.size(); ++d) means(k, d) *= units[d];
  }
  std::vector<double> covariances = m.covariances().values();
  for (std::size_t i = 0; i < covariances.size(); ++i) covariances[i] *= unit_of(m, units, i);
  return {m.family(), m.weights(), std::move(means), std::move(covariances)};
}

RC_GTEST_PROP(RegCovar, OfColumnsDoNotMatterToTheDefaultRegCovar, (std::uint64_t seed)) {
  const Problem problem(*oracle::fit_shape());
  const auto structure = problem.shape().structure;
  oracle::Dice dice(seed);
  std::vector<double> units(problem.shape().d);
  for (double& unit : units) unit = std::ldexp(1.0, static_cast<int>(dice.index(61)) - 30);
  if (is_spherical(structure)) units.assign(units.size(), units[0]);

  const mogul::DataView view = problem.view();
  Matrix x(view.rows(), view.cols());
  Matrix moved(view.rows(), view.cols());
  for (std::size_t n = 0; n < x.rows(); ++n) {
    for (std::size_t d = 0; d < x.cols(); ++d) moved(n, d) = (x(n, d) = view.value(n, d)) * units[d];
  }
  FitOptions options;
  options.n_components = problem.shape().k;
  options.covariance = structure;
  options.init = problem.model();
  options.max_iter = 5;
  options.tol = 0;
  RC_ASSERT(options.reg_covar == mogul::RegCovar::relative_to_variance(1e-6));
  const FitResult one = fit(x, options);
  options.init = in_units(problem.model(), units);
  const FitResult other = fit(moved, options);

  const Mixture expected = in_units(one.mixture, units);
  // Products with powers of two are exact; only the logarithms of the determinants round differently.
  const double rounding = 1e-9 * (1 + problem.shape().offset / problem.shape().scale);
  for (std::size_t k = 0; k < expected.n_components(); ++k) {
    RC_ASSERT(std::abs(other.mixture.weights()[k] - expected.weights()[k]) <= rounding);
    for (std::size_t d = 0; d < units.size(); ++d) {
      const double deviation = std::sqrt(expected.variance(k, d));
      RC_ASSERT(std::abs(other.mixture.means()(k, d) - expected.means()(k, d)) <= rounding * deviation);
      RC_ASSERT(std::abs(other.mixture.variance(k, d) - expected.variance(k, d)) <= rounding * deviation * deviation);
    }
  }
  double log_of_units = 0;
  for (const double unit : units) log_of_units += std::log(unit);
  RC_ASSERT(std::abs(other.report.mean_log_likelihood + log_of_units - one.report.mean_log_likelihood) <=
            rounding * 100);
  RC_ASSERT(other.report.n_regularised == one.report.n_regularised);
}

// What the M-step adds is the share times the variance of all rows under equal weights, whatever the statistics hold.
RC_GTEST_PROP(RegCovar, ARelativeRegCovarAddsAShareOfTheVarianceOfAllRows, ()) {
  const Problem problem(*oracle::fit_shape());
  const mogul::DataView view = problem.view();
  const mogul::Stats stats = accumulate(problem.model(), view);
  const Mixture none = maximise(stats, problem.model(), {.reg_covar = 0});
  const Mixture some = maximise(stats, problem.model(), {.reg_covar = mogul::RegCovar::relative_to_variance(0.5)});
  std::vector<double> mean(view.cols());
  std::vector<double> variance(view.cols());
  double total = 0;
  for (std::size_t n = 0; n < view.rows(); ++n) {
    total += view.weight(n);
    for (std::size_t d = 0; d < view.cols(); ++d) mean[d] += view.weight(n) * (view.value(n, d) - view.value(0, d));
  }
  for (std::size_t n = 0; n < view.rows(); ++n) {
    for (std::size_t d = 0; d < view.cols(); ++d) {
      const double away = view.value(n, d) - view.value(0, d) - mean[d] / total;
      variance[d] += view.weight(n) * away * away / total;
    }
  }
  double mean_variance = 0;
  for (const double v : variance) mean_variance += v / static_cast<double>(view.cols());
  for (std::size_t k = 0; k < none.n_components(); ++k) {
    for (std::size_t d = 0; d < view.cols(); ++d) {
      const double expected = 0.5 * (is_spherical(none.family()) ? mean_variance : variance[d]);
      const double added = some.variance(k, d) - none.variance(k, d);
      RC_ASSERT(std::abs(added - expected) <= 1e-9 * (some.variance(k, d) + expected));
    }
  }
}

}  // namespace
