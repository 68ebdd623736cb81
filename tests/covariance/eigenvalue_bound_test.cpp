// The bound on the eigenvalues: against brute force over thresholds, and what holds for every answer.
#include "covariance/eigenvalue_bound.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "covariance/family.hpp"
#include "covariance/family_problem.hpp"

namespace {

using mogul::CovarianceFamily;
using mogul::Covariances;
using mogul::Scatters;
using oracle::Dice;
using oracle::MStepShape;

double cost(const std::vector<double>& values, const std::vector<double>& weights, double ratio, double m) {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double t = std::clamp(values[i], m, m * ratio);
    sum += weights[i] * (std::log(t) + values[i] / t);
  }
  return sum;
}

struct Spectrum {
  std::vector<double> values;
  std::vector<double> weights;
};
Spectrum random_spectrum(Dice& dice) {
  Spectrum out;
  const std::size_t n = 1 + dice.index(12);
  for (std::size_t i = 0; i < n; ++i) {
    out.values.push_back(std::exp(3 * dice.normal()));
    out.weights.push_back(0.1 + 10 * dice.uniform());
  }
  if (n > 1 && dice.uniform() < 0.3) out.values[0] = 0;
  if (n > 2 && dice.uniform() < 0.3) out.values[1] = out.values[2];
  return out;
}

RC_GTEST_PROP(TruncationThreshold, NoOtherThresholdIsBetter, (std::uint64_t seed)) {
  Dice dice(seed);
  const Spectrum s = random_spectrum(dice);
  const double ratio = dice.uniform() < 0.2 ? 1 : std::exp(4 * dice.uniform());
  const double ours = mogul::truncation_threshold(s.values, s.weights, ratio);
  const double largest = *std::ranges::max_element(s.values);
  RC_PRE(largest > 0);
  RC_ASSERT(ours > 0 || ratio * *std::ranges::min_element(s.values) >= largest);
  double best = std::numeric_limits<double>::infinity();
  for (double m = largest * 1e-8 / ratio; m < 2 * largest; m *= 1.002) {
    best = std::min(best, cost(s.values, s.weights, ratio, m));
  }
  const double at_ours = cost(s.values, s.weights, ratio, ours);
  RC_ASSERT(at_ours <= best + 1e-9 * (1 + std::abs(best)));
}

// A family that has the bound, and scatters of which some may be singular.
struct Bounded {
  explicit Bounded(std::uint64_t seed, std::uint64_t of_scatters = 0) : dice(seed) {
    static const CovarianceFamily* const kAll[] = {&mogul::families::vii, &mogul::families::vvi, &mogul::families::vvv,
                                                   &mogul::families::eei, &mogul::families::eee};
    family = kAll[dice.index(5)];
    shape = {family, 1 + dice.index(4), 1 + dice.index(4), false, seed};
    Dice others(seed + 1000 * of_scatters);
    full = oracle::random_scatters(others, shape);
    ratio = 1 + std::exp(5 * dice.uniform());
    mogul::InnerLoop inner;
    values = mogul::maximise(*family, oracle::coarsened(full, family->layout), nullptr, inner);
  }
  Covariances made() const { return {family->layout, family->shared, shape.k, shape.d, values}; }

  Dice dice;
  const CovarianceFamily* family;
  MStepShape shape;
  Scatters full;
  double ratio;
  std::vector<double> values;
};

RC_GTEST_PROP(EigenvalueBound, HoldsAndChangesNothingWhereItHeldBefore, (std::uint64_t seed)) {
  Bounded problem(seed);
  const std::vector<double> before = problem.values;
  const double ratio_before = mogul::eigenvalue_ratio(problem.made());
  mogul::bound_eigenvalues(problem.values, *problem.family, problem.shape.d, problem.full.counts, problem.ratio);
  RC_ASSERT(mogul::eigenvalue_ratio(problem.made()) <= problem.ratio * (1 + 1e-9));
  if (ratio_before < problem.ratio * (1 - 1e-9)) RC_ASSERT(problem.values == before);
}

// Members of the family that keep the bound, near the answer and far from it, are not better.
RC_GTEST_PROP(EigenvalueBound, NoOtherCovariancesWithinItAreBetter, (std::uint64_t seed)) {
  Bounded problem(seed);
  const std::vector<double> unbounded = problem.values;
  mogul::bound_eigenvalues(problem.values, *problem.family, problem.shape.d, problem.full.counts, problem.ratio);
  const double best = oracle::objective(problem.full, problem.made());
  for (int i = 0; i < 20; ++i) {
    Bounded other(seed);
    const double size = std::exp(problem.dice.normal());
    other.values = i % 2 == 0 ? problem.values : unbounded;
    for (double& value : other.values) value *= size;
    if (i >= 10) other.values = Bounded(seed, static_cast<std::uint64_t>(i)).values;
    std::vector<double> weights(problem.shape.k);
    for (double& weight : weights) weight = 0.01 + problem.dice.uniform();
    mogul::bound_eigenvalues(other.values, *problem.family, problem.shape.d, weights, problem.ratio);
    RC_ASSERT(oracle::objective(problem.full, other.made()) <= best + 1e-9 * (1 + std::abs(best)));
  }
}

TEST(EigenvalueBound, OfOneMakesAllVariancesTheirMean) {
  std::vector<double> values{1, 2, 6};
  mogul::bound_eigenvalues(values, mogul::families::vii, 1, std::vector<double>{1, 1, 2}, 1);
  for (const double value : values) EXPECT_DOUBLE_EQ(value, (1 + 2 + 2 * 6) / 4.0);
}

TEST(EigenvalueBound, GivesASingularCovarianceTheLeastVariance) {
  std::vector<double> values{4, 0, 0, 0, 4, 0, 0, 4};  // two matrices, the first singular
  mogul::bound_eigenvalues(values, mogul::families::vvv, 2, std::vector<double>{1, 1}, 100);
  const Covariances made(mogul::Layout::matrix, false, 2, 2, values);
  EXPECT_NEAR(mogul::eigenvalue_ratio(made), 100, 1e-9);
}

TEST(EigenvalueBound, IsThatOfTheFamiliesThatSaySo) {
  std::size_t n = 0;
  for (const CovarianceFamily* family : mogul::covariance_families()) {
    if (!mogul::has_eigenvalue_bound(*family)) continue;
    ++n;
    EXPECT_NE(mogul::families_with_eigenvalue_bound().find(family->name), std::string::npos);
  }
  EXPECT_EQ(n, 5U);
}

}  // namespace
