// Moments of a given partition keep their digits wherever the clusters are.
#include "start/partition.hpp"

#include <gtest/gtest.h>

#include "start/clusters.hpp"

namespace mogul {
namespace {

const ResponsibilitySource kByParity = [](std::size_t first, MatrixView<double> out) {
  for (std::size_t i = 0; i < out.rows(); ++i) out(i, (first + i) % 2) = 1;
};

TEST(PartitionStats, AreAboutTheMeansOfTheParts) {
  const Matrix x(4, 1, {1, 10, 3, 14});
  const Stats stats = partition_stats(*make_engine(x, 1), kByParity, 2, Moments::full);
  EXPECT_EQ(stats.n, (std::vector<double>{2, 2}));
  EXPECT_EQ(stats.shift.values(), (std::vector<double>{2, 12}));
  EXPECT_EQ(stats.first.values(), (std::vector<double>{0, 0}));
  EXPECT_EQ(stats.second.values(), (std::vector<double>{2, 8}));
}

TEST(PartitionStats, LoseNothingForClustersFarApart) {
  // Whole numbers up to 2^53 are exact, and so must the moments be.
  const double far = 4e15;
  const Matrix x(4, 1, {-1, far - 1, 1, far + 1});
  const Stats stats = partition_stats(*make_engine(x, 1), kByParity, 2, Moments::diagonal);
  EXPECT_EQ(stats.shift.values(), (std::vector<double>{0, far}));
  EXPECT_EQ(stats.second.values(), (std::vector<double>{2, 2}));
}

TEST(PartitionStats, PutAnEmptyComponentAtTheFirstRow) {
  const Matrix x(2, 1, {5, 9});
  const ResponsibilitySource all_in_the_last = [](std::size_t, MatrixView<double> out) {
    for (std::size_t i = 0; i < out.rows(); ++i) out(i, 1) = 1;
  };
  const Stats stats = partition_stats(*make_engine(x, 1), all_in_the_last, 2, Moments::full);
  EXPECT_EQ(stats.n, (std::vector<double>{0, 2}));
  EXPECT_EQ(stats.shift.values(), (std::vector<double>{5, 7}));
}

TEST(DistanceModel, PrefersTheNearestMean) {
  const Mixture model = distance_model(Matrix(3, 1, {0, 10, 30}), 1e-6);
  const Matrix x(4, 1, {4, 6, 19, 21});
  const Stats stats = make_engine(x, 1)->accumulate(row_model(model), Moments::none, Assignment::hard);
  EXPECT_EQ(stats.n, (std::vector<double>{1, 2, 1}));
}

TEST(MeanVariance, IsTheMeanOverFeaturesAndRespectsWeights) {
  const Matrix x(3, 2, {0, 0, 2, 4, 100, 100});
  const std::vector<double> weights{1, 1, 0};
  EXPECT_DOUBLE_EQ(mean_variance(*make_engine(DataView(x, weights), 1)), (1.0 + 4.0) / 2);
}

TEST(MeanVariance, IsPositiveForIdenticalRows) {
  const Matrix x(3, 1, {0.1, 0.1, 0.1});
  EXPECT_GT(mean_variance(*make_engine(x, 1)), 0);
}

TEST(MeanVariance, OfIdenticalRowsIsTheSmallestVarianceAMixtureTakes) {
  EXPECT_EQ(mean_variance(*make_engine(Matrix(3, 2, {0.1, 0.7, 0.1, 0.7, 0.1, 0.7}), 1)), 1e-300);
  EXPECT_EQ(mean_variance(*make_engine(Matrix(1, 1, {1e100}), 1)), 1e-300);
}

}  // namespace
}  // namespace mogul
