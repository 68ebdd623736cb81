// Coordinates of mixtures: there and back, what they leave out, and the metric they promise.
#include "acceleration/fisher_frame.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "plain_families.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using oracle::Problem;

std::vector<double> random_vector(std::size_t size, double scale, std::uint64_t seed) {
  oracle::Dice dice(seed);
  std::vector<double> values(size);
  for (double& value : values) value = scale * dice.normal();
  return values;
}

void expect_near(const Mixture& a, const Mixture& b, double tolerance) {
  for (std::size_t k = 0; k < a.n_components(); ++k) {
    EXPECT_NEAR(a.weights()[k], b.weights()[k], tolerance);
    for (std::size_t d = 0; d < a.n_features(); ++d) EXPECT_NEAR(a.means()(k, d), b.means()(k, d), tolerance);
  }
  const auto& values = a.covariances().values();
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], b.covariances().values()[i], tolerance);
}

TEST(FisherFrame, AMixtureComesBackFromItsCoordinates) {
  for (const auto& entry : test::plain_families()) {
    const Problem problem({.d = 3, .k = 2, .structure = entry.family, .seed = 3});
    const FisherFrame frame(problem.truth(), {});
    const auto back = frame.mixture(frame.coordinates(problem.model()));
    ASSERT_TRUE(back.has_value());
    expect_near(*back, problem.model(), 1e-12);
    const std::vector<double> zero = frame.coordinates(problem.truth());
    EXPECT_LT(*std::ranges::max_element(zero, {}, [](double v) { return std::abs(v); }), 1e-12) << entry.family.name;
  }
}

// As many as parameters, and one more: weights are free to add up to more than one, and are divided by their sum.
TEST(FisherFrame, EveryVectorIsAMixture) {
  for (const auto& entry : test::plain_families()) {
    const Problem problem({.d = 3, .k = 2, .structure = entry.family, .seed = 4});
    const FisherFrame frame(problem.truth(), {});
    const std::size_t size = frame.coordinates(problem.model()).size();
    EXPECT_EQ(size, problem.truth().n_parameters() + 1) << entry.family.name;
    const std::vector<double> vector = random_vector(size, 0.3, 5);
    const auto mixture = frame.mixture(vector);
    ASSERT_TRUE(mixture.has_value());
    EXPECT_EQ(mixture->family(), entry.family);
    const std::vector<double> again = frame.coordinates(*mixture);
    for (std::size_t i = 2; i < size; ++i) EXPECT_NEAR(again[i], vector[i], 1e-10) << entry.family.name << " " << i;
  }
}

TEST(FisherFrame, WhatIsHeldHasNoCoordinates) {
  const Problem problem({.d = 2, .k = 3, .seed = 6});
  const Mixture& middle = problem.truth();
  const auto moved = [&](const Hold& hold) {
    const FisherFrame frame(middle, hold);
    const std::size_t size = frame.coordinates(problem.model()).size();
    return *frame.mixture(random_vector(size, 0.2, 7));
  };
  EXPECT_EQ(moved({.weights = true}).weights(), middle.weights());
  EXPECT_EQ(moved({.equal_weights = true}).weights(), middle.weights());
  EXPECT_EQ(moved({.means = true}).means(), middle.means());
  EXPECT_EQ(moved({.covariances = true}).covariances(), middle.covariances());
  const Mixture some = moved({.means_of = {1}});
  EXPECT_EQ(some.means()(1, 0), middle.means()(1, 0));
  EXPECT_NE(some.means()(0, 0), middle.means()(0, 0));
}

// sum_k p_k [log(p_k / p'_k) + KL(N_k, N'_k)]: of the complete data, whose second derivative is the Fisher information.
double divergence(const Mixture& from, const Mixture& to) {
  double sum = 0;
  const std::size_t d = from.n_features();
  for (std::size_t k = 0; k < from.n_components(); ++k) {
    const Matrix w = to.covariances().whitening(k);
    const Matrix l = from.cholesky(k);
    double trace = 0;
    double distance = 0;
    for (std::size_t i = 0; i < d; ++i) {
      double away = 0;
      for (std::size_t j = 0; j <= i; ++j) away += w(i, j) * (from.means()(k, j) - to.means()(k, j));
      distance += away * away;
      for (std::size_t j = 0; j <= i; ++j) {
        double element = 0;
        for (std::size_t m = j; m <= i; ++m) element += w(i, m) * l(m, j);
        trace += element * element;
      }
    }
    const double kl = (trace - static_cast<double>(d) + distance + to.log_determinant(k) - from.log_determinant(k)) / 2;
    sum += from.weights()[k] * (std::log(from.weights()[k] / to.weights()[k]) + kl);
  }
  return sum;
}

TEST(FisherFrame, ASmallVectorIsAsLongAsTheCompleteDataDiverge) {
  for (const auto& entry : test::plain_families()) {
    const Problem problem({.d = 3, .k = 3, .structure = entry.family, .seed = 8});
    const FisherFrame frame(problem.truth(), {});
    std::vector<double> vector = random_vector(frame.coordinates(problem.model()).size(), 1e-4, 9);
    // Along the mixing weights alone those vectors count that keep their sum.
    double along = 0;
    for (std::size_t k = 0; k < 3; ++k) along += vector[k] * std::sqrt(problem.truth().weights()[k]);
    for (std::size_t k = 0; k < 3; ++k) vector[k] -= along * std::sqrt(problem.truth().weights()[k]);
    double squared = 0;
    for (const double value : vector) squared += value * value;
    EXPECT_NEAR(2 * divergence(problem.truth(), *frame.mixture(vector)) / squared, 1, 2e-3) << entry.family.name;
  }
}

TEST(FisherFrame, NumbersBeyondTheRangeOfMixturesAreNone) {
  const Problem problem({.d = 2, .k = 2, .seed = 10});
  const FisherFrame frame(problem.truth(), {});
  std::vector<double> vector(frame.coordinates(problem.model()).size());
  vector[2] = 1e200;  // a mean
  EXPECT_FALSE(frame.mixture(vector).has_value());
}

}  // namespace
}  // namespace mogul
