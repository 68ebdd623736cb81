// Starts of K components from K - 1 and K + 1.
#include "select/neighbours.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "mogul/fit.hpp"
#include "mogul/score.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using oracle::Problem;

// Two components as one have the weight, the mean and the covariance of both, so that those of all rows stay.
TEST(WithOneMerged, KeepsTheMomentsOfTheMixture) {
  const Problem problem({.n = 10, .d = 3, .k = 4, .separation = 2, .seed = 1});
  const Mixture& from = problem.truth();
  const auto moments = [](const Mixture& mixture) {
    std::vector<double> values(3 + 9);
    for (std::size_t k = 0; k < mixture.n_components(); ++k) {
      const Matrix covariance = mixture.covariance(k);
      for (std::size_t i = 0; i < 3; ++i) {
        values[i] += mixture.weights()[k] * mixture.means()(k, i);
        for (std::size_t j = 0; j < 3; ++j) {
          values[3 + 3 * i + j] +=
              mixture.weights()[k] * (covariance(i, j) + mixture.means()(k, i) * mixture.means()(k, j));
        }
      }
    }
    return values;
  };
  const std::vector<double> expected = moments(from);
  const std::vector<Mixture> found = with_one_merged(from, 100, 10);
  ASSERT_EQ(found.size(), 6U) << "pairs";
  for (const Mixture& mixture : found) {
    ASSERT_EQ(mixture.n_components(), 3U);
    const std::vector<double> values = moments(mixture);
    for (std::size_t i = 0; i < values.size(); ++i)
      EXPECT_NEAR(values[i], expected[i], 1e-10 * (1 + std::abs(expected[i])));
  }
}

// Of three clusters, one of which is covered by two components, these are the ones to become one.
TEST(WithOneMerged, TakesThePairThatIsOneCluster) {
  const Mixture from(families::full, {0.3, 0.35, 0.35}, Matrix(3, 1, {0, 10, 10.1}), {1, 1, 1.2});
  const Mixture merged = with_one_merged(from, 100, 1).front();
  EXPECT_NEAR(merged.weights()[1], 0.7, 1e-12);
  EXPECT_NEAR(merged.means()(1, 0), 10.05, 1e-12);
  EXPECT_NEAR(merged.covariance(1)(0, 0), 1.1 + 0.05 * 0.05, 1e-12);
}

TEST(WithOneSplit, CutsTheComponentThatIsTwoClusters) {
  oracle::Dice dice(3);
  Matrix x(300, 2);
  for (std::size_t i = 0; i < 300; ++i) {
    x(i, 0) = dice.normal() + (i % 3 == 0 ? 0 : i % 3 == 1 ? 20 : 27);
    x(i, 1) = dice.normal();
  }
  for (const CovarianceFamily* family : covariance_families()) {
    FitOptions options;
    options.n_components = 2;
    options.covariance = *family;
    const Mixture two = fit(x, options).mixture;
    const auto engine = make_engine(x, 1);
    Effort effort;
    const std::vector<Mixture> found = with_one_split(*engine, two, options, 1, 1, effort);
    ASSERT_EQ(found.size(), 1U) << family->name;
    EXPECT_GT(effort.passes.total(), 1);
    options.n_components = 3;
    options.init = found.front();
    const Mixture three = fit(x, options).mixture;
    std::vector<double> means{three.means()(0, 0), three.means()(1, 0), three.means()(2, 0)};
    std::ranges::sort(means);
    EXPECT_NEAR(means[0], 0, 0.5) << family->name;
    EXPECT_NEAR(means[1], 20, 0.5) << family->name;
    EXPECT_NEAR(means[2], 27, 0.5) << family->name;
  }
}

}  // namespace
}  // namespace mogul
