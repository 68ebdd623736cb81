// The coordinates of merges.
#include "start/merge_points.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.hpp"
#include "start/clusters.hpp"

namespace mogul {
namespace {

Matrix correlated(std::size_t n) {
  RandomStream random(3, Purpose::sample);
  Matrix x(n, 3);
  for (std::size_t i = 0; i < n; ++i) {
    x(i, 0) = 1e6 + random.normal();
    x(i, 1) = 1e-3 * (x(i, 0) - 1e6 + 0.3 * random.normal());
    x(i, 2) = 50 * random.normal();
  }
  return x;
}

MergePoints points_of(const DataView& data, HierarchyTransform transform) {
  const Leaves leaves = make_leaves(*make_engine(data, 1), 1, 0, 1);
  return merge_points(leaves, in_order_of_values(leaves), transform);
}

// Element (i, j) of the unbiased covariance of all rows.
double covariance(const MergePoints& points, std::size_t i, std::size_t j) {
  double n = 0;
  double mean[2] = {0, 0};
  for (std::size_t m = 0; m < points.weights.size(); ++m) {
    n += points.weights[m];
    mean[0] += points.weights[m] * points.means(m, i);
    mean[1] += points.weights[m] * points.means(m, j);
  }
  double sum = 0;
  for (std::size_t m = 0; m < points.weights.size(); ++m) {
    sum += points.weights[m] * (points.means(m, i) - mean[0] / n) * (points.means(m, j) - mean[1] / n);
    if (!points.scatters.empty()) sum += points.scatters(m, i >= j ? i * (i + 1) / 2 + j : j * (j + 1) / 2 + i);
  }
  return sum / (n - 1);
}

TEST(MergePoints, StandardisedColumnsHaveVarianceOne) {
  for (const std::size_t n : {50U, 6000U}) {
    const MergePoints points = points_of(correlated(n), HierarchyTransform::standardised);
    ASSERT_EQ(points.means.cols(), 3U);
    for (std::size_t d = 0; d < 3; ++d) EXPECT_NEAR(covariance(points, d, d), 1, 1e-9);
    EXPECT_GT(covariance(points, 0, 1), 0.9);
  }
}

// U W^(1/2): columns without correlation, whose squares sum to the singular values, and these squared to D (n - 1).
TEST(MergePoints, SingularVectorsHaveTheSingularValuesAsSumsOfSquares) {
  for (const std::size_t n : {50U, 6000U}) {
    const MergePoints points = points_of(correlated(n), HierarchyTransform::svd);
    ASSERT_EQ(points.means.cols(), 3U);
    const auto n_free = static_cast<double>(n - 1);
    double sum = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      sum += std::pow(covariance(points, i, i) * n_free, 2);
      for (std::size_t j = 0; j < i; ++j) EXPECT_NEAR(covariance(points, i, j), 0, 1e-9);
    }
    EXPECT_NEAR(sum, 3 * n_free, 1e-6 * n_free);
  }
}

TEST(MergePoints, ConstantColumnsAndThoseThatFollowFromOthersAreLeftOut) {
  Matrix x(40, 4);
  RandomStream random(3, Purpose::sample);
  for (std::size_t i = 0; i < 40; ++i) {
    x(i, 0) = 0.1;
    x(i, 1) = random.normal();
    x(i, 2) = random.normal();
    x(i, 3) = 2 * x(i, 1) - x(i, 2);
  }
  EXPECT_EQ(points_of(x, HierarchyTransform::standardised).means.cols(), 3U);
  EXPECT_EQ(points_of(x, HierarchyTransform::svd).means.cols(), 2U);
  const MergePoints none = points_of(Matrix(5, 2), HierarchyTransform::svd);
  EXPECT_EQ(none.means.values(), std::vector<double>(5, 0));
}

TEST(MergePoints, StandInTheOrderOfTheRowsValues) {
  const Matrix x(4, 2, {2, 0, 1, 5, 2, -1, 1, 4});
  const Leaves leaves = make_leaves(*make_engine(x, 1), 1, 0, 1);
  EXPECT_EQ(in_order_of_values(leaves), (std::vector<std::size_t>{3, 1, 2, 0}));
}

}  // namespace
}  // namespace mogul
