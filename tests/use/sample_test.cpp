// Ancestral samples have the frequencies and moments of the model, row by row, whatever the threads.
#include "mogul/sample.hpp"
#include "plain_families.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace mogul {
namespace {

Mixture correlated() {
  return {
      families::full, {0.2, 0, 0.8}, Matrix(3, 2, {0, 0, 50, 50, 1e8, -3}), {1, 0, 0, 1, 1, 0, 0, 1, 4, 2.4, 2.4, 9}};
}

TEST(Sample, DrawsComponentsWithTheirWeights) {
  const std::size_t n = 100000;
  const Sample s = sample(correlated(), n, 5);
  std::vector<double> counts(3);
  for (const std::int32_t z : s.z) ++counts[static_cast<std::size_t>(z)];
  EXPECT_NEAR(counts[0], 0.2 * n, 5 * std::sqrt(n * 0.2 * 0.8));
  EXPECT_EQ(counts[1], 0) << "a component of weight zero is never drawn";
}

TEST(Sample, HasTheMomentsOfTheComponentThatItNames) {
  const Sample s = sample(correlated(), 100000, 6);
  double n = 0;
  double mean[2] = {};
  double second[3] = {};
  for (std::size_t i = 0; i < s.z.size(); ++i) {
    if (s.z[i] != 2) continue;
    const double a = s.x(i, 0) - 1e8;
    const double b = s.x(i, 1) + 3;
    n += 1;
    mean[0] += a;
    mean[1] += b;
    second[0] += a * a;
    second[1] += a * b;
    second[2] += b * b;
  }
  // Standard errors of means, and of second moments of a bivariate normal, times 5.
  EXPECT_NEAR(mean[0] / n, 0, 5 * 2 / std::sqrt(n));
  EXPECT_NEAR(mean[1] / n, 0, 5 * 3 / std::sqrt(n));
  EXPECT_NEAR(second[0] / n, 4, 5 * 4 * std::sqrt(2 / n));
  EXPECT_NEAR(second[1] / n, 2.4, 5 * std::sqrt((4 * 9 + 2.4 * 2.4) / n));
  EXPECT_NEAR(second[2] / n, 9, 5 * 9 * std::sqrt(2 / n));
}

TEST(Sample, TakesComponentsInRandomOrder) {
  const Sample s = sample(correlated(), 1000, 1);
  int changes = 0;
  for (std::size_t i = 1; i < s.z.size(); ++i) changes += s.z[i] != s.z[i - 1];
  EXPECT_NEAR(changes, 2 * 0.2 * 0.8 * 1000, 5 * 16);
}

TEST(Sample, BeginsAsTheShorterOneAndIgnoresThreads) {
  const Sample long_one = sample(correlated(), 10001, 3, 1);
  const Sample short_one = sample(correlated(), 5000, 3, 2);
  EXPECT_TRUE(std::equal(short_one.z.begin(), short_one.z.end(), long_one.z.begin()));
  EXPECT_TRUE(std::equal(short_one.x.values().begin(), short_one.x.values().end(), long_one.x.values().begin()));
  const Sample with_threads = sample(correlated(), 10001, 3, 7);
  EXPECT_EQ(with_threads.x, long_one.x);
  EXPECT_EQ(with_threads.z, long_one.z);
}

TEST(Sample, DependsOnTheSeed) { EXPECT_NE(sample(correlated(), 10, 1).x, sample(correlated(), 10, 2).x); }

TEST(Sample, OfNoRowsIsEmpty) {
  const Sample s = sample(correlated(), 0);
  EXPECT_EQ(s.x.rows(), 0U);
  EXPECT_EQ(s.x.cols(), 2U);
  EXPECT_TRUE(s.z.empty());
}

TEST(Sample, EveryStructureHasItsSpread) {
  for (const auto& [structure, name] : test::plain_families()) {
    const bool matrix = structure == families::full || structure == families::tied;
    std::vector<double> covariances(covariance_size(structure, 1, 2), 9);
    if (matrix) covariances = {9, 0, 0, 9};
    const std::size_t n = 20000;
    const Sample s = sample(Mixture(structure, {1}, Matrix(1, 2, {5, -5}), covariances), n, 2);
    double squares = 0;
    for (std::size_t i = 0; i < n; ++i) squares += std::pow(s.x(i, 0) - 5, 2) + std::pow(s.x(i, 1) + 5, 2);
    EXPECT_NEAR(squares / (2 * n), 9, 5 * 9 * std::sqrt(2.0 / (2 * n))) << name;
  }
}

}  // namespace
}  // namespace mogul
