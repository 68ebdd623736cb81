// Components that die, and fits that are stopped: revived and counted, refused on request, cancelled with the best.
#include <cmath>

#include <gtest/gtest.h>

#include <limits>

#include "mogul/error.hpp"
#include "mogul/fit.hpp"
#include "mogul/score.hpp"
#include "mogul/stats.hpp"
#include "reference/generators.hpp"
#include "torture/messages.hpp"

namespace {

using mogul::CovarianceFamily;
using mogul::DegeneratePolicy;
using mogul::FitOptions;
using mogul::FitResult;
using mogul::Matrix;
using mogul::Mixture;
using torture::expect_message;

Matrix two_clusters() {
  oracle::Dice dice(8);
  Matrix x(400, 2);
  for (std::size_t n = 0; n < x.rows(); ++n) {
    for (double& value : x.row(n)) value = (n % 2 == 0 ? -10 : 10) + dice.normal();
  }
  return x;
}

// Unit variances in two features, in a structure's layout.
std::vector<double> unit_covariances(CovarianceFamily structure) {
  const bool matrices = structure == mogul::families::full || structure == mogul::families::tied;
  std::vector<double> values(covariance_size(structure, 2, 2), 1);
  for (std::size_t i = 0; matrices && i < values.size(); ++i) values[i] = i % 4 == 0 || i % 4 == 3 ? 1 : 0;
  return values;
}

// Component 1 is so far away that no row belongs to it.
FitOptions with_a_dead_component(CovarianceFamily structure) {
  FitOptions options;
  options.n_components = 2;
  options.covariance = structure;
  options.init = Mixture(structure, {0.5, 0.5}, Matrix(2, 2, {0, 0, 1e9, 1e9}), unit_covariances(structure));
  return options;
}

class DeadComponent : public testing::TestWithParam<CovarianceFamily> {};

INSTANTIATE_TEST_SUITE_P(Structures, DeadComponent,
                         testing::Values(mogul::families::full, mogul::families::tied, mogul::families::diagonal,
                                         mogul::families::tied_diagonal, mogul::families::spherical,
                                         mogul::families::tied_spherical),
                         [](const auto& parameter) { return std::string(to_string(parameter.param)); });

TEST_P(DeadComponent, AnEmptyComponentIsRevivedAndCounted) {
  const Matrix x = two_clusters();
  FitOptions options = with_a_dead_component(GetParam());
  options.tol = 1e-10;
  const FitResult result = fit(x, options);
  EXPECT_EQ(result.report.n_revived, 1u);
  EXPECT_EQ(result.report.restarts[0].n_revived, 1u);
  EXPECT_TRUE(result.report.termination.converged());
  for (const double weight : result.mixture.weights()) EXPECT_GT(weight, 0.01);
  if (GetParam() == mogul::families::tied) {
    // One long matrix for both explains the two clusters: the revived component ends upon the other, at the likelihood
    // of one component, which is a maximum of this structure.
    FitOptions one;
    one.covariance = GetParam();
    EXPECT_NEAR(result.report.log_likelihood, fit(x, one).report.log_likelihood, 1e-3);
    return;
  }
  for (std::size_t k = 0; k < 2; ++k) {  // back among the rows, each has one of the two clusters
    EXPECT_NEAR(result.mixture.weights()[k], 0.5, 1e-6);
    EXPECT_NEAR(std::abs(result.mixture.means()(k, 0)), 10, 0.5);
    EXPECT_NEAR(result.mixture.variance(k, 0), 1, 0.3);
  }
}

TEST_P(DeadComponent, AnEmptyComponentIsAnErrorOnRequest) {
  const Matrix x = two_clusters();
  FitOptions options = with_a_dead_component(GetParam());
  options.degenerate = DegeneratePolicy::error;
  expect_message<mogul::fit_error>([&] { fit(x, options); }, {"component 1", "empty"});
}

// Three components on two clusters and one lone row, without regularisation: the lone row's variance is zero.
TEST(Degenerate, AComponentThatShrinksOntoOneRowIsRevivedAndCounted) {
  Matrix x = two_clusters();
  x(0, 0) = 1000;
  x(0, 1) = 1000;
  FitOptions options;
  options.n_components = 3;
  options.reg_covar = 0;
  std::vector<std::int32_t> z;
  for (std::size_t n = 0; n < x.rows(); ++n) z.push_back(n == 0 ? 2 : static_cast<std::int32_t>(n % 2));
  options.init = mogul::Labels{z};
  options.degenerate = DegeneratePolicy::error;
  expect_message<mogul::fit_error>([&] { fit(x, options); }, {"component 2", "singular", "reg_covar"});
  options.degenerate = DegeneratePolicy::revive;
  try {
    const FitResult result = fit(x, options);
    EXPECT_GE(result.report.n_revived, 1u);
    EXPECT_TRUE(std::isfinite(result.report.log_likelihood));
  } catch (const mogul::fit_error& error) {  // or it falls on the lone row again and again, and the fit says so
    EXPECT_NE(std::string(error.what()).find("revived"), std::string::npos) << error.what();
  }
}

TEST(Degenerate, WithRegularisationTheLoneRowKeepsItsComponent) {
  Matrix x = two_clusters();
  x(0, 0) = 1000;
  x(0, 1) = 1000;
  FitOptions options;
  options.n_components = 3;
  const FitResult result = fit(x, options);
  EXPECT_EQ(result.report.n_revived, 0u);
  EXPECT_EQ(result.report.n_regularised, 1u);
  EXPECT_EQ(labels(result.mixture, x)[0] != labels(result.mixture, x)[1], true);
}

TEST(Cancel, ReturnsTheBestModelSoFar) {
  const Matrix x = two_clusters();
  FitOptions options;
  options.n_components = 3;
  options.init = mogul::InitMethod::random;
  options.tol = 0;
  double shown = 0;
  options.callback = [&](const mogul::Iteration& iteration) {
    shown = iteration.mean_log_likelihood;
    return iteration.iteration < 4;
  };
  const FitResult result = fit(x, options);
  EXPECT_EQ(result.report.termination.reason, mogul::TerminationReason::cancelled);
  EXPECT_EQ(result.report.iterations, 4u);
  EXPECT_EQ(result.report.mean_log_likelihood, shown);
  EXPECT_EQ(result.report.log_likelihood, log_likelihood(result.mixture, x));
}

TEST(Cancel, AtTheStartReturnsTheStart) {
  const Matrix x = two_clusters();
  FitOptions options = with_a_dead_component(mogul::families::full);
  options.callback = [](const mogul::Iteration&) { return false; };
  const FitResult result = fit(x, options);
  EXPECT_TRUE(result.mixture == std::get<Mixture>(options.init));
  EXPECT_EQ(result.report.iterations, 0u);
  EXPECT_EQ(result.report.history.size(), 1u);
}

// Restart 1 is cancelled at its third E-step. Those before it have gone on to a model whose rows were not looked at,
// those after it have not: all end where restart 1 does, and the best of them is returned.
TEST(Cancel, OfOneRestartEndsThoseBesideIt) {
  const Matrix x = two_clusters();
  FitOptions options;
  options.n_components = 2;
  options.init = mogul::InitMethod::random;
  options.n_init = 4;
  options.tol = 0;
  std::vector<std::vector<double>> shown(4);
  options.callback = [&](const mogul::Iteration& iteration) {
    shown.at(iteration.restart).push_back(iteration.stats.log_likelihood);
    return iteration.restart != 1 || iteration.iteration < 2;
  };
  const FitResult result = fit(x, options);
  ASSERT_EQ(result.report.restarts.size(), 4u);
  double best = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < 4; ++i) {
    const mogul::Restart& restart = result.report.restarts[i];
    EXPECT_EQ(restart.reason, mogul::TerminationReason::cancelled) << i;
    EXPECT_EQ(restart.iterations, 2u) << i;
    EXPECT_EQ(shown[i].size(), i < 2 ? 3u : 2u) << "those after it are not asked again";
    best = std::max(best, restart.log_likelihood);
  }
  EXPECT_EQ(result.report.restarts[0].log_likelihood, shown[0].back());
  EXPECT_EQ(result.report.log_likelihood, best);
  EXPECT_EQ(result.report.log_likelihood, log_likelihood(result.mixture, x));
  EXPECT_EQ(result.report.history.size(), 3u);
}

// reg_covar maximises no fixed objective, so the likelihood may fall; a cancelled fit still returns the best model.
TEST(Cancel, AfterAFallOfTheLikelihoodReturnsTheModelBeforeIt) {
  const Matrix x = two_clusters();
  FitOptions options;
  options.n_components = 1;
  options.reg_covar = 50;
  options.tol = 0;
  options.max_iter = 5;
  options.init = Mixture(mogul::families::full, {1}, Matrix(1, 2, {0, 0}), {101, 100, 100, 101});
  std::vector<double> seen;
  options.callback = [&seen](const mogul::Iteration& iteration) {
    seen.push_back(iteration.stats.log_likelihood);
    return iteration.iteration < 2;
  };
  const FitResult result = fit(x, options);
  ASSERT_LT(seen[1], seen[0]) << "the premise";
  EXPECT_TRUE(result.mixture == std::get<Mixture>(options.init));
  EXPECT_EQ(result.report.log_likelihood, seen[0]);
  EXPECT_EQ(result.report.history, std::vector<double>{seen[0]}) << "what is reported is about the returned model";
  EXPECT_EQ(result.report.iterations, 0U);
  EXPECT_NE(result.report.termination.message.find("of iteration 0"), std::string::npos);
}

TEST(Cancel, AnExceptionOfTheCallbackReachesTheCaller) {
  FitOptions options;
  options.callback = [](const mogul::Iteration&) -> bool { throw std::runtime_error("mine"); };
  EXPECT_THROW(fit(two_clusters(), options), std::runtime_error);
}

}  // namespace
