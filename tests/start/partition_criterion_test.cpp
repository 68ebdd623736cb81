// The better of two partitions: the tighter one, whatever the units, and not one with a flat cluster.
#include "start/partition_criterion.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "start/clusters.hpp"
#include "start/partition.hpp"

namespace mogul {
namespace {

constexpr Moments kMoments[] = {Moments::diagonal, Moments::pooled, Moments::full};

// Of clusters by number % n_clusters, or another partition of as many parts.
double criterion(const Matrix& x, std::size_t n_clusters, Moments moments, std::size_t rows_per_part = 1) {
  const auto engine = make_engine(x, 1);
  const ResponsibilitySource source = [&](std::size_t first, MatrixView<double> out) {
    for (std::size_t i = 0; i < out.rows(); ++i) out(i, (first + i) / rows_per_part % n_clusters) = 1;
  };
  return partition_criterion(partition_stats(*engine, source, n_clusters, moments), standard_units(*engine));
}

TEST(PartitionCriterion, IsTheFormulaOfOneColumn) {
  const Matrix x(4, 1, {-3, 1, -1, 3});  // variance 5; parts {-3, -1} and {1, 3}: 1 within, 0.2 in standard units
  for (const Moments moments : kMoments) {
    EXPECT_NEAR(criterion(x, 2, moments), -2 * std::log(0.2 + 1e-6) + 4 * std::log(0.5), 1e-12);
  }
}

TEST(PartitionCriterion, PrefersTheClustersToAnotherPartition) {
  const Matrix x = test::clusters(600, 3);
  for (const Moments moments : kMoments) EXPECT_GT(criterion(x, 3, moments), criterion(x, 3, moments, 7) + 1000);
}

TEST(PartitionCriterion, DoesNotDependOnTheUnits) {
  const Matrix x = test::clusters(600, 3);
  Matrix scaled = x;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    scaled(i, 0) = std::ldexp(x(i, 0), -200);
    scaled(i, 1) = std::ldexp(x(i, 1), 60);
  }
  for (const Moments moments : kMoments) EXPECT_EQ(criterion(scaled, 3, moments), criterion(x, 3, moments));
}

TEST(PartitionCriterion, IsFiniteForConstantAndDependentColumns) {
  Matrix x = test::clusters(60, 2, 4);
  for (std::size_t i = 0; i < x.rows(); ++i) {
    x(i, 2) = 7;
    x(i, 3) = x(i, 0) + x(i, 1);
  }
  for (const Moments moments : kMoments) EXPECT_TRUE(std::isfinite(criterion(x, 2, moments)));
}

}  // namespace
}  // namespace mogul
