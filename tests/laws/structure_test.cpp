// Structures and marginals, on random mixtures: a poorer structure is the richer one with the same numbers, and a
// marginal is the mixture of sub-vectors and sub-matrices.
#include <cfloat>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mogul/fit.hpp"
#include "mogul/score.hpp"
#include "reference/border.hpp"
#include "reference/scored_problem.hpp"

namespace {

using mogul::CovarianceFamily;
using mogul::Mixture;
using oracle::Problem;
using oracle::Real;

// The same densities held with K full matrices.
Mixture as_full(const Mixture& mixture) {
  oracle::Model model = oracle::from(mixture);
  model.structure = mogul::families::full;
  return oracle::to_mixture(model);
}

RC_GTEST_PROP(Structures, EveryStructureHasTheDensityOfItsFullMatrices, ()) {
  const oracle::ScoredProblem c;
  const std::vector<double> own = log_densities(c.problem.model(), c.problem.view());
  const std::vector<double> full = log_densities(as_full(c.problem.model()), c.problem.view());
  for (std::size_t n = 0; n < own.size(); ++n) {
    const double scale = static_cast<double>(c.log_density_scale(n));
    RC_ASSERT(std::abs(own[n] - full[n]) <= 16 * c.d * DBL_EPSILON * scale);  // 8 D for each of the two
  }
}

RC_GTEST_PROP(Structures, CovarianceVarianceAndFactorAgreeWithWhatIsStored, ()) {
  const Problem problem(*oracle::any_shape());
  const Mixture& mixture = problem.model();
  const oracle::Model model = oracle::from(mixture);
  const double d = static_cast<double>(problem.shape().d);
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    const mogul::Matrix covariance = mixture.covariance(k);
    const mogul::Matrix factor = mixture.cholesky(k);
    for (std::size_t i = 0; i < mixture.n_features(); ++i) {
      RC_ASSERT(mixture.variance(k, i) == covariance(i, i));
      for (std::size_t j = 0; j < mixture.n_features(); ++j) {
        RC_ASSERT(covariance(i, j) == static_cast<double>(model.covariances[k][i][j]));
        RC_ASSERT(j <= i || factor(i, j) == 0);
        Real product = 0;
        for (std::size_t m = 0; m <= std::min(i, j); ++m) product += Real(factor(i, m)) * Real(factor(j, m));
        // Backward error of a Cholesky factorisation, Higham (2002), theorem 10.3: (D + 1) eps sd_i sd_j.
        const Real scale = std::sqrt(Real(covariance(i, i)) * Real(covariance(j, j)));
        RC_ASSERT(oracle::in_eps(static_cast<double>(product), covariance(i, j), scale) <= d + 2);
      }
    }
    const Real log_determinant = oracle::log_determinant(model.covariances[k]);
    const Real scale = static_cast<Real>(d) + std::abs(log_determinant);
    RC_ASSERT(oracle::in_eps(mixture.log_determinant(k), log_determinant, scale) <= 8 * d);
  }
  RC_ASSERT(mixture.n_parameters() == oracle::n_parameters(model));
}

std::vector<std::size_t> random_features(const Problem& problem) {
  oracle::Dice dice(problem.shape().seed + 1);
  std::vector<std::size_t> features(problem.shape().d);
  std::iota(features.begin(), features.end(), std::size_t{0});
  for (std::size_t i = features.size(); i > 1; --i) std::swap(features[i - 1], features[dice.index(i)]);
  features.resize(1 + dice.index(features.size()));
  return features;
}

mogul::Matrix columns_of(const mogul::DataView& view, const std::vector<std::size_t>& features) {
  mogul::Matrix out(view.rows(), features.size());
  for (std::size_t n = 0; n < view.rows(); ++n) {
    for (std::size_t i = 0; i < features.size(); ++i) out(n, i) = view.value(n, features[i]);
  }
  return out;
}

RC_GTEST_PROP(Marginals, HaveTheSubVectorsAndSubMatrices, ()) {
  const Problem problem(*oracle::any_shape());
  const std::vector<std::size_t> features = random_features(problem);
  const Mixture marginal = problem.model().marginal(features);
  const oracle::Model expected = oracle::marginal(oracle::from(problem.model()), features);
  RC_ASSERT(marginal.family() == problem.shape().structure);
  RC_ASSERT(oracle::worst_parameter_in_eps(marginal, expected) == 0);
}

RC_GTEST_PROP(Marginals, HaveTheDensityOfTheOraclesMarginal, ()) {
  const Problem problem(*oracle::any_shape());
  const std::vector<std::size_t> features = random_features(problem);
  const mogul::Matrix x = columns_of(problem.view(), features);
  const oracle::Data data = oracle::from(mogul::DataView(x));
  const oracle::Model model = oracle::marginal(oracle::from(problem.model()), features);
  const oracle::Row expected = oracle::log_densities(model, data);
  const std::vector<double> actual = log_densities(problem.model().marginal(features), x);
  const Real constant = static_cast<Real>(features.size()) * (2 + 2 * std::abs(std::log(Real(problem.shape().scale))));
  for (std::size_t n = 0; n < actual.size(); ++n) {
    // See scored_problem.hpp; the squared distance is at most twice |density| plus the constants.
    const Real scale = 2 * std::abs(expected[n]) + 4 * constant;
    RC_ASSERT(oracle::in_eps(actual[n], expected[n], scale) <= 8 * static_cast<double>(problem.shape().d));
  }
}

RC_GTEST_PROP(Marginals, OfMarginalsAreMarginals, ()) {
  const Problem problem(*oracle::any_shape());
  const std::vector<std::size_t> features = random_features(problem);
  const std::vector<std::size_t> last = {features.size() - 1};
  const std::vector<std::size_t> direct = {features.back()};
  RC_ASSERT(problem.model().marginal(features).marginal(last) == problem.model().marginal(direct));
}

// With one component tied and free structures are the same model, and so are all structures in one dimension.
RC_GTEST_PROP(Structures, OneComponentIsTiedAnyway, ()) {
  oracle::Shape shape = *oracle::fit_shape();
  shape.k = 1;
  const Problem problem(shape);
  const auto fitted = [&](CovarianceFamily structure) {
    mogul::FitOptions options;
    options.covariance = structure;
    options.init = mogul::Labels{std::vector<std::int32_t>(shape.n, 0)};
    const mogul::FitResult result = fit(problem.view(), options);
    return std::pair(result.mixture.covariances().values(), result.report.n_parameters);
  };
  const auto [full, n_full] = fitted(mogul::families::full);
  const auto [tied, n_tied] = fitted(mogul::families::tied);
  RC_ASSERT(n_full == n_tied);
  for (std::size_t i = 0; i < full.size(); ++i) {
    const std::size_t row = i / shape.d * (shape.d + 1);
    const std::size_t col = i % shape.d * (shape.d + 1);
    RC_ASSERT(std::abs(full[i] - tied[i]) <= 1e-13 * std::sqrt(full[row] * full[col]));
  }
  RC_ASSERT(fitted(mogul::families::diagonal) == fitted(mogul::families::tied_diagonal));
  RC_ASSERT(fitted(mogul::families::spherical) == fitted(mogul::families::tied_spherical));
}

RC_GTEST_PROP(Structures, InOneDimensionFullDiagonalAndSphericalAreOneModel, ()) {
  oracle::Shape shape = *oracle::fit_shape();
  shape.d = 1;
  shape.structure = mogul::families::full;
  const Problem problem(shape);
  const auto fitted = [&](CovarianceFamily structure) {
    const Mixture start(structure, problem.model().weights(), problem.model().means(),
                        problem.model().covariances().values());
    mogul::FitOptions options;
    options.n_components = shape.k;
    options.covariance = structure;
    options.init = start;
    options.max_iter = 3;
    options.tol = 0;
    return fit(problem.view(), options);
  };
  const mogul::FitResult full = fitted(mogul::families::full);
  for (const CovarianceFamily structure : {mogul::families::diagonal, mogul::families::spherical}) {
    const mogul::FitResult other = fitted(structure);
    oracle::Model expected = oracle::from(full.mixture);
    expected.structure = structure;
    // Three steps, see symmetry_test.cpp.
    const double limit = 1110 * (static_cast<double>(shape.n) + 1000) * (1 + shape.offset / shape.scale);
    RC_ASSERT(oracle::worst_parameter_in_eps(other.mixture, expected) <= limit);
    RC_ASSERT(other.report.n_parameters == full.report.n_parameters);
  }
}

}  // namespace
