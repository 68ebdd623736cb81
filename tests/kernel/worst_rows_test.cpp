// The rows of lowest density, in order, without repeats where that can be avoided.
#include "kernel/worst_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "reference/generators.hpp"

namespace mogul {
namespace {

using Rows = std::vector<std::size_t>;

const Mixture kStandard(CovarianceStructure::spherical, {1}, Matrix(1, 1), {1});

Rows worst(const Matrix& x, std::size_t count, const std::vector<double>& weights = {}, unsigned n_threads = 1) {
  return worst_rows(*make_engine({x, weights}, n_threads), kStandard, count);
}

TEST(WorstRows, AreThoseFarthestOutLowestDensityFirst) {
  const Matrix x(6, 1, {1, -5, 2, 9, -7, 0});
  EXPECT_EQ(worst(x, 1), (Rows{3}));
  EXPECT_EQ(worst(x, 4), (Rows{3, 4, 1, 2}));
}

TEST(WorstRows, AreAllRowsWhenMoreAreAskedForThanThereAre) { EXPECT_EQ(worst(Matrix(2, 1, {0, 1}), 5), (Rows{1, 0})); }

TEST(WorstRows, TheEarlierOfEqualDensitiesComesFirst) {
  EXPECT_EQ(worst(Matrix(4, 1, {1, -3, 3, 0}), 2), (Rows{1, 2}));
}

TEST(WorstRows, RowsOfWeightZeroAreNotThere) {
  EXPECT_EQ(worst(Matrix(4, 1, {9, 1, 8, 2}), 2, {0, 1, 0, 0.5}), (Rows{3, 1}));
}

TEST(WorstRows, RepeatedRowsComeAfterDifferentOnes) {
  EXPECT_EQ(worst(Matrix(6, 1, {9, 9, 9, 1, 9, 2}), 4), (Rows{0, 5, 3, 1}));
  EXPECT_EQ(worst(Matrix(3, 1, {4, 4, 4}), 2), (Rows{0, 1}));
}

TEST(WorstRows, AreTheSameForAnyNumberOfThreads) {
  oracle::Dice dice(1);
  Matrix x(30'000, 1);
  for (double& value : std::span(x.data(), x.rows())) value = std::floor(1000 * dice.normal()) / 100;
  std::vector<std::size_t> order(x.rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t i) { return std::abs(x(i, 0)); });
  const Rows expected = worst(x, 20);
  EXPECT_EQ(expected[0], order[0]);
  EXPECT_EQ(expected.size(), 20U);
  for (const unsigned n_threads : {2U, 3U, 7U}) EXPECT_EQ(worst(x, 20, {}, n_threads), expected) << n_threads;
}

}  // namespace
}  // namespace mogul
