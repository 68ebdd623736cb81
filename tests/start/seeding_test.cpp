// Which rows become seeds.
#include "start/seeding.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "start/clusters.hpp"

namespace mogul {
namespace {

using test::cluster_of;
using test::clusters;

Matrix seeds_of(Engine& engine, std::size_t n_components, std::uint64_t seed) {
  return engine.rows(kmeans_plus_plus(engine, n_components, seed, 0));
}

std::set<std::size_t> clusters_of(const Matrix& means) {
  std::set<std::size_t> found;
  for (std::size_t k = 0; k < means.rows(); ++k) found.insert(cluster_of(means(k, 0)));
  return found;
}

TEST(KMeansPlusPlus, PicksOneSeedOfEachSeparatedCluster) {
  const Matrix x = clusters(700, 7);
  const auto engine = make_engine(x, 1);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_EQ(clusters_of(seeds_of(*engine, 7, seed)).size(), 7U) << "seed " << seed;
  }
}

TEST(KMeansPlusPlus, DependsOnSeedAndRestartOnly) {
  const Matrix x = clusters(50, 1);
  const auto one_thread = make_engine(x, 1);
  const auto three_threads = make_engine(x, 3);
  const std::vector<std::size_t> seeds = kmeans_plus_plus(*one_thread, 5, 3, 1);
  EXPECT_EQ(seeds, kmeans_plus_plus(*three_threads, 5, 3, 1));
  EXPECT_NE(seeds, kmeans_plus_plus(*one_thread, 5, 3, 2));
  EXPECT_NE(seeds, kmeans_plus_plus(*one_thread, 5, 4, 1));
}

TEST(KMeansPlusPlus, NeverPicksARowOfWeightZero) {
  Matrix x = clusters(60, 2, 1);
  std::vector<double> weights(60, 1.0);
  for (std::size_t i = 1; i < 60; i += 2) weights[i] = 0;  // all of cluster 1, far from the rest
  const auto engine = make_engine(DataView(x, weights), 1);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_EQ(clusters_of(seeds_of(*engine, 3, seed)), (std::set<std::size_t>{0}));
  }
}

TEST(KMeansPlusPlus, GivesKSeedsEvenOfIdenticalRows) {
  const Matrix x(10, 2);
  const auto engine = make_engine(x, 1);
  EXPECT_EQ(kmeans_plus_plus(*engine, 4, 0, 0).size(), 4U);
}

TEST(RandomRows, AreDifferentRowsOfPositiveWeight) {
  std::vector<double> weights(30, 1.0);
  for (std::size_t i = 0; i < 30; i += 3) weights[i] = 0;
  const Matrix x(30, 1);
  const auto engine = make_engine(DataView(x, weights), 1);
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<std::size_t> rows = random_rows(*engine, 5, seed, 0);
    ASSERT_EQ(std::set<std::size_t>(rows.begin(), rows.end()).size(), 5U);
    for (const std::size_t i : rows) EXPECT_GT(weights[i], 0);
  }
}

TEST(RandomRows, AreAllRowsWhenKIsN) {
  const Matrix x(6, 1);
  const auto engine = make_engine(x, 1);
  std::vector<std::size_t> rows = random_rows(*engine, 6, 9, 0);
  std::ranges::sort(rows);
  EXPECT_EQ(rows, (std::vector<std::size_t>{0, 1, 2, 3, 4, 5}));
}

TEST(RandomRows, AreUniform) {
  const Matrix x(10, 1);
  const auto engine = make_engine(x, 1);
  std::vector<int> counts(10);
  const int n_draws = 4000;
  for (int seed = 0; seed < n_draws; ++seed) {
    for (const std::size_t i : random_rows(*engine, 3, static_cast<std::uint64_t>(seed), 0)) ++counts[i];
  }
  // Each row is drawn with probability 0.3: mean 1200, standard deviation sqrt(4000 * 0.3 * 0.7) = 29.
  for (const int count : counts) EXPECT_NEAR(count, 1200, 5 * 29);
}

TEST(KMeansPlusPlus, DrawsTheFirstSeedByWeight) {
  const Matrix x(2, 1, {0, 1});
  const std::vector<double> weights{1, 3};
  const auto engine = make_engine(DataView(x, weights), 1);
  const int n_draws = 2000;
  double n_second = 0;
  for (std::size_t restart = 0; restart < n_draws; ++restart)
    n_second += static_cast<double>(kmeans_plus_plus(*engine, 1, 0, restart)[0]);
  EXPECT_NEAR(n_second, 1500, 5 * 20);  // standard deviation sqrt(2000 * 0.75 * 0.25) = 19.4
}

TEST(KMeansPlusPlus, FindsEveryDifferentRowBeforeItRepeatsOne) {
  const Matrix x(4, 1, {0, 0, 9, 9});
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Matrix seeds = seeds_of(*make_engine(x, 1), 3, seed);
    EXPECT_EQ((std::set<double>{seeds(0, 0), seeds(1, 0), seeds(2, 0)}), (std::set<double>{0, 9}));
  }
}

TEST(RandomRows, TakeNoValueTwiceWhileThereAreOthers) {
  Matrix x(30, 1);  // 0 in 25 rows
  for (std::size_t i = 25; i < 30; ++i) x(i, 0) = static_cast<double>(i);
  const auto engine = make_engine(x, 1);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::set<double> values;
    for (const std::size_t row : random_rows(*engine, 6, seed, 0)) values.insert(x(row, 0));
    EXPECT_EQ(values.size(), 6U);
  }
  EXPECT_EQ(random_rows(*make_engine(Matrix(9, 1), 1), 4, 0, 0).size(), 4U);
}

}  // namespace
}  // namespace mogul
