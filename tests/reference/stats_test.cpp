// accumulate() against the slow oracle: the E-step's sums for every choice of moments. Tolerances: scored_problem.hpp.
#include "mogul/stats.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "reference/scored_problem.hpp"

namespace {

using mogul::Moments;
using mogul::Stats;
using oracle::Real;
using oracle::Sums;
using oracle::Table;
using Case = oracle::ScoredProblem;

// Sums with the error of each responsibility in place of the responsibility, and absolute values of the rest: the scale
// of a sum's rounding error.
Sums error_scale(const Case& c) {
  Table error = c.r;
  for (std::size_t n = 0; n < error.size(); ++n) {
    for (std::size_t k = 0; k < error[n].size(); ++k) error[n][k] = c.responsibility_scale(n, k);
  }
  return oracle::sums(c.data, error, c.model.means, /*absolute=*/true);
}

void check_likelihoods(const Case& c, const Stats& stats) {
  const double limit = 8 * c.d + c.n;
  RC_ASSERT(oracle::in_eps(stats.sum_weights, oracle::sum(c.data.w), oracle::sum(c.data.w)) <= c.n);
  RC_ASSERT(oracle::in_eps(stats.log_likelihood, oracle::log_likelihood(c.model, c.data), c.likelihood_scale()) <=
            limit);
  RC_ASSERT(oracle::in_eps(stats.entropy, oracle::entropy(c.data, c.r), c.entropy_scale()) <= limit);
  const std::vector<std::int32_t> z = oracle::labels(c.model, c.data);
  Real map_scale = c.likelihood_scale();
  for (std::size_t i = 0; i < z.size(); ++i) map_scale += c.data.w[i] * c.log_scale(i, static_cast<std::size_t>(z[i]));
  const Real map = oracle::complete_log_likelihood(c.model, c.data, z);
  RC_ASSERT(oracle::in_eps(stats.map_log_likelihood, map, map_scale) <= limit);
}

void check_second(const Case& c, const Stats& stats, const Sums& expected, const Sums& scale, double limit) {
  for (std::size_t k = 0; k < c.problem.shape().k; ++k) {
    std::size_t at = 0;
    Real trace = 0, trace_scale = 0;
    for (std::size_t i = 0; i < c.problem.shape().d; ++i) {
      trace += expected.second[k][i][i];
      trace_scale += scale.second[k][i][i];
      if (stats.moments == Moments::spherical) continue;
      for (std::size_t j = stats.moments == Moments::diagonal ? i : 0; j <= i; ++j) {
        RC_ASSERT(oracle::in_eps(stats.second(k, at++), expected.second[k][i][j], scale.second[k][i][j]) <= limit);
      }
    }
    if (stats.moments == Moments::spherical) {
      RC_ASSERT(oracle::in_eps(stats.second(k, at++), trace, trace_scale) <= limit);
    }
    RC_ASSERT(stats.second.cols() == at);
  }
}

void check_pooled(const Case& c, const Stats& stats, const Sums& expected, double limit) {
  const Real scale = oracle::pooled_scale(c.data, c.model.means);
  std::size_t at = 0;
  for (std::size_t i = 0; i < c.problem.shape().d; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      Real sum = 0;
      for (const Table& second : expected.second) sum += second[i][j];
      RC_ASSERT(oracle::in_eps(stats.second(0, at++), sum, scale) <= limit);
    }
  }
  RC_ASSERT(stats.second.cols() == at);
}

void check_moments(Moments moments) {
  const Case c;
  const Stats stats = accumulate(c.problem.model(), c.problem.view(), moments);
  const Sums expected = oracle::sums(c.data, c.r, c.model.means);
  const Sums scale = error_scale(c);
  // Each responsibility brings 8 D eps of its scale, each of the N additions one eps, each product a few.
  const double limit = 8 * c.d + c.n + 4;
  RC_ASSERT(stats.moments == moments);
  RC_ASSERT(stats.shift == c.problem.model().means());
  check_likelihoods(c, stats);
  RC_ASSERT(oracle::worst_in_eps(stats.n, expected.n, [&](std::size_t, std::size_t k) { return scale.n[k]; }) <= limit);
  if (moments == Moments::none) {
    RC_ASSERT(stats.first.empty());
  } else {
    const auto first_scale = [&](std::size_t k, std::size_t i) { return scale.first[k][i]; };
    RC_ASSERT(oracle::worst_in_eps(stats.first, expected.first, first_scale) <= limit);
  }
  if (moments == Moments::none || moments == Moments::mean) {
    RC_ASSERT(stats.second.empty());
  } else if (moments == Moments::pooled) {
    check_pooled(c, stats, expected, limit);
  } else {
    check_second(c, stats, expected, scale, limit);
  }
}

RC_GTEST_PROP(StatsAgainstOracle, SizesAndLikelihoods, ()) { check_moments(Moments::none); }
RC_GTEST_PROP(StatsAgainstOracle, FirstMoments, ()) { check_moments(Moments::mean); }
RC_GTEST_PROP(StatsAgainstOracle, SphericalSecondMoments, ()) { check_moments(Moments::spherical); }
RC_GTEST_PROP(StatsAgainstOracle, DiagonalSecondMoments, ()) { check_moments(Moments::diagonal); }
RC_GTEST_PROP(StatsAgainstOracle, PooledSecondMoments, ()) { check_moments(Moments::pooled); }
RC_GTEST_PROP(StatsAgainstOracle, FullSecondMoments, ()) { check_moments(Moments::full); }

RC_GTEST_PROP(StatsAgainstOracle, TheMomentsOfTheModelsStructureAreTheDefault, ()) {
  const oracle::Problem problem(*oracle::any_shape());
  const Stats stats = accumulate(problem.model(), problem.view());
  RC_ASSERT(stats.moments == problem.shape().structure.moments());
  RC_ASSERT(stats == accumulate(problem.model(), problem.view(), stats.moments));
}

}  // namespace
