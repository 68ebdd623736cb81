// Every function of score.hpp against the slow oracle, over random problems in every layout.
// Tolerances are explained in scored_problem.hpp.
#include "mogul/score.hpp"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "reference/border.hpp"
#include "reference/scored_problem.hpp"

namespace {

using oracle::Real;
using oracle::Row;
using oracle::Table;
using oracle::worst_in_eps;
using Case = oracle::ScoredProblem;

RC_GTEST_PROP(ScoreAgainstOracle, ComponentLogDensities, ()) {
  const Case c;
  const auto scale = [&](std::size_t n, std::size_t k) { return c.log_scale(n, k); };
  RC_ASSERT(worst_in_eps(component_log_densities(c.problem.model(), c.problem.view()),
                         oracle::component_log_densities(c.model, c.data), scale) <= 8 * c.d);
}

RC_GTEST_PROP(ScoreAgainstOracle, LogJoint, ()) {
  const Case c;
  const auto scale = [&](std::size_t n, std::size_t k) { return c.log_scale(n, k); };
  RC_ASSERT(worst_in_eps(log_joint(c.problem.model(), c.problem.view()), c.joint, scale) <= 8 * c.d);
}

RC_GTEST_PROP(ScoreAgainstOracle, LogDensities, ()) {
  const Case c;
  const auto scale = [&](std::size_t, std::size_t n) { return c.log_density_scale(n); };
  RC_ASSERT(worst_in_eps(log_densities(c.problem.model(), c.problem.view()), c.density, scale) <= 8 * c.d);
}

RC_GTEST_PROP(ScoreAgainstOracle, SquaredMahalanobis, ()) {
  const Case c;
  // Tied: row and mean are whitened apart, with the rounding of their distance from the centre of the means, which is
  // at most that from the farthest one.
  const bool tied = c.problem.model().family() == mogul::families::tied;
  const auto scale = [&](std::size_t n, std::size_t k) {
    const Real far = tied ? *std::ranges::max_element(c.mahalanobis[n]) : 0;
    return c.mahalanobis[n][k] + std::sqrt(c.mahalanobis[n][k] * far) + DBL_EPSILON * far;
  };
  RC_ASSERT(worst_in_eps(squared_mahalanobis(c.problem.model(), c.problem.view()), c.mahalanobis, scale) <= 8 * c.d);
}

RC_GTEST_PROP(ScoreAgainstOracle, Responsibilities, ()) {
  const Case c;
  const auto scale = [&](std::size_t n, std::size_t k) { return c.responsibility_scale(n, k); };
  const mogul::Matrix r = responsibilities(c.problem.model(), c.problem.view());
  RC_ASSERT(worst_in_eps(r, c.r, scale) <= 8 * c.d);
  for (std::size_t n = 0; n < r.rows(); ++n) {
    double sum = 0;
    for (const double value : r.row(n)) sum += value;
    RC_ASSERT(oracle::in_eps(sum, 1, 1) <= 2.0 * static_cast<double>(r.cols()));
  }
}

RC_GTEST_PROP(ScoreAgainstOracle, Labels, ()) {
  const Case c;
  const std::vector<std::int32_t> expected = oracle::labels(c.model, c.data);
  const std::vector<std::int32_t> actual = labels(c.problem.model(), c.problem.view());
  RC_ASSERT(actual.size() == expected.size());
  for (std::size_t n = 0; n < actual.size(); ++n) {
    if (actual[n] == expected[n]) continue;
    // Only where rounding cannot tell the two components apart.
    const std::size_t a = static_cast<std::size_t>(actual[n]), e = static_cast<std::size_t>(expected[n]);
    RC_ASSERT(a < c.problem.shape().k);
    RC_ASSERT(c.joint[n][e] - c.joint[n][a] <= 8 * c.d * DBL_EPSILON * (c.log_scale(n, a) + c.log_scale(n, e)));
  }
}

RC_GTEST_PROP(ScoreAgainstOracle, LogLikelihood, ()) {
  const Case c;
  const double actual = log_likelihood(c.problem.model(), c.problem.view());
  RC_ASSERT(oracle::in_eps(actual, oracle::log_likelihood(c.model, c.data), c.likelihood_scale()) <= 8 * c.d + c.n);
}

RC_GTEST_PROP(ScoreAgainstOracle, CompleteLogLikelihoodOfRandomLabels, ()) {
  const Case c;
  oracle::Dice dice(c.problem.shape().seed);
  std::vector<std::int32_t> z;
  Real scale = 0;
  for (std::size_t n = 0; n < c.data.x.size(); ++n) {
    z.push_back(static_cast<std::int32_t>(dice.index(c.problem.shape().k)));
    scale += c.data.w[n] * c.log_scale(n, static_cast<std::size_t>(z[n]));
  }
  const double actual = complete_log_likelihood(c.problem.model(), c.problem.view(), z);
  RC_ASSERT(oracle::in_eps(actual, oracle::complete_log_likelihood(c.model, c.data, z), scale) <= 8 * c.d + c.n);
}

RC_GTEST_PROP(ScoreAgainstOracle, ExpectedCompleteLogLikelihoodOfGivenResponsibilities, ()) {
  const Case c;
  // The responsibilities of another model, rounded to double on both sides.
  const mogul::Matrix given = oracle::to_matrix(oracle::responsibilities(oracle::from(c.problem.truth()), c.data));
  const Table r = oracle::from(given);
  Real scale = 0;
  for (std::size_t n = 0; n < r.size(); ++n) {
    for (std::size_t k = 0; k < r[n].size(); ++k) scale += c.data.w[n] * r[n][k] * c.log_scale(n, k);
  }
  const double actual = expected_complete_log_likelihood(c.problem.model(), c.problem.view(), given.view());
  const Real expected = oracle::expected_complete_log_likelihood(c.model, c.data, r);
  RC_ASSERT(oracle::in_eps(actual, expected, scale) <= 8 * c.d + c.n);
}

RC_GTEST_PROP(ScoreAgainstOracle, ExpectedCompleteLogLikelihoodAndEntropyOfTheModelItself, ()) {
  const Case c;
  const double q = expected_complete_log_likelihood(c.problem.model(), c.problem.view());
  const double h = entropy(c.problem.model(), c.problem.view());
  const Real expected_q = oracle::expected_complete_log_likelihood(c.model, c.data, c.r);
  RC_ASSERT(oracle::in_eps(q, expected_q, c.entropy_scale()) <= 8 * c.d + c.n);
  RC_ASSERT(oracle::in_eps(h, oracle::entropy(c.data, c.r), c.entropy_scale()) <= 8 * c.d + c.n);
  RC_ASSERT(h >= 0);
}

RC_GTEST_PROP(ScoreAgainstOracle, Evaluate, ()) {
  const Case c;
  const mogul::Evaluation actual = evaluate(c.problem.model(), c.problem.view());
  const Real n = oracle::sum(c.data.w);
  const oracle::Criteria criteria = oracle::criteria(c.model, c.data);
  const double limit = 8 * c.d + c.n;
  const Real scale =
      c.likelihood_scale() + static_cast<Real>(oracle::n_parameters(c.model)) * (2 + std::abs(std::log(n)));
  RC_ASSERT(actual.n_rows == c.data.x.size());
  RC_ASSERT(actual.n_parameters == oracle::n_parameters(c.model));
  RC_ASSERT(oracle::in_eps(actual.sum_weights, n, n) <= c.n);
  RC_ASSERT(oracle::in_eps(actual.log_likelihood, oracle::log_likelihood(c.model, c.data), scale) <= limit);
  RC_ASSERT(oracle::in_eps(actual.mean_log_likelihood, oracle::log_likelihood(c.model, c.data) / n, scale / n) <=
            2 * limit);
  RC_ASSERT(oracle::in_eps(actual.expected_complete_log_likelihood,
                           oracle::expected_complete_log_likelihood(c.model, c.data, c.r), c.entropy_scale()) <= limit);
  RC_ASSERT(oracle::in_eps(actual.entropy, oracle::entropy(c.data, c.r), c.entropy_scale()) <= limit);
  RC_ASSERT(oracle::in_eps(actual.aic, criteria.aic, 2 * scale) <= limit);
  RC_ASSERT(oracle::in_eps(actual.bic, criteria.bic, 2 * scale) <= limit);
  // Rows whose two best components are equally likely may take either label: the joints then differ by rounding only.
  Real map_scale = scale;
  const std::vector<std::int32_t> z = oracle::labels(c.model, c.data);
  for (std::size_t i = 0; i < z.size(); ++i) map_scale += c.data.w[i] * c.log_scale(i, static_cast<std::size_t>(z[i]));
  RC_ASSERT(oracle::in_eps(actual.icl, criteria.icl, 2 * map_scale) <= limit);
  const Row sizes = oracle::sums(c.data, c.r, c.model.means).n;
  const auto size_scale = [&](std::size_t, std::size_t k) {
    Real total = 0;
    for (std::size_t i = 0; i < c.r.size(); ++i) {
      total += c.data.w[i] * c.responsibility_scale(i, k);
    }
    return total;
  };
  RC_ASSERT(worst_in_eps(actual.component_sizes, sizes, size_scale) <= limit);
}

TEST(ScoreAgainstOracle, AComponentOfWeightZeroTakesNothing) {
  const mogul::Mixture model(mogul::families::spherical, {0, 1}, mogul::Matrix(2, 1, {0, 3}), {1, 1});
  const mogul::Matrix x(2, 1, {0, 4});
  const oracle::Data data = oracle::from(mogul::DataView(x));
  EXPECT_EQ(log_joint(model, x)(0, 0), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(responsibilities(model, x), mogul::Matrix(2, 2, {0, 1, 0, 1}));
  EXPECT_EQ(labels(model, x), (std::vector<std::int32_t>{1, 1}));
  EXPECT_EQ(entropy(model, x), 0);
  EXPECT_NEAR(log_likelihood(model, x), static_cast<double>(oracle::log_likelihood(oracle::from(model), data)), 1e-14);
  EXPECT_NEAR(expected_complete_log_likelihood(model, x), log_likelihood(model, x), 1e-14);
}

TEST(ScoreAgainstOracle, EquallyProbableComponentsGiveTheLowestLabel) {
  const mogul::Mixture model(mogul::families::tied_spherical, {0.5, 0.5}, mogul::Matrix(2, 1, {-1, 1}), {1});
  EXPECT_EQ(labels(model, mogul::Matrix(3, 1, {0, 0.5, -0.5})), (std::vector<std::int32_t>{0, 1, 0}));
}

}  // namespace
