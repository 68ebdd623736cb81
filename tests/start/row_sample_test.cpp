// The sample that starts look at: evenly spread, honest in its weights, and with the rows that lie outermost.
#include "start/row_sample.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "is_interruptible.hpp"
#include "message_of.hpp"
#include "mogul/sample.hpp"
#include "reference/generators.hpp"
#include "start/clusters.hpp"

namespace mogul {
namespace {

using test::clusters;
using test::message_of;

const CovarianceFamily kFull = families::full;

bool has(const RowSample& sample, std::size_t row) { return std::ranges::binary_search(sample.rows, row); }
double total(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

// Rows of a Gaussian whose columns have the standard deviation 1 and the correlation 0.9 with one another.
Matrix correlated(std::size_t n, std::size_t d) {
  std::vector<double> covariance(d * d, 0.9);
  for (std::size_t i = 0; i < d; ++i) covariance[i * d + i] = 1;
  return sample(Mixture(kFull, {1}, Matrix(1, d), covariance), n, 3).x;
}

TEST(RowSample, IsAllRowsOfPositiveWeightWhereThereAreFew) {
  const Matrix x(4, 1, {1, 2, 3, 4});
  const std::vector<double> weights{1, 0, 2, 0.5};
  const RowSample sample = sample_rows(DataView(x, weights), 3, kFull);
  EXPECT_EQ(sample.rows, (std::vector<std::size_t>{0, 2, 3}));
  EXPECT_EQ(sample.weights, (std::vector<double>{1, 2, 0.5}));
}

TEST(RowSample, IsAnEvenlySpreadOneOfMany) {
  const Matrix x = clusters(200'000, 1);
  const RowSample sample = sample_rows(*make_engine(x, 1), 65536, {}, 0, 0);
  ASSERT_EQ(sample.rows.size(), 65536U);
  for (std::size_t i = 0; i < sample.rows.size(); ++i) {
    ASSERT_GE(sample.rows[i], i * 200'000 / 65536);
    ASSERT_LT(sample.rows[i], (i + 1) * 200'000 / 65536);
  }
}

// A law: whatever the rows, their weights and the sample, its weights add up to those of all rows, up to chance where
// these differ, and to the row where they are equal.
TEST(RowSample, StandsForAllRowsAndNoMore) {
  for (const std::size_t n : {50U, 99U, 1001U, 20'000U}) {
    for (const std::size_t m : {1U, 7U, 49U, 1000U}) {
      const Matrix x = clusters(n, 3);
      const RowSample sample = sample_rows(x, m, kFull, n + m);
      EXPECT_EQ(sample.rows.size(), std::min(n, m));
      EXPECT_DOUBLE_EQ(total(sample.weights), static_cast<double>(n)) << n << ", " << m;
      EXPECT_TRUE(std::ranges::is_sorted(sample.rows, std::less_equal<>())) << "ascending, each once";
    }
  }
  std::vector<double> weights;
  for (std::size_t i = 0; i < 20'000; ++i) weights.push_back(static_cast<double>(i % 3));
  const RowSample sample = sample_rows(DataView(clusters(20'000, 2), weights), 2000, kFull);
  // 1500 or so weights of 1 or 2, each of which stands for about 9 rows: standard deviation 0.5 * 9 * sqrt(1500) = 174.
  EXPECT_NEAR(total(sample.weights), total(weights), 5 * 174);
  for (const std::size_t row : sample.rows) EXPECT_GT(weights[row], 0);
}

TEST(RowSample, HasTheExtremesOfEachColumn) {
  const std::size_t n = 30'000;
  for (const CovarianceFamily structure : {kFull, families::spherical}) {
    Matrix x = correlated(n, 5);
    for (std::size_t d = 0; d < 5; ++d) {
      x(1000 * d + 17, d) = 4.5 + static_cast<double>(d);
      x(1000 * d + 517, d) = -4.5 - static_cast<double>(d);
    }
    const RowSample sample = sample_rows(x, 600, structure);
    for (std::size_t d = 0; d < 5; ++d) {
      EXPECT_TRUE(has(sample, 1000 * d + 17) && has(sample, 1000 * d + 517)) << d;
    }
  }
}

// Where columns are correlated, a row may be far from all others and extreme in none of its columns.
TEST(RowSample, HasTenRowsThatAreFarInNoColumn) {
  const std::size_t n = 40'000;
  Matrix x = correlated(n, 2);
  for (std::size_t i = 0; i < 10; ++i) {
    x(4000 * i + 7, 0) = 1.8 + 0.01 * static_cast<double>(i);
    x(4000 * i + 7, 1) = -1.8;
  }
  const RowSample sample = sample_rows(x, 1000, kFull);
  for (std::size_t i = 0; i < 10; ++i) {
    const auto at = std::ranges::find(sample.rows, 4000 * i + 7);
    ASSERT_TRUE(at != sample.rows.end()) << i;
    EXPECT_EQ(sample.weights[static_cast<std::size_t>(at - sample.rows.begin())], 1) << "counts for itself only";
  }
}

// Rows with heavy tails in columns of any unit.
Matrix heavy_tailed(oracle::Dice& dice, std::size_t n, std::size_t d) {
  Matrix x(n, d);
  for (std::size_t j = 0; j < d; ++j) {
    const double unit = std::pow(10.0, 12 * dice.uniform() - 6);
    const double offset = unit * 100 * dice.normal();
    for (std::size_t i = 0; i < n; ++i) x(i, j) = offset + unit * dice.normal() / (0.01 + dice.uniform());
  }
  return x;
}

// The row of the largest squared Mahalanobis distance to the mean of two columns, by the inverse of the matrix.
std::size_t farthest(const Matrix& x) {
  const auto n = static_cast<double>(x.rows());
  double mean[2] = {0, 0};
  for (std::size_t i = 0; i < x.rows(); ++i) mean[0] += x(i, 0) / n, mean[1] += x(i, 1) / n;
  double s[3] = {0, 0, 0};
  for (std::size_t i = 0; i < x.rows(); ++i) {
    const double u = x(i, 0) - mean[0];
    const double v = x(i, 1) - mean[1];
    s[0] += u * u, s[1] += u * v, s[2] += v * v;
  }
  std::size_t found = 0;
  double largest = -1;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    const double u = x(i, 0) - mean[0];
    const double v = x(i, 1) - mean[1];
    const double distance = (s[2] * u * u - 2 * s[1] * u * v + s[0] * v * v) / (s[0] * s[2] - s[1] * s[1]);
    if (distance > largest) largest = distance, found = i;
  }
  return found;
}

RC_GTEST_PROP(RowSample, HasTheLeastAndTheLargestOfEachColumnInAnyUnit, ()) {
  oracle::Dice dice(*rc::gen::arbitrary<std::uint64_t>());
  const std::size_t d = *rc::gen::inRange<std::size_t>(1, 7);
  const std::size_t n = *rc::gen::inRange<std::size_t>(200, 5000);
  const Matrix x = heavy_tailed(dice, n, d);
  const RowSample sample = sample_rows(x, 16 * d + 8, families::diagonal);  // of which a quarter outermost
  for (std::size_t j = 0; j < d; ++j) {
    std::size_t least = 0;
    std::size_t largest = 0;
    for (std::size_t i = 1; i < n; ++i) {
      if (x(i, j) < x(least, j)) least = i;
      if (x(i, j) > x(largest, j)) largest = i;
    }
    RC_ASSERT(has(sample, least));
    RC_ASSERT(has(sample, largest));
  }
}

RC_GTEST_PROP(RowSample, HasTheRowOfTheLargestMahalanobisDistance, ()) {
  oracle::Dice dice(*rc::gen::arbitrary<std::uint64_t>());
  Matrix x = heavy_tailed(dice, *rc::gen::inRange<std::size_t>(200, 3000), 2);
  const double slope = x(0, 1) == 0 ? 0 : dice.normal() * 3 * x(0, 1) / x(0, 0);
  for (std::size_t i = 0; i < x.rows(); ++i) x(i, 1) += slope * x(i, 0);
  RC_ASSERT(has(sample_rows(x, 60, kFull), farthest(x)));
}

TEST(RowSample, OutermostRowsAreAQuarterAtMost) {
  const Matrix x = correlated(3000, 300);  // each row may be the extreme of some column
  const auto engine = make_engine(x, 2);
  const std::vector<std::size_t> rows = outermost_rows(*engine, standard_units(*engine), kFull, 25);
  EXPECT_EQ(rows.size(), 25U);
  EXPECT_EQ(sample_rows(x, 100, kFull).rows.size(), 100U);
}

TEST(RowSample, OfColumnsThatAddUpTakesThemOneByOne) {
  Matrix x(5000, 3);
  const Matrix parts = correlated(5000, 2);
  for (std::size_t i = 0; i < 5000; ++i) {
    x(i, 0) = parts(i, 0);
    x(i, 1) = parts(i, 1);
    x(i, 2) = x(i, 0) + x(i, 1);
  }
  x(77, 0) = 50;
  x(77, 2) = 50 + x(77, 1);
  EXPECT_TRUE(has(sample_rows(x, 100, kFull), 77));
  for (double& value : x.row(78)) value = 1e9;
  EXPECT_TRUE(has(sample_rows(x, 100, kFull), 78));
}

TEST(RowSample, DependsOnSeedAndRestartAndOnNothingElse) {
  const Matrix x = clusters(9000, 3, 1);
  EXPECT_EQ(sample_rows(x, 500, kFull, 1, 1).rows, sample_rows(x, 500, kFull, 1, 3).rows);
  EXPECT_NE(sample_rows(x, 500, kFull, 1).rows, sample_rows(x, 500, kFull, 2).rows);
  const auto engine = make_engine(x, 1);
  EXPECT_NE(sample_rows(*engine, 500, {}, 0, 1).rows, sample_rows(*engine, 500, {}, 0, 2).rows);
}

TEST(RowSample, KeepsThirtyPerComponentHoweverWide) {
  const auto engine = make_engine(Matrix(5000, 500), 1);
  EXPECT_EQ(n_seeding_rows(*engine, 2), (std::size_t{16} << 20) / 8 / 500);
  EXPECT_EQ(n_seeding_rows(*engine, 160), 160U * 30U);
  EXPECT_EQ(n_seeding_rows(*make_engine(Matrix(10, 1), 1), 2), 65536U);
}

TEST(RowSample, IsDrawnUntilTheCallerInterrupts) {
  const Matrix x(100'000, 1);
  const auto engine = make_engine(x, 1);
  EXPECT_TRUE(test::is_interruptible([&] { sample_rows(*engine, 10, {}, 0, 0); }));
}

TEST(RowSample, OfNoRowsIsRefused) {
  EXPECT_EQ(message_of<invalid_argument>([] { sample_rows(Matrix(3, 1), 0, kFull); }), "n_rows = 0; must be >= 1");
}

}  // namespace
}  // namespace mogul
