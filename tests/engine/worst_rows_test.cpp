// The rows of lowest density, in order, each value once; and how many values there are.
#include "engine/worst_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "is_interruptible.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using Rows = std::vector<std::size_t>;

const Mixture kStandard(families::spherical, {1}, Matrix(1, 1), {1});

Rows worst(const Matrix& x, std::size_t count, const std::vector<double>& weights = {}, unsigned n_threads = 1) {
  return worst_rows(*make_engine({x, weights}, n_threads), row_model(kStandard), count);
}

TEST(WorstRows, AreThoseFarthestOutLowestDensityFirst) {
  const Matrix x(6, 1, {1, -5, 2, 9, -7, 0});
  EXPECT_EQ(worst(x, 1), (Rows{3}));
  EXPECT_EQ(worst(x, 4), (Rows{3, 4, 1, 2}));
}

TEST(WorstRows, AreAllRowsWhenMoreAreAskedForThanThereAre) { EXPECT_EQ(worst(Matrix(2, 1, {0, 1}), 5), (Rows{1, 0})); }

TEST(WorstRows, OfEqualDensitiesTheSmallerValueComesFirst) {
  EXPECT_EQ(worst(Matrix(4, 1, {1, 3, -3, 0}), 2), (Rows{2, 1}));
}

TEST(WorstRows, RowsOfWeightZeroAreNotThere) {
  EXPECT_EQ(worst(Matrix(4, 1, {9, 1, 8, 2}), 2, {0, 1, 0, 0.5}), (Rows{3, 1}));
}

TEST(WorstRows, EachValueIsListedOnceHoweverOftenItIsRepeated) {
  EXPECT_EQ(worst(Matrix(6, 1, {9, 9, 9, 1, 9, 2}), 4), (Rows{0, 5, 3}));
  EXPECT_EQ(worst(Matrix(3, 1, {4, 4, 4}), 2), (Rows{0}));
  Matrix many(10'000, 1);
  for (std::size_t i = 0; i < many.rows(); ++i) many(i, 0) = i % 1000 < 999 ? 50 : static_cast<double>(i / 1000);
  EXPECT_EQ(worst(many, 3), (Rows{0, 9999, 8999}));
}

TEST(DistinctRows, AreCountedUpToALimit) {
  const auto count = [](const Matrix& x, std::size_t at_most, const std::vector<double>& weights = {}) {
    return count_distinct_rows(*make_engine({x, weights}, 1), at_most);
  };
  EXPECT_EQ(count(Matrix(6, 1, {2, 2, 1, 1, 2, 3}), 10), 3U);
  EXPECT_EQ(count(Matrix(6, 1, {2, 2, 1, 1, 2, 3}), 2), 2U);
  EXPECT_EQ(count(Matrix(3, 2, {1, 2, 1, 3, 1, 2}), 10), 2U);
  EXPECT_EQ(count(Matrix(3, 1, {1, 2, 3}), 10, {1, 0, 1}), 2U) << "a row of weight zero is not there";
  EXPECT_EQ(count(Matrix(2, 1, {0.0, -0.0}), 10), 1U);
}

TEST(DistinctRows, AreCountedUntilTheCallerInterrupts) {
  const Matrix x(100'000, 1);
  const auto engine = make_engine(x, 1);
  EXPECT_TRUE(test::is_interruptible([&] { count_distinct_rows(*engine, 2); }));
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
  EXPECT_EQ(std::set<double>({x(expected[0], 0), x(expected[1], 0), x(expected[2], 0)}).size(), 3U);
  for (const unsigned n_threads : {2U, 3U, 7U}) EXPECT_EQ(worst(x, 20, {}, n_threads), expected) << n_threads;
}

}  // namespace
}  // namespace mogul
