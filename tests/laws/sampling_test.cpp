// Ancestral sampling: prefixes, proportions, shapes, and the way back from a sample to the model.
// Seeds are fixed, so every statistical limit (5 standard errors) either holds always or never.
#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mogul/fit.hpp"
#include "mogul/sample.hpp"
#include "mogul/score.hpp"
#include "plain_families.hpp"
#include "reference/border.hpp"
#include "reference/generators.hpp"

namespace {

using mogul::CovarianceFamily;
using mogul::Matrix;
using mogul::Mixture;
using mogul::Sample;
using oracle::Problem;

RC_GTEST_PROP(Sampling, ALongerSampleBeginsWithTheShorter, ()) {
  const Problem problem(*oracle::any_shape());
  const std::size_t n_short = *rc::gen::inRange<std::size_t>(0, 3000);
  const std::size_t n_long = n_short + *rc::gen::inRange<std::size_t>(0, 3000);
  const Sample shorter = sample(problem.model(), n_short, problem.shape().seed);
  const Sample longer = sample(problem.model(), n_long, problem.shape().seed);
  RC_ASSERT(longer.z.size() == n_long);
  RC_ASSERT(longer.x.rows() == n_long);
  RC_ASSERT(std::equal(shorter.z.begin(), shorter.z.end(), longer.z.begin()));
  RC_ASSERT(std::equal(shorter.x.values().begin(), shorter.x.values().end(), longer.x.values().begin()));
}

TEST(Sampling, AnotherSeedIsAnotherSample) {
  const Problem problem({.n = 1, .d = 2, .k = 2});
  EXPECT_NE(sample(problem.model(), 100, 1).x, sample(problem.model(), 100, 2).x);
}

TEST(Sampling, AComponentOfWeightZeroIsNeverDrawn) {
  const Mixture model(mogul::families::spherical, {0, 0.5, 0, 0.5, 0}, Matrix(5, 1), {1, 1, 1, 1, 1});
  for (const std::int32_t z : sample(model, 20000).z) ASSERT_TRUE(z == 1 || z == 3) << z;
}

TEST(Sampling, ComponentsAreDrawnInTheirProportions) {
  const Problem problem({.n = 1, .d = 1, .k = 6, .seed = 3});
  const std::size_t n = 100000;
  std::vector<double> counts(6, 0);
  for (const std::int32_t z : sample(problem.model(), n, 11).z) ++counts.at(static_cast<std::size_t>(z));
  for (std::size_t k = 0; k < 6; ++k) {
    const double p = problem.model().weights()[k];
    const double standard_error = std::sqrt(p * (1 - p) / static_cast<double>(n));
    EXPECT_NEAR(counts[k] / static_cast<double>(n), p, 5 * standard_error);
  }
}

// Whitened by their own component, the points are standard normal in every feature: Kolmogorov-Smirnov's distance stays
// below 2.5 / sqrt(n) (a chance of 1e-5), and no two features are correlated.
TEST(Sampling, PointsWhitenedByTheirComponentAreStandardNormal) {
  for (const auto& entry : mogul::test::plain_families()) {
    const Problem problem({.n = 1, .d = 3, .k = 4, .structure = entry.family, .offset = 10, .seed = 4});
    const oracle::Model model = oracle::from(problem.model());
    const std::size_t n = 50000;
    const Sample drawn = sample(problem.model(), n, 12);
    std::vector<oracle::Table> factors;
    for (const oracle::Table& covariance : model.covariances) factors.push_back(oracle::cholesky(covariance));
    std::vector<std::vector<double>> white(3);
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t k = static_cast<std::size_t>(drawn.z[i]);
      oracle::Row centred(drawn.x.row(i).begin(), drawn.x.row(i).end());
      for (std::size_t d = 0; d < 3; ++d) centred[d] -= model.means[k][d];
      const oracle::Row y = oracle::solve_lower(factors[k], centred);
      for (std::size_t d = 0; d < 3; ++d) white[d].push_back(static_cast<double>(y[d]));
    }
    const double root = std::sqrt(static_cast<double>(n));
    for (std::size_t d = 0; d < 3; ++d) {
      double product = 0;
      for (std::size_t i = 0; i < n; ++i) product += white[d][i] * white[(d + 1) % 3][i];
      EXPECT_LT(std::abs(product / static_cast<double>(n)), 5 / root);
    }
    for (std::vector<double>& values : white) {
      std::sort(values.begin(), values.end());
      double distance = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const double exact = std::erfc(-values[i] / std::sqrt(2.0)) / 2;
        distance = std::max({distance, exact - static_cast<double>(i) / static_cast<double>(n),
                             static_cast<double>(i + 1) / static_cast<double>(n) - exact});
      }
      EXPECT_LT(distance, 2.5 / root) << entry.name;
    }
  }
}

TEST(Sampling, ConsecutiveRowsAreIndependent) {
  const Mixture model(mogul::families::full, {1}, Matrix(1, 1), {1});
  const std::size_t n = 100000;
  const Sample drawn = sample(model, n, 13);
  for (const std::size_t lag : {1u, 2u, 4u, 8u, 64u}) {
    double product = 0;
    for (std::size_t i = 0; i + lag < n; ++i) product += drawn.x(i, 0) * drawn.x(i + lag, 0);
    EXPECT_LT(std::abs(product / static_cast<double>(n)), 5 / std::sqrt(static_cast<double>(n))) << "lag " << lag;
  }
}

// The way back: a fit to a sample from separated components is the model within 5 standard errors of each parameter.
TEST(Sampling, ARefitRecoversTheModel) {
  for (const auto& entry : mogul::test::plain_families()) {
    const Matrix means(3, 2, {-20, 5, 0, 30, 25, -10});
    const Problem shapes({.n = 1, .d = 2, .k = 3, .structure = entry.family, .seed = 5});
    const Mixture truth(entry.family, {0.5, 0.3, 0.2}, means, shapes.truth().covariances().values());
    const std::size_t n = 20000;
    mogul::FitOptions options;
    options.n_components = 3;
    options.covariance = entry.family;
    options.reg_covar = 0;
    const mogul::FitResult result = fit(sample(truth, n, 14).x, options);
    ASSERT_TRUE(result.report.termination.converged());
    for (std::size_t k = 0; k < 3; ++k) {
      std::size_t match = 0;
      double nearest = std::numeric_limits<double>::infinity();
      for (std::size_t j = 0; j < 3; ++j) {
        const double distance =
            std::hypot(result.mixture.means()(j, 0) - means(k, 0), result.mixture.means()(j, 1) - means(k, 1));
        if (distance < nearest) match = j, nearest = distance;
      }
      const double n_k = truth.weights()[k] * static_cast<double>(n);
      const double p = truth.weights()[k];
      EXPECT_NEAR(result.mixture.weights()[match], p, 5 * std::sqrt(p * (1 - p) / static_cast<double>(n)));
      const Matrix expected = truth.covariance(k);
      const Matrix fitted = result.mixture.covariance(match);
      for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_NEAR(result.mixture.means()(match, i), means(k, i), 5 * std::sqrt(expected(i, i) / n_k)) << entry.name;
        for (std::size_t j = 0; j < 2; ++j) {
          const double variance = expected(i, i) * expected(j, j) + expected(i, j) * expected(i, j);
          EXPECT_NEAR(fitted(i, j), expected(i, j), 5 * std::sqrt(variance / n_k)) << entry.name;
        }
      }
    }
  }
}

// The mean log-density of a sample's columns under the marginal is what it is for a sample of the marginal itself.
TEST(Sampling, ColumnsOfASampleAreASampleOfTheMarginal) {
  const Problem problem({.n = 1, .d = 3, .k = 3, .seed = 6});
  const std::size_t n = 50000;
  const std::vector<std::size_t> features = {2, 0};
  const Mixture marginal = problem.model().marginal(features);
  const Sample drawn = sample(problem.model(), n, 15);
  Matrix columns(n, 2);
  for (std::size_t i = 0; i < n; ++i) {
    columns(i, 0) = drawn.x(i, 2);
    columns(i, 1) = drawn.x(i, 0);
  }
  const auto mean_and_error = [&](const Matrix& x) {
    const std::vector<double> density = log_densities(marginal, x);
    double sum = 0, squares = 0;
    for (const double value : density) sum += value, squares += value * value;
    const double mean = sum / static_cast<double>(n);
    return std::pair(mean, (squares / static_cast<double>(n) - mean * mean) / static_cast<double>(n));
  };
  const auto [of_columns, variance_a] = mean_and_error(columns);
  const auto [of_marginal, variance_b] = mean_and_error(sample(marginal, n, 16).x);
  EXPECT_NEAR(of_columns, of_marginal, 5 * std::sqrt(variance_a + variance_b));
}

}  // namespace
