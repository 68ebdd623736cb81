// Leaves of a hierarchy: rows where they are few; micro-clusters, which have the moments of all rows, where they are
// many.
#include "start/leaves.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "is_interruptible.hpp"
#include "start/clusters.hpp"
#include "start/partition.hpp"

namespace mogul {
namespace {

using test::clusters;

Leaves leaves_of(const DataView& data, std::size_t n_least = 1, unsigned n_threads = 2) {
  return make_leaves(*make_engine(data, n_threads), n_least, 0, n_threads);
}

TEST(Leaves, OfFewRowsAreThoseOfPositiveWeight) {
  const Matrix x(4, 1, {1, 2, 3, 4});
  const std::vector<double> weights{1, 0, 2, 0.5};
  const Leaves leaves = leaves_of(DataView(x, weights));
  EXPECT_EQ(leaves.rows, (std::vector<std::size_t>{0, 2, 3}));
  EXPECT_EQ(leaves.weights, (std::vector<double>{1, 2, 0.5}));
  EXPECT_EQ(leaves.means.values(), (std::vector<double>{1, 3, 4}));
  EXPECT_EQ(leaf_of_rows(*make_engine(DataView(x, weights), 1), leaves), (std::vector<std::int32_t>{0, 0, 1, 2}));
}

TEST(Leaves, OfManyRowsAreMicroClustersThatHaveAllRowsMoments) {
  const Matrix x = clusters(20'000, 3, 3);
  const Leaves leaves = leaves_of(x);
  EXPECT_LE(leaves.size(), 1000U);
  EXPECT_GE(leaves.size(), 900U);
  EXPECT_TRUE(leaves.rows.empty());
  EXPECT_EQ(leaves.n_seed_rows, 16'000U);
  EXPECT_EQ(std::accumulate(leaves.weights.begin(), leaves.weights.end(), 0.0), 20'000);
  EXPECT_GT(leaves_of(x, 1500).size(), 1400U);
  const auto engine = make_engine(x, 2);
  const std::vector<std::int32_t> leaf = leaf_of_rows(*engine, leaves);
  std::vector<double> counts(leaves.size());
  for (const std::int32_t i : leaf) ++counts[static_cast<std::size_t>(i)];
  double n_moved = 0;  // k-means has moved means a little since rows were shared out among them
  for (std::size_t i = 0; i < counts.size(); ++i) n_moved += std::abs(counts[i] - leaves.weights[i]) / 2;
  EXPECT_LT(n_moved, 2000);
  const std::vector<std::int32_t> one(leaves.size(), 0);
  for (const Moments moments : {Moments::mean, Moments::spherical, Moments::diagonal, Moments::pooled, Moments::full}) {
    const Stats stats = stats_of_clusters(*engine, leaves, one, 1, moments);
    const Stats expected = overall_stats(*engine, moments);
    EXPECT_EQ(stats.n, expected.n);
    EXPECT_EQ(stats.moments, moments);
    for (std::size_t d = 0; d < 3; ++d) {
      EXPECT_NEAR(stats.shift(0, d) + stats.first(0, d) / 20'000, expected.shift(0, d), 1e-9);
    }
    ASSERT_EQ(stats.second.cols(), expected.second.cols());
    for (std::size_t i = 0; i < stats.second.cols(); ++i) {
      EXPECT_NEAR(stats.second(0, i), expected.second(0, i), 1e-9 * expected.second(0, 0));
    }
  }
}

TEST(Leaves, GiveTheStatisticsOfEachClusterAndNoneToOthers) {
  const Matrix x = clusters(9'000, 3);
  const auto engine = make_engine(x, 2);
  const Leaves leaves = leaves_of(x);
  std::vector<std::int32_t> cluster(leaves.size());
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    cluster[i] = static_cast<std::int32_t>(test::cluster_of(leaves.means(i, 0)));
  }
  const Stats stats = stats_of_clusters(*engine, leaves, cluster, 4, Moments::full);
  EXPECT_EQ(stats.n, (std::vector<double>{3000, 3000, 3000, 0}));
  EXPECT_EQ(stats.sum_weights, 9000);
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(stats.shift(k, 0), 100.0 * static_cast<double>(k), 0.1);
    EXPECT_NEAR(stats.second(k, 0) / 3000, 1, 0.1);
  }
}

TEST(Leaves, DoNotDependOnTheThreads) {
  const Matrix x = clusters(6'000, 2);
  const Leaves one = leaves_of(x, 1, 1);
  const Leaves seven = leaves_of(x, 1, 7);
  EXPECT_EQ(one.means, seven.means);
  EXPECT_EQ(one.scatters, seven.scatters);
}

TEST(Leaves, AreMadeUntilTheCallerInterrupts) {
  const Matrix x = clusters(20'000, 2);
  EXPECT_TRUE(test::is_interruptible([&] { leaves_of(x); }));
}

}  // namespace
}  // namespace mogul
