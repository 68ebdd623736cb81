// The merges against an oracle that computes the criterion of every partition from its rows, each time anew.
#include "start/agglomerate.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "is_interruptible.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using Rows = std::vector<std::size_t>;
using Square = std::vector<std::vector<long double>>;

long double determinant(Square a) {
  long double product = 1;
  for (std::size_t k = 0; k < a.size(); ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k; i < a.size(); ++i) {
      if (std::abs(a[i][k]) > std::abs(a[pivot][k])) pivot = i;
    }
    if (a[pivot][k] == 0) return 0;
    if (pivot != k) product = -product;
    std::swap(a[pivot], a[k]);
    product *= a[k][k];
    for (std::size_t i = k + 1; i < a.size(); ++i) {
      const long double factor = a[i][k] / a[k][k];
      for (std::size_t j = k; j < a.size(); ++j) a[i][j] -= factor * a[k][j];
    }
  }
  return product;
}

struct Cluster {
  long double n = 0;
  Square scatter;
  long double trace = 0;
};

Cluster cluster_of(const MergePoints& points, const Rows& rows) {
  const std::size_t p = points.means.cols();
  Cluster cluster{0, Square(p, std::vector<long double>(p)), 0};
  std::vector<long double> mean(p);
  for (const std::size_t i : rows) {
    cluster.n += points.weights[i];
    for (std::size_t d = 0; d < p; ++d) mean[d] += static_cast<long double>(points.weights[i]) * points.means(i, d);
  }
  for (long double& value : mean) value /= cluster.n;
  for (const std::size_t i : rows) {
    for (std::size_t r = 0; r < p; ++r) {
      for (std::size_t c = 0; c < p; ++c) {
        cluster.scatter[r][c] += points.weights[i] * (points.means(i, r) - mean[r]) * (points.means(i, c) - mean[c]);
        if (points.scatters.empty()) continue;
        cluster.scatter[r][c] += points.scatters(i, r >= c ? r * (r + 1) / 2 + c : c * (c + 1) / 2 + r);
      }
    }
  }
  for (std::size_t d = 0; d < p; ++d) cluster.trace += cluster.scatter[d][d];
  return cluster;
}

Square over(Square a, long double n) {
  for (auto& row : a) {
    for (long double& value : row) value /= n;
  }
  return a;
}

// Of all clusters together, as mogul/hierarchy.hpp has it.
long double criterion(const MergePoints& points, const std::vector<Rows>& clusters, MergeCost cost) {
  const std::size_t p = points.means.cols();
  Rows everything(points.weights.size());
  std::iota(everything.begin(), everything.end(), std::size_t{0});
  const Cluster all = cluster_of(points, everything);
  const long double t = all.trace / all.n / static_cast<long double>(p);
  long double sum = 0;
  Square pooled(p, std::vector<long double>(p));
  for (const Rows& rows : clusters) {
    const Cluster c = cluster_of(points, rows);
    if (cost == MergeCost::eii) sum += c.trace;
    if (cost == MergeCost::eee) sum += c.trace / all.n;
    if (cost == MergeCost::vii) sum += c.n * std::log((c.trace + t) / c.n);
    if (cost == MergeCost::vvv) sum += c.n * std::log(determinant(over(c.scatter, c.n)) + (c.trace + t) / c.n);
    for (std::size_t i = 0; i < p; ++i) {
      for (std::size_t j = 0; j < p; ++j) pooled[i][j] += c.scatter[i][j];
    }
  }
  return cost == MergeCost::eee ? sum + determinant(over(pooled, all.n)) : sum;
}

std::vector<Rows> merged(std::vector<Rows> clusters, std::size_t i, std::size_t j) {
  clusters[i].insert(clusters[i].end(), clusters[j].begin(), clusters[j].end());
  clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(j));
  return clusters;
}

MergePoints random_points(oracle::Dice& dice, std::size_t m, std::size_t p, bool with_scatters) {
  MergePoints points{std::vector<double>(m, 1), Matrix(m, p), {}};
  const double scale = std::exp(2 * dice.normal());
  for (std::size_t i = 0; i < m; ++i) {
    for (double& value : points.means.row(i)) value = scale * (dice.normal() + 3.0 * static_cast<double>(i % 3));
  }
  if (!with_scatters) return points;
  points.scatters = Matrix(m, p * (p + 1) / 2);
  for (std::size_t i = 0; i < m; ++i) {
    points.weights[i] = 1 + 5 * dice.uniform();
    std::vector<double> v(p);
    for (std::size_t rank = 0; rank < 1 + i % (p + 1); ++rank) {
      for (double& value : v) value = scale * dice.normal() / 2;
      for (std::size_t r = 0, element = 0; r < p; ++r) {
        for (std::size_t c = 0; c <= r; ++c, ++element) points.scatters(i, element) += v[r] * v[c];
      }
    }
  }
  return points;
}

Rows numbers(std::size_t m) {
  Rows all(m);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

RC_GTEST_PROP(Agglomerate, EachMergeIsTheCheapestOfAllAndCostsWhatTheOracleSays, ()) {
  oracle::Dice dice(*rc::gen::arbitrary<std::uint64_t>());
  const std::size_t m = *rc::gen::inRange<std::size_t>(1, 16);
  const std::size_t p = *rc::gen::inRange<std::size_t>(1, 5);
  const MergeCost cost = *rc::gen::elementOf(std::vector<MergeCost>(merge_costs().begin(), merge_costs().end()));
  const MergePoints points = random_points(dice, m, p, *rc::gen::arbitrary<bool>());
  const std::vector<Merge> merges = agglomerate(points, numbers(m), cost);
  RC_ASSERT(merges.size() == m - 1);
  std::vector<Rows> clusters;
  Rows nodes = numbers(m);
  for (std::size_t i = 0; i < m; ++i) clusters.push_back({i});
  for (std::size_t t = 0; t < merges.size(); ++t) {
    const long double before = criterion(points, clusters, cost);
    long double least = std::numeric_limits<long double>::infinity();
    long double own = least;
    std::pair<std::size_t, std::size_t> place;
    for (std::size_t i = 0; i < clusters.size(); ++i) {
      for (std::size_t j = i + 1; j < clusters.size(); ++j) {
        const long double increase = criterion(points, merged(clusters, i, j), cost) - before;
        least = std::min(least, increase);
        if (std::minmax(nodes[i], nodes[j]) == std::minmax(merges[t].first, merges[t].second)) {
          own = increase;
          place = {i, j};
        }
      }
    }
    const auto rounding = 1e-8L * (std::abs(least) + std::abs(before) * 1e-4L + 1e-12L);
    RC_ASSERT(own <= least + rounding);
    RC_ASSERT(std::abs(own - merges[t].cost) <= rounding);
    clusters = merged(clusters, place.first, place.second);
    nodes.erase(nodes.begin() + static_cast<std::ptrdiff_t>(place.second));
    nodes[place.first] = m + t;
  }
}

TEST(Agglomerate, WardsCostOfTwoRowsIsHalfTheirSquaredDistance) {
  const MergePoints points{{1, 1, 3}, Matrix(3, 1, {0, 2, 12}), {}};
  const std::vector<Merge> merges = agglomerate(points, numbers(3), MergeCost::eii);
  EXPECT_EQ(merges[0], (Merge{0, 1, 2}));
  EXPECT_EQ(merges[1].first, 3U);
  EXPECT_NEAR(merges[1].cost, 2.0 * 3 / 5 * 11 * 11, 1e-12);
}

TEST(Agglomerate, OfEqualCostsTheFirstPairIsMerged) {
  const MergePoints points{std::vector<double>(6, 1), Matrix(6, 1, {0, 1, 10, 11, 20, 21}), {}};
  for (const MergeCost cost : merge_costs()) {
    const std::vector<Merge> merges = agglomerate(points, numbers(6), cost);
    EXPECT_EQ(merges[0].first, 0U) << to_string(cost);
    EXPECT_EQ(merges[1].first, 2U) << to_string(cost);
    EXPECT_EQ(merges[2].first, 4U) << to_string(cost);
  }
}

TEST(Agglomerate, EqualPointsAreMergedFirst) {
  const MergePoints points{std::vector<double>(5, 1), Matrix(5, 1, {3, 3, 3, 3.001, 7}), {}};
  for (const MergeCost cost : merge_costs()) {
    const std::vector<Merge> merges = agglomerate(points, numbers(5), cost);
    EXPECT_EQ(merges[0].second, 1U) << to_string(cost);
    EXPECT_EQ(merges[1].second, 2U) << to_string(cost);
  }
}

TEST(Agglomerate, IsInterruptible) {
  oracle::Dice dice(1);
  const MergePoints points = random_points(dice, 2000, 2, false);
  EXPECT_TRUE(test::is_interruptible([&] { agglomerate(points, numbers(2000), MergeCost::vvv); }));
}

}  // namespace
}  // namespace mogul
