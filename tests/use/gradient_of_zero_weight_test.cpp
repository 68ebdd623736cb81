// The gradient of the log-likelihood where a component has weight 0.
#include <gtest/gtest.h>

#include <cmath>

#include "mogul/fit.hpp"
#include "mogul/gradient.hpp"
#include "mogul/score.hpp"
#include "plain_families.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

// Its means and covariance move no density, but its weight does.
TEST(Gradient, OfAComponentWithoutWeightIsZeroButByItsWeight) {
  const Matrix x(3, 1, {0, 1, 3});
  const Mixture alone(families::diagonal, {1}, Matrix(1, 1, {1}), {2});
  const Mixture model(families::diagonal, {1, 0}, Matrix(2, 1, {1, 3}), {2, 0.1});
  const LogLikelihoodGradient expected = log_likelihood_gradient(alone, x);
  const LogLikelihoodGradient gradient = log_likelihood_gradient(model, x);
  EXPECT_EQ(gradient.weights[0], 3);
  EXPECT_EQ(gradient.means.values(), (std::vector<double>{expected.means(0, 0), 0}));
  EXPECT_EQ(gradient.covariances, (std::vector<double>{expected.covariances[0], 0}));
  EXPECT_EQ(gradient.largest_scaled, expected.largest_scaled);
}

// Four components as wide as all rows, side by side.
Mixture side_by_side(const DataView& rows, CovarianceFamily structure, std::vector<double> weights) {
  const Mixture one = fit(rows, {.covariance = structure}).mixture;
  Matrix means(4, rows.cols());
  std::vector<double> covariances = one.covariances().values();
  for (std::size_t k = 0; k < 4; ++k) {
    for (std::size_t d = 0; d < rows.cols(); ++d) {
      means(k, d) = one.means()(0, d) + 0.4 * static_cast<double>(k) * std::sqrt(one.variance(0, d));
    }
    const bool shared = k == 0 || structure.shared;
    if (!shared)
      covariances.insert(covariances.end(), one.covariances().values().begin(), one.covariances().values().end());
  }
  return {structure, std::move(weights), std::move(means), std::move(covariances)};
}

// Forward differences of L, as a weight cannot become negative: the component gains what the first one loses.
TEST(Gradient, OfAWeightOfZeroIsThatOfDifferences) {
  oracle::Dice dice(7);
  Matrix x(400, 3);
  std::vector<double> row_weights(x.rows());
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t d = 0; d < 3; ++d) x(i, d) = dice.normal() + (i % 3 == 0 ? 2 : 0);
    row_weights[i] = static_cast<double>(i % 4);
  }
  const DataView rows(x, row_weights);
  for (const test::PlainFamily& structure : test::plain_families()) {
    SCOPED_TRACE(structure.name);
    const auto at = [&](std::size_t k, double length) {
      std::vector<double> weights = {0.6 - length, 0, 0.4, 0};
      weights[k] += length;
      return side_by_side(rows, structure.family, weights);
    };
    const LogLikelihoodGradient gradient = log_likelihood_gradient(at(1, 0), rows, 2);
    for (const std::size_t k : {1, 3}) {
      constexpr double h = 1e-5;
      const auto l = [&](double length) { return log_likelihood(at(k, length), rows); };
      const double differences = (-3 * l(0) + 4 * l(h) - l(2 * h)) / (2 * h);
      EXPECT_GT(gradient.weights[k], 0);
      EXPECT_NEAR(gradient.weights[k] - gradient.weights[0], differences, 1e-6 * gradient.weights[0]);
    }
  }
}

TEST(Gradient, OfStatisticsDoesNotKnowThatOfAWeightOfZero) {
  const Mixture model(families::diagonal, {1, 0}, Matrix(2, 1, {1, 3}), {2, 0.1});
  const LogLikelihoodGradient gradient = log_likelihood_gradient(accumulate(model, Matrix(3, 1, {0, 1, 3})), model);
  EXPECT_EQ(gradient.weights[0], 3);
  EXPECT_TRUE(std::isnan(gradient.weights[1]));
}

}  // namespace
}  // namespace mogul
