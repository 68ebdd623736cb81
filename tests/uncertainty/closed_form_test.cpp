// Standard errors where they are known: of one component, and under changes of the rows that change them in a known
// way.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "mogul/fit.hpp"
#include "mogul/standard_errors.hpp"
#include "reference/generators.hpp"
#include "uncertainty/intervals.hpp"
#include "uncertainty/numerical_errors.hpp"

namespace mogul {
namespace {

using oracle::Problem;
using test::fitted_to_the_end;

FitOptions of_components(std::size_t k, const CovarianceFamily& family = families::full) {
  FitOptions options;
  options.n_components = k;
  options.covariance = family;
  options.reg_covar = 0;
  return options;
}

StandardErrors by(StandardErrorMethod method, const Mixture& mixture, const DataView& data,
                  const FitOptions& fit = of_components(1)) {
  return standard_errors(mixture, data, {.method = method, .fit = fit});
}

void expect_near(const ParameterValues& found, const ParameterValues& expected, double tolerance) {
  const auto part = [&](const std::vector<double>& a, const std::vector<double>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], tolerance * std::abs(b[i])) << i;
  };
  part(found.weights, expected.weights);
  part(found.means.values(), expected.means.values());
  part(found.covariances, expected.covariances);
}

TEST(OneComponent, FullHasTheErrorsOfANormalSample) {
  const Problem problem({.n = 60, .d = 3, .k = 1, .weights = oracle::RowWeights::random, .offset = 1e6, .seed = 4});
  const Mixture mixture = fitted_to_the_end(problem.view(), of_components(1));
  const StandardErrors errors = by(StandardErrorMethod::information, mixture, problem.view());
  double n = 0;
  for (const double weight : problem.weights()) n += weight;
  const Matrix s = mixture.covariance(0);
  EXPECT_EQ(errors.standard_error.weights, std::vector{0.0});
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(errors.standard_error.means(0, i), std::sqrt(s(i, i) / n), 1e-9 * std::sqrt(s(i, i)));
    for (std::size_t j = 0; j < 3; ++j) {
      const double expected = std::sqrt((s(i, i) * s(j, j) + s(i, j) * s(i, j)) / n);
      EXPECT_NEAR(errors.standard_error.covariances[3 * i + j], expected, 1e-8 * expected);
    }
  }
}

TEST(OneComponent, SphericalHasTheErrorOfAPooledVariance) {
  const Problem problem({.n = 60, .d = 3, .k = 1, .structure = families::vii, .seed = 4});
  const Mixture mixture = fitted_to_the_end(problem.view(), of_components(1, families::vii));
  const StandardErrors errors = by(StandardErrorMethod::information, mixture, problem.view());
  const double expected = mixture.variance(0, 0) * std::sqrt(2.0 / (60 * 3));
  EXPECT_NEAR(errors.standard_error.covariances[0], expected, 1e-9 * expected);
}

TEST(OneComponent, JackknifeOfTheMeanIsItsUnbiasedError) {
  const Problem problem({.n = 40, .d = 2, .k = 1, .seed = 4});
  const Mixture mixture = fitted_to_the_end(problem.view(), of_components(1));
  const StandardErrors errors = by(StandardErrorMethod::jackknife, mixture, problem.view());
  for (std::size_t i = 0; i < 2; ++i) {
    const double expected = std::sqrt(mixture.variance(0, i) / 39);
    EXPECT_NEAR(errors.standard_error.means(0, i), expected, 1e-9 * expected);
  }
}

// The variance of the mean is that of n draws, S / n; under Dirichlet weights it is S / (n + 1).
TEST(OneComponent, BootstrapsOfTheMeanHaveItsVariance) {
  const Problem problem({.n = 50, .d = 2, .k = 1, .seed = 4});
  const Mixture mixture = fitted_to_the_end(problem.view(), of_components(1));
  for (const auto method : {StandardErrorMethod::bootstrap, StandardErrorMethod::weighted_bootstrap}) {
    const StandardErrors errors =
        standard_errors(mixture, problem.view(), {.method = method, .n_bootstrap = 4999, .fit = of_components(1)});
    EXPECT_EQ(errors.n_replicates, 4999U);
    const double n = method == StandardErrorMethod::bootstrap ? 50 : 51;
    for (std::size_t i = 0; i < 2; ++i) {
      const double expected = std::sqrt(mixture.variance(0, i) / n);
      EXPECT_NEAR(errors.standard_error.means(0, i), expected, 0.03 * expected) << to_string(method);
      EXPECT_NEAR(errors.upper.means(0, i) - errors.lower.means(0, i), 2 * 1.96 * expected, 0.2 * expected);
    }
  }
}

struct Rows {
  Matrix x;
  std::vector<double> weights;
};

Rows copy_of(const DataView& data, double factor = 1, double shift = 0) {
  Rows rows{Matrix(data.rows(), data.cols()), {}};
  for (std::size_t n = 0; n < data.rows(); ++n) {
    for (std::size_t d = 0; d < data.cols(); ++d) rows.x(n, d) = factor * data.value(n, d) + shift;
  }
  return rows;
}

class EveryMethod : public testing::TestWithParam<StandardErrorMethod> {
 protected:
  const Problem problem_{{.n = 90, .d = 2, .k = 2, .separation = 4, .seed = 7}};
  const FitOptions options_ = of_components(2);
  const Mixture mixture_ = fitted_to_the_end(problem_.view(), options_);

  StandardErrors errors(const Mixture& mixture, const DataView& data, unsigned n_threads = 1) const {
    FitOptions fit = options_;
    fit.n_threads = n_threads;
    return standard_errors(mixture, data, {.method = GetParam(), .n_bootstrap = 99, .fit = fit});
  }
};

TEST_P(EveryMethod, HasTheSameBytesForAnyNumberOfThreads) {
  const StandardErrors one = errors(mixture_, problem_.view(), 1);
  EXPECT_EQ(errors(mixture_, problem_.view(), 3), one);
  EXPECT_EQ(one.n_failed, 0U);
}

TEST_P(EveryMethod, GoesWithUnitAndOrigin) {
  const Rows moved = copy_of(problem_.view(), 1000, 5e5);
  std::vector<double> covariances = mixture_.covariances().values();
  for (double& value : covariances) value *= 1e6;
  Matrix means = mixture_.means();
  for (double& value : std::span(means.data(), 4)) value = 1000 * value + 5e5;
  const StandardErrors here = errors(mixture_, problem_.view());
  const StandardErrors there = errors(Mixture(families::full, mixture_.weights(), means, covariances), moved.x);
  ParameterValues scaled = here.standard_error;
  for (double& value : std::span(scaled.means.data(), 4)) value *= 1000;
  for (double& value : scaled.covariances) value *= 1e6;
  expect_near(there.standard_error, scaled, 1e-4);
}

TEST_P(EveryMethod, KeepsTheOrderOfComponents) {
  const std::vector<std::size_t> order{1, 0};
  const StandardErrors here = errors(mixture_, problem_.view());
  const StandardErrors there = errors(mixture_.permuted(order), problem_.view());
  EXPECT_NEAR(there.standard_error.means(0, 0), here.standard_error.means(1, 0),
              1e-4 * here.standard_error.means(1, 0));
  EXPECT_NEAR(there.standard_error.covariances[0], here.standard_error.covariances[4],
              1e-4 * here.standard_error.covariances[4]);
}

INSTANTIATE_TEST_SUITE_P(StandardErrors, EveryMethod,
                         testing::Values(StandardErrorMethod::information, StandardErrorMethod::bootstrap,
                                         StandardErrorMethod::weighted_bootstrap, StandardErrorMethod::jackknife),
                         [](const auto& method) { return std::string(to_string(method.param)); });

// A row of weight 2 is two rows, whether its weight is taken or it stands twice.
TEST(RowWeights, OfTwoAreTwoRows) {
  const Problem problem({.n = 60, .d = 2, .k = 2, .separation = 4, .seed = 9});
  Rows rows = copy_of(problem.view());
  Matrix twice(90, 2);
  for (std::size_t n = 0; n < 90; ++n) std::ranges::copy(rows.x.row(n % 60), twice.row(n).begin());
  rows.weights.assign(60, 1);
  std::fill_n(rows.weights.begin(), 30, 2.0);
  const DataView weighted(rows.x, rows.weights);
  const FitOptions options = of_components(2);
  const Mixture mixture = fitted_to_the_end(weighted, options);
  for (const auto method : {StandardErrorMethod::information, StandardErrorMethod::jackknife}) {
    expect_near(by(method, mixture, weighted, options).standard_error,
                by(method, mixture, twice, options).standard_error, 1e-6);
  }
}

TEST(Intervals, ReachAsFarAsTheNormalDistributionDoes) {
  EXPECT_NEAR(normal_reach(0.95), 1.959963984540054, 1e-14);
  EXPECT_NEAR(normal_reach(0.6826894921370859), 1, 1e-14);
  EXPECT_NEAR(normal_reach(1 - 1e-12), 7.130506, 1e-3);
}

TEST(Intervals, StayWithinTheRangeOfAParameter) {
  const Mixture mixture(families::spherical, {0.99, 0.01}, Matrix(2, 1, {0, 1}), std::vector<double>{1, 1e-3});
  const Interval interval = normal_interval(mixture, {0.02, 0.02, 1, 1, 2, 1}, 0.95);
  EXPECT_LT(interval.upper[0], 1);
  EXPECT_GT(interval.lower[1], 0);
  EXPECT_NEAR(interval.lower[0] + interval.upper[1], 1, 1e-12);
  EXPECT_NEAR(interval.upper[2], 1.959964, 1e-6);
  EXPECT_NEAR(interval.lower[4] * interval.upper[4], 1, 1e-12);  // about log sigma^2
  EXPECT_EQ(interval.upper[5], 1e300);
}

TEST(Intervals, OfReplicatesAreTheirPercentiles) {
  Matrix values(999, 1);
  for (std::size_t i = 0; i < 999; ++i) values(i, 0) = static_cast<double>((i * 7) % 999 + 1);
  const Interval interval = percentile_interval(values, 0.95);
  EXPECT_NEAR(interval.lower[0], 25, 1e-9);
  EXPECT_NEAR(interval.upper[0], 975, 1e-9);
  EXPECT_NEAR(deviations(values)[0], std::sqrt(999.0 * 1000 / 12), 1e-9);
}

// Of 250 samples, intervals of 90 % hold the truth in about 90 %: 5 parameters, 250 samples each, so 2 % is two and a
// half standard errors of a single one.
TEST(Intervals, HoldTheTruthAsOftenAsTheySay) {
  const Mixture truth(families::vii, {0.6, 0.4}, Matrix(2, 2, {0, 0, 3, 2}), std::vector<double>{1, 0.6});
  const std::vector<double> values{0.6, 0, 3, 1, 0.6};
  std::vector<double> n_held(5);
  oracle::Dice dice(11);
  for (std::size_t sample = 0; sample < 250; ++sample) {
    const Matrix rows = oracle::draw_rows(dice, truth, 300);
    FitOptions options = of_components(2, families::vii);
    options.init = truth;
    const Mixture mixture = fitted_to_the_end(rows, options);
    const StandardErrors errors = standard_errors(mixture, rows, {.level = 0.9, .fit = options});
    const auto of = [](const ParameterValues& part) {
      return std::vector{part.weights[0], part.means(0, 0), part.means(1, 0), part.covariances[0], part.covariances[1]};
    };
    for (std::size_t i = 0; i < 5; ++i) {
      n_held[i] += of(errors.lower)[i] <= values[i] && values[i] <= of(errors.upper)[i] ? 1 : 0;
    }
  }
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(n_held[i] / 250, 0.9, 0.05) << i;
}

}  // namespace
}  // namespace mogul
